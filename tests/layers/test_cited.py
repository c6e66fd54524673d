"""Perception and reality: no sentence says more than its figures, and every figure is a row or a sum of rows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from layers import catalogue, cited
from layers.catalogue import load, table
from layers.vocabulary import COMPUTED_FIGURES, CONFIDENCE, OUTSIDE

CARDS = cited.perceptions().to_dict("records")
# The 2 of CO2 is no number.
NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[.,\u202f\u00a0]\d+)*")
NNBSP = "\u202f"


def card_params() -> list[Any]:
    """Give each card as a test of its own."""
    return [pytest.param(card, id=card["id"]) for card in CARDS]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text without thousands marks, with a point for the decimals."""
    found = {match.group() for match in NUMBER.finditer(text)}
    thousands = re.compile(r"[,\u202f\u00a0 ](?=\d{3}(?!\d))")
    return {thousands.sub("", number).replace(",", ".").removesuffix(".") for number in found}


def test_cards_come_in_the_order_they_are_read() -> None:
    assert [card["rank"] for card in CARDS] == list(range(1, len(CARDS) + 1))
    assert 8 <= len(CARDS) <= 12


@pytest.mark.parametrize("card", card_params())
def test_a_card_is_as_sure_as_the_least_sure_of_its_facts(card: dict[str, Any]) -> None:
    facts = table("facts").set_index("id")["confidence"]
    assert card["confidence"] == max((facts[fact] for fact in card["facts"].split(";")), key=CONFIDENCE.index)


@pytest.mark.parametrize("card", card_params())
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_number_of_a_sentence_is_one_of_the_figures_of_its_card(card: dict[str, Any], language: str) -> None:
    shown: set[str] = set()
    for figure in cited.figures(card["facts"], card["computed"]):
        # A fact in French writes thousands with plain spaces.
        said = re.sub(r"(?<=\d) (?=\d{3}\b)", NNBSP, figure.said[language] + " " + figure.note[language])
        shown |= numbers(said) | {str(figure.year)}
        if figure.value is not None:
            shown |= {f"{figure.value:g}", f"{figure.value:.1f}"}
    assert numbers(card[f"reality_{language}"]) <= shown


@pytest.mark.parametrize("card", card_params())
def test_a_card_stands_where_the_feature_it_names_stands(card: dict[str, Any]) -> None:
    if not card["at"]:
        assert card["geometry"] is None
        assert (card["insee"], card["commune"], card["position_source"]) == ("", "", "")
        return
    layer, _, feature = card["at"].partition(":")
    there = load(layer).set_index("id").loc[feature]
    assert card["geometry"] == there["geometry"]
    assert (card["insee"], card["commune"], card["pole"]) == (there["insee"], there["commune"], there["pole"])
    assert card["position_source"] in catalogue.catalogue().layers["perceptions"].sources


def test_some_cards_are_about_the_whole_territory() -> None:
    placed = [card["geometry"] is not None for card in CARDS]
    assert any(placed)
    assert not all(placed)


@pytest.mark.parametrize("card", card_params())
def test_the_words_of_a_card_are_in_both_languages_and_french_is_set_as_french(card: dict[str, Any]) -> None:
    for name in ("belief", "reality"):
        english, french = card[f"{name}_en"], card[f"{name}_fr"]
        assert english != french
        assert not re.search(rf"(?<!{NNBSP})[;:!?%»]", french), french
        assert "'" not in french
        assert not re.search(r"\s[;:!?%]", english), english
        assert not re.search(r"\b(the|and|of|with|from|about)\b", french)


def test_no_card_rests_on_the_sentence_nobody_could_read() -> None:
    limits = catalogue.catalogue().layers["perceptions"]
    for card in CARDS:
        assert not {"perception-gap", "employees-mobile-75"} & set(card["facts"].split(";"))
    assert "no survey is behind them" in limits.limits_en
    assert "low confidence" in limits.limits_en
    assert "aucune enquête n’est derrière" in limits.limits_fr


@pytest.mark.parametrize("card", card_params())
def test_every_figure_has_its_words_its_unit_its_year_and_its_source(card: dict[str, Any]) -> None:
    for figure in cited.figures(card["facts"], card["computed"]):
        for words in (figure.said, figure.source):
            assert all(words[language].strip() for language in ("en", "fr"))
        assert (figure.value is None) == (figure.unit is None)
        assert figure.unit is None or figure.unit in cited.unit_words()
        assert 1990 <= figure.year <= 2040
        assert figure.confidence in CONFIDENCE or figure.computed


def test_every_computed_figure_is_on_a_card() -> None:
    used = {name for card in CARDS for name in card["computed"].split(";") if name}
    assert used == set(COMPUTED_FIGURES)


@pytest.mark.parametrize("year", [2013, 2022])
def test_emissions_of_martigues_fos_are_the_sum_of_its_verified_rows(year: int) -> None:
    poles = load("industry").set_index("id")["pole"]
    rows = table("emissions")
    rows = rows[(rows["year"] == year) & (rows["site_id"].map(poles) == "martigues-fos")]
    (figure,) = cited.figures("", f"co2-martigues-fos-{year}")
    assert figure.value == pytest.approx(int(rows["co2_t"].sum()) / 1e6, abs=0.005)
    assert (figure.unit, figure.year, figure.confidence) == ("mt-co2", year, None)
    assert "EUTL" in figure.source["en"]


def test_projects_inside_the_metropolis_that_are_not_suspended_are_counted_once() -> None:
    projects = load("decarbonation")
    inside = projects[(projects["pole"] != OUTSIDE) & (projects["status"] != "suspended")]
    names = [name for name in COMPUTED_FIGURES if name.startswith("projects-")]
    counted = {figure.id: figure for figure in cited.figures("", ";".join(names))}
    assert sum(figure.value or 0 for figure in counted.values()) == len(inside)
    assert counted["projects-operating"].value == (inside["status"] == "operating").sum()
    assert all(figure.confidence == "medium" for figure in counted.values())
    assert all(figure.year == 2026 or figure.id == "projects-under-construction" for figure in counted.values())


def test_a_figure_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="sunshine-on-mars"):
        cited.figures("sunshine-on-mars")
