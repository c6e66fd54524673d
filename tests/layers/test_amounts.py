"""Figures set in type: value and unit as large type and inside a sentence, as each language writes them."""

from __future__ import annotations

import pytest

from layers import amounts, cited, living

NNBSP, NBSP = "\u202f", "\u00a0"
TRAIN = f"3{NBSP}h{NBSP}20"


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("employees-mobile-75", ("75", "%", "75%"), ("75", "%", f"75{NNBSP}%")),
        ("fos-investment", ("€20", "bn", f"€20{NBSP}bn"), ("20", "Md€", f"20{NBSP}Md€")),
        ("data-centre-investment", ("€400", "m", f"€400{NBSP}m"), ("400", "M€", f"400{NBSP}M€")),
        ("port-traffic", ("74", "Mt", f"74{NBSP}Mt"), ("74", "Mt", f"74{NBSP}Mt")),
        ("paris-marseille-train", (TRAIN, "", TRAIN), (TRAIN, "", TRAIN)),
        ("office-stock", ("5.5", "million", f"5.5{NBSP}million"), ("5,5", "millions", f"5,5{NBSP}millions")),
        ("port-containers", ("1.45", "million", f"1.45{NBSP}million"), ("1,45", "million", f"1,45{NBSP}million")),
        ("internet-hub-rank", ("6th", "", "6th"), ("6e", "", "6e")),
        ("submarine-cables", ("18", "", "18"), ("18", "", "18")),
        ("sunshine-hours", ("2,858", "", "2,858"), (f"2{NNBSP}858", "", f"2{NNBSP}858")),
        ("perception-gap", ("", "", ""), ("", "", "")),
        ("co2-martigues-fos-2022", ("14.9", "Mt", f"14.9{NBSP}Mt"), ("14,9", "Mt", f"14,9{NBSP}Mt")),
    ],
)  # fmt: skip
def test_a_figure_is_written_as_each_language_writes_it(
    name: str, english: tuple[str, str, str], french: tuple[str, str, str]
) -> None:
    figure = cited.figure(name)
    for language, expected in (("en", english), ("fr", french)):
        assert (amounts.value(figure)[language], amounts.unit(figure)[language]) == expected[:2]
        assert amounts.written(figure, language) == expected[2]


def test_every_fact_with_a_value_can_be_written() -> None:
    for name, value in living.facts().set_index("id")["value"].dropna().items():
        for language in ("en", "fr"):
            assert amounts.written(cited.figure(str(name)), language), (name, value)


@pytest.mark.parametrize("where", cited.WHERE)
def test_a_whole_is_the_sum_of_its_poles(where: str) -> None:
    for what in ("population", "communes", "sites", "projects", "investment"):
        figure = cited.figure(f"{what}-{where}")
        assert figure.computed
        # No project of La Ciotat–Cassis states an amount for works there: that is no figure, not zero.
        assert (figure.value is None) == ((what, where) == ("investment", "la-ciotat-cassis"))
        assert figure.value is None or figure.value > 0
        if where == "metropolis":
            parts = [cited.figure(f"{what}-{pole}").value or 0 for pole in cited.WHERE[1:]]
            assert figure.value == pytest.approx(sum(parts))


def test_the_families_of_projects_add_up_to_all_of_them() -> None:
    names = [name for name in cited.computed_names() if name.startswith("projects-")]
    families = [name for name in names if name.removeprefix("projects-") not in (*cited.WHERE, *cited.STATUS_GROUPS)]
    assert len(families) == 8
    assert sum(cited.figure(name).value or 0 for name in families) == cited.figure("projects-metropolis").value
