"""Official rows and our sites: number first, then name and place, and a doubt for everything that is not certain."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from layers.sources import matching, names
from layers.sources.matching import COLUMNS, Matched, match, number
from tests.services.sites import sites
from tests.services.territory import COMMUNES, territory

BREWERY = (5.35, 43.35)


def official(*rows: tuple[str, str, str, tuple[float, float] | None]) -> DataFrame:
    """Make official rows of key, name, commune and point."""
    given = [(key, number(key), name, insee, *(point or (np.nan, np.nan))) for key, name, insee, point in rows]
    return DataFrame(given, columns=list(COLUMNS))


def matched(*rows: tuple[str, str, str, tuple[float, float] | None], **changes: str) -> Matched:
    """Match official rows with the sites, of which cells may be changed."""
    return match(official(*rows), territory(sites=sites(**changes)))


def reasons(found: Matched) -> list[str]:
    """Give what is said of each doubt in English."""
    return [doubt.said["en"].replace("\u00a0", " ") for doubt in found.doubts]


def test_a_number_is_the_same_however_a_register_writes_it() -> None:
    assert {number(said) for said in ("064.01052", "0006401052", "6401052", " 064.01052 ")} == {"6401052"}
    assert number("0006401052") != number("0064010520")


def test_a_name_is_compared_without_form_accents_and_town() -> None:
    places = names.towns([row[1] for row in COMMUNES] + ["Fos-sur-Mer", "Berre-l'Étang", "Port-de-Bouc"])
    told = {
        "S.A.S. Brasserie Modèle - Marseille": "BRASSERIE MODELE",
        "ARCELORMITTAL MEDITERRANEE FOS SUR MER": "ARCELORMITTAL MEDITERRANEE",
        "Kem One Fos": "KEM ONE",
        "Société des Pétroles de Berre": "PETROLES",
        "Port de Marseille": "PORT",
        "Marseille SA": "MARSEILLE SA",
    }
    wrong = {said: names.core(said, places) for said, core in told.items() if names.core(said, places) != core}
    assert wrong == {}
    assert names.town("ST ZACHARIE CEDEX 03") == names.town("Saint-Zacharie")
    assert names.town("MARSEILLE 15EME") == names.town("Marseille") == "MARSEILLE"


def test_the_same_number_is_enough_whatever_the_name_and_beats_a_nearer_name() -> None:
    found = matched(
        ("0006400002", "TOUT AUTRE NOM", "13055", (5.37, 43.36)),
        ("0006409999", "STOCKAGES DE LA RADE", "13055", (5.36, 43.36)),
    )
    assert found.sites == {"0006400002": "depot"}
    assert found.pairs[0].how == "number"
    assert found.pairs[0].distance_m == pytest.approx(808, abs=10)
    assert found.doubts == ()


def test_the_official_number_kept_by_hand_counts_as_well() -> None:
    found = matched(("0006407777", "X", "13055", BREWERY), brewery="icpe_id=0006407777")
    assert found.sites == {"0006407777": "brewery"}


def test_a_number_in_another_commune_far_away_is_a_doubt() -> None:
    found = matched(("0006400002", "STOCKAGES DE LA RADE", "84089", (5.35, 43.45)))
    assert found.sites == {}
    assert [(doubt.key, doubt.official) for doubt in found.doubts] == [("depot", "0006400002")]
    assert re.search(r"lies elsewhere \(10\.\d km away, in another commune\)", reasons(found)[0])
    assert "10," in found.doubts[0].said["fr"]


def test_a_number_claimed_twice_goes_to_nobody() -> None:
    twice = matched(("0006400002", "A", "13055", BREWERY), brewery="irep_id=064.00002")
    both_rows = matched(
        ("0006400002", "A", "13055", BREWERY), ("0006407777", "B", "13055", BREWERY), depot="icpe_id=0006407777"
    )
    for found in (twice, both_rows):
        assert found.sites == {}
        assert len(found.doubts) == 2
        assert all("claimed more than once" in said for said in reasons(found))


def test_the_same_name_close_by_and_alone_is_certain() -> None:
    found = matched(("0006400003", "SAS BRASSERIE MODELE MARSEILLE", "13055", (5.3502, 43.3501)))
    assert [(pair.site, pair.how) for pair in found.pairs] == [("brewery", "name")]
    assert found.doubts == ()


def test_whatever_speaks_against_a_name_makes_it_a_doubt_and_is_said() -> None:
    name, near, far = "BRASSERIE MODELE", (5.3502, 43.3501), (5.36, 43.35)
    other = ("0006400004", "BRASSERIE MODELE", "13055", (5.3503, 43.35))
    cases = {
        "810 m lie between them": ((("0006400003", name, "13055", far),), {}),
        "the official row has no point": ((("0006400003", name, "13055", None),), {}),
        "our position is approximate": (
            (("0006400003", name, "13055", near),),
            {"brewery": "position_precision=approx"},
        ),
        "their communes differ": ((("0006400003", name, "13999", near),), {}),
        "the names are only alike": ((("0006400003", "BRASSERIE MODELE LOGISTIQUE", "13055", near),), {}),
        "carries another number (064.00009)": (
            (("0006400003", name, "13055", near),),
            {"brewery": "irep_id=064.00009"},
        ),
        "others fit as well": ((("0006400003", name, "13055", near), other), {}),
    }
    wrong = {}
    for reason, (rows, changes) in cases.items():
        found = matched(*rows, **changes)
        if found.sites or len(found.doubts) != 1 or reason not in reasons(found)[0]:
            wrong[reason] = (found.sites, reasons(found))
    assert wrong == {}


def test_names_that_are_not_alike_or_too_far_are_not_even_a_doubt() -> None:
    found = matched(
        ("0006400003", "FONDERIE DU PORT", "13055", BREWERY),
        ("0006400004", "BRASSERIE MODELE", "84089", (5.35, 43.45)),
        ("0006400005", "", "13055", BREWERY),
    )
    assert (found.sites, found.doubts) == ({}, ())
    assert found.nearest["0006400003"] == (pytest.approx(0, abs=0.1), "brewery")


def test_a_long_list_of_names_is_cut() -> None:
    assert matching.listed(["b", "a"])("fr") == "a, b"
    assert matching.listed([f"{n:02d}" for n in range(15)])("fr").endswith("10, 11 et 3 de plus")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0006400001", "0006400002", "0006400003", "6400002", "0006409999"]),
            st.sampled_from(["BRASSERIE MODELE", "Exemple Chimie", "STOCKAGES DE LA RADE SA", "DOUBLE", ""]),
            st.sampled_from(["13055", "13999", "84089"]),
            st.one_of(st.none(), st.tuples(st.floats(5.2, 5.4), st.floats(43.3, 43.5))),
        ),
        unique_by=lambda row: row[0],
        max_size=5,
    )
)
def test_no_row_goes_to_two_sites_and_no_site_to_two_rows(
    rows: list[tuple[str, str, str, tuple[float, float] | None]],
) -> None:
    found = matched(*rows)
    keys, ids = [pair.key for pair in found.pairs], [pair.site for pair in found.pairs]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)
    assert not set(keys) & {doubt.official for doubt in found.doubts}
    assert matching.TABLE == "industry"
