"""The catalogue: every record complete, no source unused, README in step, faults told all at once."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from layers import catalogue as cat
from layers import editions
from layers.build import readme
from layers.errors import CatalogueError, TableError, UnknownLayerError

ROOT = Path(__file__).resolve().parents[2]
FOUND = cat.catalogue()
IDS = (
    "poles",
    "communes",
    "neighbours",
    "water",
    "industry",
    "decarbonation",
    "stations",
    "ports",
    "airports",
    "places",
    "perceptions",
)

SOURCE = """[sources.one]
publisher = "P"
title = "T"
licence = "L"
licence_url = "https://example.org/l"
attribution = "A"
url = "https://example.org"
retrieved = "2026-11-23"
vintage = "2022"
title_fr = "T"
attribution_fr = "A"
"""
LAYER = """[layers.industry]
title_en = "Sites"
title_fr = "Sites"
group = "industry"
geometry = "point"
table = "industry.parquet"
sources = ["one"]
style = "industry"
fields = ["name"]
vintage = "2022"
method_en = "m"
method_fr = "m"
limits_en = "l"
limits_fr = "l"
"""


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder to break, named by the environment variable."""
    shutil.copy(ROOT / "data" / "catalogue.toml", tmp_path)
    shutil.copytree(ROOT / "data" / "tables", tmp_path / "tables")
    monkeypatch.setenv(cat.DATA_VARIABLE, str(tmp_path))
    return tmp_path


def test_the_layers_are_those_of_the_map() -> None:
    assert tuple(FOUND.layers) == IDS


def test_a_source_has_licence_vintage_attribution_and_date() -> None:
    wrong = []
    for source in FOUND.sources.values():
        told = (
            source.licence in source.attribution
            or source.id in ("provence-map", "public-pages")
            or (source.licence == "none stated" and "licence not stated" in source.attribution)
        )
        held = {
            "addresses": source.licence_url.startswith("https://") and source.url.startswith("https://"),
            "date": re.fullmatch(r"20\d\d-\d\d-\d\d", source.retrieved),
            "vintage": source.vintage,
            "attribution": source.attribution and told,
        }
        wrong += [f"{source.id}: {name}" for name, found in held.items() if not found]
    assert wrong == []


@pytest.mark.parametrize("layer", FOUND.layers.values(), ids=lambda layer: layer.id)
def test_a_layer_says_how_it_was_made_and_its_limits_in_both_languages(layer: cat.Layer) -> None:
    for english, french in ((layer.method_en, layer.method_fr), (layer.limits_en, layer.limits_fr)):
        assert english != french
        assert english.endswith(".")
        assert french.endswith(".")
    assert layer.title("fr") == layer.title_fr
    assert layer.title("en") == layer.title_en


@pytest.mark.parametrize("layer", FOUND.layers.values(), ids=lambda layer: layer.id)
def test_the_fields_of_a_layer_are_columns_of_its_table(layer: cat.Layer) -> None:
    columns = set(cat.load(layer.id).columns)
    assert set(layer.fields) <= columns


def test_a_source_is_told_in_french_where_its_words_are_english() -> None:
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    english = re.compile(rf"\b(the|of|and|with|none stated|packaged|copy in|on SIRENE|{months})\b", re.IGNORECASE)
    names = ("title", "publisher", "licence", "vintage", "attribution")
    # A database keeps the name its publisher gave it, and a publisher its own.
    left = [
        f"{source.id}, {name}: {said}"
        for source in FOUND.sources.values()
        for name in names
        if english.search(said := source.word(name, "fr"))
        and name != "publisher"
        and "WRI Global Power Plant Database" not in said
    ]
    assert left == []


def test_the_readme_of_the_data_is_in_step_with_the_catalogue() -> None:
    kept = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert kept == readme.text(FOUND), "run `python -m layers.build.readme`"
    for source in FOUND.sources.values():
        assert source.attribution in kept


def test_sources_of_a_layer_come_in_the_order_of_the_file() -> None:
    assert [source.id for source in FOUND.sources_of("ports")] == ["searoute", "sea-ports"]


def test_an_unknown_layer_names_those_there_are() -> None:
    with pytest.raises(
        UnknownLayerError, match=r"^unknown layer 'roads': expected one of poles, communes, .*, perceptions$"
    ):
        cat.load("roads")


def test_every_fault_of_a_catalogue_is_told_at_once() -> None:
    broken = SOURCE.replace('licence = "L"\n', "").replace('vintage = "2022"', 'vintage = " "')
    layer = LAYER.replace('"industry"\ngeometry', '"works"\ngeometry').replace('["one"]', '["two"]') + 'icon = "x"\n'
    with pytest.raises(CatalogueError) as caught:
        cat.parse(broken + layer)
    assert caught.value.faults == (
        "sources.one lacks licence",
        "sources.one.vintage is empty",
        "layers.industry has an unknown key icon",
    )


def test_contradictions_between_records_are_told_at_once() -> None:
    layer = LAYER.replace('"industry"\ngeometry = "point"', '"works"\ngeometry = "dot"')
    layer = layer.replace('["one"]', '["two"]').replace("industry.parquet", "roads.parquet")
    with pytest.raises(CatalogueError) as caught:
        cat.parse(SOURCE + layer)
    told = "; ".join(caught.value.faults)
    assert "layers.industry names an undeclared source two" in told
    assert "layers.industry.group is 'works', expected one of territory, industry," in told
    assert "layers.industry.geometry is 'dot', expected one of polygon, line, point" in told
    assert "layers.industry.table is 'roads.parquet', expected one of communes," in told
    assert "sources.one is used by no layer" in told


def test_a_list_where_text_belongs_is_told() -> None:
    with pytest.raises(CatalogueError, match=r"sources\.one\.title is \['T'\], expected text"):
        cat.parse(SOURCE.replace('"T"', '["T"]') + LAYER)
    with pytest.raises(CatalogueError, match=r"layers\.industry\.sources is 'one', expected a list"):
        cat.parse(SOURCE + LAYER.replace('["one"]', '"one"'))


def test_a_catalogue_that_is_no_toml_is_told() -> None:
    with pytest.raises(
        CatalogueError, match=r"^data/catalogue\.toml: 1 fault: not TOML: .* Correct the file by hand\.$"
    ):
        cat.parse("[sources")


def test_a_missing_catalogue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cat.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(CatalogueError, match=r"catalogue\.toml is missing"):
        cat.catalogue()


def test_a_missing_table_is_one_clear_line(own_data: Path) -> None:
    path = own_data / "tables" / "industry.parquet"
    path.unlink()
    with pytest.raises(TableError) as caught:
        cat.load("industry")
    assert str(caught.value) == f"table industry: 1 fault: {path} is missing. Run `make data` to build it again."


def test_a_truncated_table_is_one_clear_line(own_data: Path) -> None:
    path = own_data / "tables" / "places.parquet"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(
        TableError, match=r"^table places: 1 fault: cannot read .*places\.parquet as GeoParquet: .*"
    ) as e:
        cat.load("places")
    assert "\n" not in str(e.value)


def test_a_table_in_another_encoding_is_told(own_data: Path) -> None:
    path = own_data / "tables" / "facts.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(TableError, match=r"^table facts: 1 fault: facts\.csv cannot be read as CSV in UTF-8: "):
        cat.table("facts")


def test_a_caller_cannot_change_what_the_next_one_reads() -> None:
    first = cat.load("ports")
    first.loc[0, "name"] = "changed"
    assert cat.load("ports").loc[0, "name"] != "changed"


def test_the_version_of_the_data_changes_with_any_byte(own_data: Path) -> None:
    before = cat.data_version()
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    with (own_data / "tables" / "units.csv").open("a", encoding="utf-8") as stream:
        stream.write("x,x,x\n")
    changed = cat.data_version()
    assert changed != before
    with (own_data / "catalogue.toml").open("a", encoding="utf-8") as stream:
        stream.write("# note\n")
    assert cat.data_version() not in (before, changed)


@pytest.mark.usefixtures("own_data")
def test_the_version_does_not_depend_on_where_the_data_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    here = cat.data_version()
    monkeypatch.delenv(cat.DATA_VARIABLE)
    assert cat.data_version() == here


OFFICIAL = """[official.two]
publisher = "Q"
title = "T"
licence = "L"
licence_url = "https://example.org/l"
attribution = "A"
url = "https://example.org"
title_fr = "T"
attribution_fr = "A"
"""


def test_an_official_source_stands_apart_until_an_edition_dates_it(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(SOURCE + LAYER + OFFICIAL, encoding="utf-8")
    assert tuple(cat.read(tmp_path).sources) == ("one",)
    edition = editions.Edition(
        id="a",
        made_at="2026-11-24T10:00:00Z",
        base="b",
        sources={"two": editions.Freshness("2026-11-24", {"en": "2025", "fr": "année 2025"})},
        layers={"industry": editions.Refreshed(("two",), "2026-11-24")},
    )
    (tmp_path / "edition.json").write_text(json.dumps(edition.document()), encoding="utf-8")
    found = cat.read(tmp_path)
    assert [source.id for source in found.sources_of("industry")] == ["one", "two"]
    two = found.sources["two"]
    assert (two.retrieved, two.word("vintage", "en"), two.word("vintage", "fr")) == ("2026-11-24", "2025", "année 2025")
    assert found.layers["industry"].refreshed == "2026-11-24"


def test_an_edition_that_names_what_the_catalogue_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(SOURCE + LAYER + OFFICIAL, encoding="utf-8")
    fresh = {"retrieved": "2026-11-24", "vintage": {"en": "v", "fr": "v"}}
    said = {"id": "a", "made_at": "x", "base": "b", "sources": {"three": fresh}, "layers": {}}
    (tmp_path / "edition.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(CatalogueError, match="undeclared official source three"):
        cat.read(tmp_path)
    (tmp_path / "edition.json").write_text(json.dumps(said | {"sources": {"two": 3}}), encoding="utf-8")
    with pytest.raises(editions.EditionError, match=r"edition\.json is not what a refresh writes"):
        cat.read(tmp_path)


def test_faults_of_authority_and_limits_are_told_at_once() -> None:
    wrong = (
        '[authority.nothing]\nx = "y"\n[authority.irep]\nco2_t = 3\n'
        "[limits]\nrows = 1\nrows_lost = -1\nfigure_factor = true\n[limits.floors]\nco2_t = 'many'\n"
    )
    with pytest.raises(CatalogueError) as told:
        cat.parse(SOURCE + LAYER + wrong)
    said = str(told.value)
    for part in (
        "authority.nothing is no table",
        "authority.irep is {'co2_t': 3}",
        "unknown key rows",
        "limits.rows_lost is -1",
        "limits.figure_factor is True",
        "limits.floors.co2_t is 'many'",
    ):
        assert part in said
