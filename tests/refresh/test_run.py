"""One refresh after another: what is taken, kept, held, gone back from, and that the base never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo import raster
from layers import editions, origins
from layers.catalogue import read, read_table
from layers.refresh import RefreshError
from layers.refresh.outcome import Report
from layers.relief import given, terrain
from tests import hills
from tests.refresh import kit
from tests.services import faults
from tests.services.server import Services

Run = Callable[..., Report]


def bytes_of(folder: Path) -> dict[str, str]:
    """Hash every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def states(report: Report) -> dict[str, str]:
    """Give what became of each source."""
    return {one.source: one.state for one in report.sources}


def current(live: Path) -> Path:
    """Give the edition taken up."""
    folder = editions.read_current(live)
    assert folder is not None
    return folder


def test_a_refresh_takes_official_values_by_the_rules_of_authority(base: Path, live: Path, run: Run) -> None:
    before = bytes_of(base)
    report = run()
    assert (report.code, set(states(report).values())) == (0, {"new"})
    assert bytes_of(base) == before
    folder = current(live)
    assert folder.name == report.edition
    communes = read_table(folder / "tables" / "communes.parquet").set_index("code")
    old = read_table(base / "tables" / "communes.parquet").set_index("code")
    assert (communes["population"] == old["population"] + 1).all()
    industry = read_table(folder / "tables" / "industry.parquet").set_index("id")
    site = industry.loc["arcelormittal-fos"]
    # The regime is georisques' to say, the name is kept by hand, the figure follows from the new verified year.
    assert (site["seveso"], site["co2_year"]) == ("upper", 2023)
    assert site["name"] != "ARCELORMITTAL MEDITERRANEE"
    assert {"kit-sites", "kit-registry"} <= set(site["sources"].split(";"))
    assert [one.official for one in report.overruled] == ["ARCELORMITTAL MEDITERRANEE"]
    found = origins.read(folder / "tables" / "origins.csv")
    assert found["industry", "arcelormittal-fos", "seveso"].source == "kit-sites"
    assert found["industry", "arcelormittal-fos", "co2_t"].source == "kit-registry"
    assert found["communes", "13055", "population"].before == str(old.loc["13055", "population"])
    assert ("industry", "arcelormittal-fos", "name") not in found


@pytest.mark.usefixtures("first")
def test_an_edition_says_which_sources_of_which_day_show_in_which_layers(base: Path, live: Path) -> None:
    known = read(current(live))
    today = datetime.now(tz=UTC).date().isoformat()
    assert known.layers["industry"].refreshed == today
    assert known.layers["ports"].refreshed == ""
    assert {"kit-sites", "kit-registry"} <= {source.id for source in known.sources_of("industry")}
    assert (known.sources["kit-people"].vintage, known.sources["kit-people"].retrieved) == ("step 1", today)
    assert editions.checked(current(live), base).stamps.keys() == kit.CONNECTORS.keys()


@pytest.mark.usefixtures("first")
def test_a_second_refresh_with_the_same_answers_changes_nothing(live: Path, run: Run, services: Services) -> None:
    before = bytes_of(live / "editions")
    services.mend()
    report = run()
    assert (report.code, report.edition, set(states(report).values())) == (0, "", {"same"})
    assert bytes_of(live / "editions") == before
    # The services were asked for what changed since, and no more.
    assert all("if-none-match" in asked.headers for asked in services.asked)
    assert len(list((live / "sources" / "eutl").iterdir())) == 2


@pytest.mark.usefixtures("first")
def test_a_report_tells_what_changed(live: Path, run: Run, services: Services) -> None:
    kit.serve(services, step=5)
    report = run()
    told = {change.table: change for change in report.tables}
    assert (told["communes"].changed, told["communes"].columns) == (92, {"population": 92})
    assert len(told["communes"].figures) == 10
    assert told["communes"].figures[0].after - told["communes"].figures[0].before == 4
    assert told["emissions"].figures[0].name.endswith((", 2022", ", 2023"))
    assert json.loads((live / "report.json").read_text(encoding="utf-8"))["edition"] == report.edition
    assert "Ce qui a changé" in (live / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("first")
def test_with_the_network_cut_nothing_changes_and_each_source_has_one_line(
    live: Path, run: Run, services: Services
) -> None:
    before = bytes_of(live / "editions"), (live / "current.json").read_bytes()
    services.close()
    report = run()
    assert (report.code, set(states(report).values()), report.edition) == (3, {"away"}, "")
    assert all(len(one.said) == 1 and "cannot be reached" in one.said[0]["en"] for one in report.sources)
    assert (bytes_of(live / "editions"), (live / "current.json").read_bytes()) == before


@pytest.mark.usefixtures("first")
def test_a_source_that_fails_keeps_what_it_said_and_the_others_are_taken(
    live: Path, run: Run, services: Services
) -> None:
    kit.serve(services, step=2)
    services.fault(kit.REGISTRY, faults.page())
    services.fault(kit.PEOPLE, faults.missing("population"))
    report = run()
    assert (report.code, states(report)) == (3, {"geo_api": "refused", "georisques": "same", "eutl": "refused"})
    folder = current(live)
    assert read_table(folder / "tables" / "emissions.csv")["year"].max() == 2023
    assert "no field population" in report.states("refused")[0].said[0]["en"]


def test_one_source_can_be_asked_alone(run: Run, services: Services) -> None:
    report = run("eutl")
    assert states(report) == {"eutl": "new"}
    assert {asked.host for asked in services.asked} == {kit.REGISTRY}
    assert {change.table for change in report.tables} == {"industry", "emissions"}


def test_since_asks_only_what_was_asked_longer_ago(run: Run, services: Services) -> None:
    run("eutl")
    services.mend()
    report = run(since=datetime.now(tz=UTC).date())
    assert {asked.host for asked in services.asked} == {kit.PEOPLE, kit.SITES}
    assert states(report) == {"geo_api": "new", "georisques": "new", "eutl": "kept"}
    services.mend()
    run(since=datetime.now(tz=UTC).date() + timedelta(days=1))
    assert len(services.asked) == 3


def test_a_dry_run_tells_and_changes_nothing(live: Path, run: Run) -> None:
    report = run(dry_run=True)
    assert report.edition
    assert {change.table for change in report.tables} == {"communes", "poles", "industry", "emissions"}
    assert not live.exists()


@pytest.mark.usefixtures("first")
def test_a_dry_run_leaves_what_is_there_as_it_is(live: Path, run: Run, services: Services) -> None:
    before = bytes_of(live)
    kit.serve(services, step=9)
    assert run(dry_run=True).tables
    assert bytes_of(live) == before


@pytest.mark.usefixtures("first")
def test_jumps_are_held_until_a_person_accepts_them(live: Path, run: Run, services: Services) -> None:
    said = kit.answers(2)
    for row in said[kit.REGISTRY]["rows"]:
        row["co2_t"] = row["co2_t"] * 3
    services.answer(f"{kit.REGISTRY}/rows", said[kit.REGISTRY])
    report = run()
    assert (report.code, states(report)["eutl"]) == (4, "held")
    reasons = " ".join(reason["en"] for reason in report.states("held")[0].said)
    assert "co2_t would go from" in reasons
    assert "the sum of co2_t in 2022" in reasons
    # It is held again, for the same reasons, and a later run that asks nobody still says so.
    assert states(run())["eutl"] == "held"
    assert run(kept=True).code == 4
    services.mend()
    accepted = run(accept=("eutl",))
    assert (accepted.code, states(accepted)["eutl"], services.asked) == (0, "new", [])
    assert not list((live / "held").iterdir())
    emissions = read_table(current(live) / "tables" / "emissions.csv")
    kept = read_table(kit.DATA / "tables" / "emissions.csv")
    last = kept[kept["year"] == 2022]["co2_t"].sum()
    assert emissions[emissions["year"] == 2022]["co2_t"].sum() > 2.9 * last


@pytest.mark.usefixtures("first")
def test_a_service_that_says_again_what_it_said_before_lets_go_of_what_is_held(
    live: Path, run: Run, services: Services
) -> None:
    said = kit.answers(1)[kit.PEOPLE]
    services.answer(f"{kit.PEOPLE}/rows", {**said, "rows": [{**row, "population": 9} for row in said["rows"]]})
    assert states(run())["geo_api"] == "held"
    kit.serve(services, step=1)
    assert (run().code, list((live / "held").iterdir())) == (0, [])


def test_what_cannot_be_built_with_is_held_and_the_rest_is_taken(live: Path, run: Run, services: Services) -> None:
    said = kit.answers(1)[kit.SITES]
    said["rows"][0]["seveso"] = "enormous"
    services.answer(f"{kit.SITES}/rows", said)
    report = run()
    assert states(report) == {"geo_api": "new", "georisques": "held", "eutl": "new"}
    assert "enormous" in report.states("held")[0].said[0]["fr"]
    assert read_table(current(live) / "tables" / "communes.parquet")["population"].sum() > 0


@pytest.mark.usefixtures("first")
def test_terrain_that_a_person_gave_stays_through_a_refresh_and_goes_with_a_step_back(
    base: Path, live: Path, run: Run, services: Services, tmp_path: Path
) -> None:
    table = hills.marked()
    values = table.values.copy()
    values[:200, :200] += 1
    raster.write_cog(table.with_values(values, nodata=hills.NODATA), tmp_path / "table.tif")
    before = current(live)
    had = given.give(tmp_path / "table.tif", live=live, base=base, source="A person")
    assert current(live) == had
    assert bytes_of(had / "tables") == bytes_of(before / "tables")
    kit.serve(services, step=2)
    report = run("geo_api")
    assert (report.code, current(live).name) == (0, report.edition)
    assert current(live) != had
    said = terrain.given_of(current(live))
    assert said is not None
    assert said.source == "A person"
    assert bytes_of(current(live) / "rasters") == bytes_of(had / "rasters")
    # A refresh that finds nothing new makes no edition of it.
    assert (run("geo_api").edition, terrain.given_of(current(live))) == ("", said)
    assert run(back=True).edition == had.name
    assert terrain.given_of(current(live)) == said


def test_back_takes_up_the_edition_before_and_the_same_answer_does_not_come_again(
    first: Report, live: Path, run: Run, services: Services
) -> None:
    kit.serve(services, step=2)
    second = run()
    report = run(back=True)
    assert (report.edition, current(live).name) == (first.edition, first.edition)
    assert current(live).name != second.edition
    again = run()
    assert (again.code, states(again)["geo_api"], current(live).name) == (4, "held", first.edition)
    assert "Set aside" in again.states("held")[0].said[0]["en"]
    kit.serve(services, step=3)
    assert states(run())["geo_api"] == "new"
    run(back=True)
    with pytest.raises(RefreshError, match="no earlier edition"):
        run(back=True)


@pytest.mark.usefixtures("first")
def test_kept_makes_an_edition_again_when_the_base_changed(
    base: Path, live: Path, run: Run, services: Services
) -> None:
    story = base / "stories" / "pitch" / "story.toml"
    story.write_text(story.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(editions.EditionError, match="other base data"):
        editions.checked(current(live), base)
    services.mend()
    report = run(kept=True)
    assert (report.code, bool(report.edition), services.asked) == (0, True, [])
    editions.checked(current(live), base)
    assert read_table(current(live) / "tables" / "emissions.csv")["year"].max() == 2023


def test_two_editions_are_kept_and_answers_nobody_counts_on_go(live: Path, run: Run, services: Services) -> None:
    for step in range(1, 4):
        kit.serve(services, step=step)
        run()
    assert len(list((live / "editions").iterdir())) == 2
    assert len([path for path in (live / "sources" / "geo_api").iterdir() if path.is_dir()]) == 2


def test_an_unknown_source_is_named_with_those_there_are(run: Run) -> None:
    with pytest.raises(RefreshError, match=r"unknown source 'eutll': expected one of geo_api, georisques, eutl"):
        run("eutll")
    with pytest.raises(RefreshError, match="nothing of eutl is held"):
        run(accept=("eutl",))
