"""Official words laid over hand-kept rows: who wins where, what moves, what is refused, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import vector
from layers import rows
from layers.authority import Authority, Limits
from layers.refresh.changes import broken_limits, figures_of
from layers.refresh.merge import Laid, Said, digest, lay_over, same
from layers.sources import SourceError
from layers.sources.connector import Connector, Contribution
from tests.refresh import kit

RULES: Authority = {"industry": {"seveso": "one"}, "emissions": {"co2_t": "one", "source": "one"}, "irep": {"*": "one"}}
COMMUNES: GeoDataFrame = vector.read(kit.DATA / "tables" / "communes.parquet")[["code", "geometry"]]
SITES = rows.read(kit.DATA / "hand" / "industry.csv")
LIMITS = Limits(floors={"co2_t": 20_000})


def connector(name: str = "one", *sources: str) -> Connector:
    """Make a connector that is only named."""

    def nothing(*_: object) -> None:
        raise NotImplementedError

    return Connector(name, (), sources or (f"{name}-source",), {}, nothing, nothing)  # type: ignore[arg-type]


def said(name: str = "one", **contribution: Mapping[str, object]) -> Said:
    """Make what a connector says."""
    return Said(connector(name), Contribution(**contribution), "2026-11-24")  # type: ignore[arg-type]


def cells(table: str, *records: dict[str, str], name: str = "one") -> Said:
    """Make cells of a table that a connector says."""
    return said(name, cells={table: DataFrame(list(records), dtype="str")})


def laid(*words: Said, base: Path = kit.DATA) -> Laid:
    """Lay words over the data of the project."""
    return lay_over(base, words, RULES, COMMUNES)


def site(found: Laid, key: str) -> dict[str, str]:
    """Return a site's row as it stands."""
    frame = found.table("industry")
    assert frame is not None
    return dict(frame.set_index("id").loc[key])


def test_the_authority_of_a_column_wins_and_others_only_fill_what_is_empty() -> None:
    empty = next(row["id"] for row in SITES.to_dict("records") if not row["operator"] or not row["capacity_en"])
    column = "operator" if not dict(SITES.set_index("id").loc[empty])["operator"] else "capacity_en"
    found = laid(
        cells("industry", {"id": empty, "seveso": "lower", column: "as filled", "name": "OTHER"}),
        cells("industry", {"id": empty, "seveso": "none"}, name="two"),
    )
    row = site(found, empty)
    assert (row["seveso"], row[column]) == ("lower", "as filled")
    assert row["name"] == dict(SITES.set_index("id").loc[empty])["name"]
    assert [(one.column, one.official, one.source) for one in found.overruled] == [
        ("name", "OTHER", "one-source"),
        ("seveso", "none", "two-source"),
    ]
    assert row["sources"].split(";")[-1] == "one-source"
    assert set(found.cells) == {("industry", empty, "seveso"), ("industry", empty, column)}


def test_an_empty_cell_says_nothing_and_an_equal_one_is_official_too() -> None:
    first = SITES.iloc[0]
    found = laid(cells("industry", {"id": first["id"], "seveso": "", "insee": first["insee"]}))
    assert site(found, first["id"])["seveso"] == first["seveso"]
    assert found.cells["industry", first["id"], "insee"].before == first["insee"]
    assert not found.overruled


@pytest.mark.parametrize(("loose", "inside", "moves"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_position_moves_only_where_it_is_loose_and_stays_in_its_commune(
    loose: bool, inside: bool, moves: bool
) -> None:
    chosen = SITES[SITES["position_precision"].isin(("approx", "street")) == loose]
    chosen = chosen[chosen["insee"].isin(COMMUNES["code"])].iloc[0]
    other = COMMUNES[(COMMUNES["code"] == chosen["insee"]) == inside].iloc[0].geometry.representative_point()
    official = {"lon": f"{other.x:.6f}", "lat": f"{other.y:.6f}", "position_precision": "site"}
    found = laid(cells("industry", {"id": chosen["id"], **official}))
    row = site(found, chosen["id"])
    assert ([row["lon"], row["lat"]] == [official["lon"], official["lat"]]) == moves
    assert (row["position_precision"] == "site") == (moves or chosen["position_precision"] == "site")
    assert (("industry", chosen["id"], "lon") in found.cells) == moves


def test_whole_rows_replace_and_add_where_the_connector_is_the_authority() -> None:
    kept = rows.read(kit.DATA / "hand" / "emissions.csv")
    first = kept.iloc[0]
    frame = DataFrame(
        [
            {"site_id": first["site_id"], "year": first["year"], "co2_t": "123456", "source": "eutl"},
            {"site_id": first["site_id"], "year": "2031", "co2_t": "5", "source": "eutl"},
        ],
        dtype="str",
    )
    found = laid(said(rows={"emissions": frame}))
    made = found.table("emissions")
    assert made is not None
    assert len(made) == len(kept) + 1
    assert made.set_index(["site_id", "year"]).loc[(first["site_id"], first["year"]), "co2_t"] == "123456"
    assert found.cells["emissions", f"{first['site_id']}/2031", "co2_t"].before == ""
    # The site names the source of its yearly rows.
    assert "one-source" in site(found, first["site_id"])["sources"]


def test_what_a_connector_may_not_say_is_refused_by_name(base: Path) -> None:
    row = {"site_id": "a", "year": "2020", "co2_t": "1"}
    refused = (
        (said("two", rows={"emissions": DataFrame([row], dtype="str")}), "two may add no row to emissions"),
        (cells("industry", {"id": "a", "colour": "red"}), "speaks of colour in industry"),
        (cells("nothing", {"id": "a"}), "a table 'nothing', which is not kept by hand"),
        (said(tables={"industry": DataFrame([{"id": "a"}])}), "a table 'industry', which is none of its own"),
        (cells("industry", {"id": SITES["id"][0], "lon": "east", "lat": "43"}), "a position that is no number"),
    )
    for words, reason in refused:
        with pytest.raises(SourceError, match=reason):
            laid(words, base=base)


def test_rows_that_are_none_of_ours_are_counted_and_left() -> None:
    found = laid(cells("industry", {"id": "nobody", "seveso": "lower"}))
    assert found.strangers == {"industry": 1}
    frame = found.table("industry")
    assert frame is not None
    assert len(frame) == len(SITES)


def test_a_source_of_the_row_or_of_the_column_is_the_one_named() -> None:
    one = connector("one", "first", "second")
    frame = DataFrame([{"id": SITES["id"][0], "seveso": "lower"}], dtype="str")
    contribution = Contribution(cells={"industry": frame}, said_by={"industry": {"seveso": "second"}})
    found = lay_over(kit.DATA, [Said(one, contribution, "2026-11-24")], RULES, COMMUNES)
    assert next(iter(found.cells.values())).source == "second"


def test_a_digest_changes_with_any_cell_and_not_with_the_order_of_rows_or_the_vintage() -> None:
    frame = DataFrame([{"id": "a", "seveso": "lower"}, {"id": "b", "seveso": ""}], dtype="str")
    whole = digest(Contribution(cells={"industry": frame}))
    vintage = {"one-source": {"en": "later", "fr": "plus tard"}}
    assert digest(Contribution(cells={"industry": frame.iloc[::-1]}, vintages=vintage)) == whole  # type: ignore[dict-item]
    assert digest(Contribution(cells={"industry": frame.assign(seveso="upper")})) != whole
    assert digest(Contribution(rows={"industry": frame})) != whole
    shapes = GeoDataFrame({"id": ["a"]}, geometry=[COMMUNES.geometry.iloc[0]], crs=COMMUNES.crs)
    moved = shapes.set_geometry(shapes.geometry.translate(1e-7))
    assert digest(Contribution(tables={"zones": shapes})) != digest(Contribution(tables={"zones": moved}))


def test_cells_are_the_same_as_text_or_as_numbers() -> None:
    assert same("5", "5.0")
    assert not same("5", "6")
    assert not same("a", "b")
    assert not same("", "0")


def emissions(factor: float, *, only: int | None = None, more: bool = False) -> Said:
    """Make verified figures so many times as large, of all sites or of the first few, of 2022 and perhaps 2023."""
    kept = rows.read(kit.DATA / "hand" / "emissions.csv")
    last = kept[kept["year"] == "2022"].sort_values("co2_t", key=lambda c: -c.astype(int))[:only]
    years = ["2022", "2023"] if more else ["2022"]
    told = [
        {"site_id": row.site_id, "year": year, "co2_t": str(round(int(row.co2_t) * factor)), "source": "eutl"}
        for row in last.itertuples()
        for year in years
    ]
    return said(rows={"emissions": DataFrame(told, dtype="str")})


def reasons(words: Said, *, known: bool = True, before: Said | None = None) -> list[str]:
    """Give why words would be held, in English."""
    old = laid(*([before] if before else []))
    return [reason["en"] for reason in broken_limits(old, laid(words), words, LIMITS, known=known)]


def test_limits_stop_jumps_and_totals_and_let_the_rest_pass() -> None:
    # A new year may come, but not one that most sites are still missing from.
    (unfinished,) = reasons(emissions(1.5, only=1, more=True))
    assert unfinished.startswith("CO₂ by year: 2023 is not full yet")
    assert reasons(emissions(1.5, only=1)) == []
    assert reasons(emissions(1.2)) == []
    (jump,) = [reason for reason in reasons(emissions(0.4, only=1)) if "the sum" not in reason]
    assert jump.startswith("CO₂ by year arcelormittal-fos/2022: co2_t would go from")
    told = reasons(emissions(2.5))
    assert any("more figures of co2_t would jump as far" in reason for reason in told)
    assert any("the sum of co2_t in 2022 would go" in reason for reason in told)
    # Small figures move freely: of the jumps told, each is above the floor.
    assert all("cabot" not in reason for reason in told)


def test_a_table_that_loses_rows_is_stopped() -> None:
    kept = emissions(1.0, more=True)
    assert reasons(emissions(1.0), before=kept) == [
        reason for reason in reasons(emissions(1.0), before=kept) if "rows would go" in reason
    ]
    many = DataFrame([{"site_id": f"s{n}", "year": "2023", "co2_t": "1", "source": "eutl"} for n in range(200)])
    told = reasons(emissions(1.0), before=said(rows={"emissions": many.astype("str")}))
    assert told == ["CO₂ by year: 200 of 886 rows would go (686 left)."]


def test_figures_are_numbers_with_a_unit() -> None:
    assert figures_of("emissions") == ("co2_t",)
    assert "co2_year" not in figures_of("industry")
    assert figures_of("metropolis") == ("population", "area_km2")
    assert figures_of("nothing") == ()
