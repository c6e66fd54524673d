"""The map document: same bytes each time, nothing remote, hostile text stays text, figures are those of the tables."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from geopandas import GeoDataFrame

from geo.errors import FormatError
from geo.measure import distance_km
from geo.types import Bounds, LonLat
from layers import catalogue, connections, industry
from layers.errors import TableError, UnknownLayerError
from layers.style import PLACE_CLASSES
from layers.view import LAYERS, View
from layers.vocabulary import POLES
from layers.web import MapDocument, figures, make_map
from layers.web.document import DocumentError, _drawn, dumps, remote_addresses

ROOT = Path(__file__).resolve().parents[2]
DRAWN = ("neighbours", "water", *LAYERS)
HOSTILE = "<img src=x onerror=alert(1)></script>\u2028<!--"
ESCAPED = "\\u003cimg src=x onerror=alert(1)>\\u003c/script>\\u2028\\u003c!--"
# Words that the code looks things up by; the schema lets nothing else through.
LOOKED_UP = {"kind", "key", "site_id", "project_id", "capacity_unit", "status_date", "category", "facts", "computed"}


@dataclass
class Page(HTMLParser):
    """What a browser would see of a page: its elements, and the content of each script."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


def read(html: str) -> Page:
    """Read a page as a browser would."""
    page = Page()
    page.feed(html)
    page.close()
    return page


def config_of(html: str) -> dict[str, Any]:
    """Return what the document tells its script besides the features."""
    page = read(html)
    found: dict[str, Any] = json.loads(page.scripts[0])
    return found


def features_of(html: str, layer: str) -> list[dict[str, Any]]:
    """Return the features that folium's script hands over for a layer."""
    start = re.search(rf'provence\.layer\("{layer}", "[a-z]+", ', html)
    assert start, f"the document holds no layer {layer}"
    # As the script does: a text, which holds data.
    told = json.JSONDecoder().raw_decode(html, html.index('"', start.end()))[0]
    found: list[dict[str, Any]] = json.loads(told)["features"]
    return found


def properties_of(html: str, layer: str) -> dict[str, dict[str, Any]]:
    """Return the properties of a layer's features by id."""
    return {feature["properties"]["id"]: feature["properties"] for feature in features_of(html, layer)}


@pytest.fixture(scope="module")
def document() -> MapDocument:
    """Make the document of all layers once."""
    return make_map()


@pytest.fixture(scope="module")
def page(document: MapDocument) -> Page:
    """Read it once."""
    return read(document.html)


# --- The same for everyone, each time


def test_the_same_layers_give_the_same_bytes(document: MapDocument) -> None:
    again = make_map()
    assert again.html == document.html
    assert again.digest == document.digest


def test_another_process_gives_the_same_bytes(document: MapDocument) -> None:
    code = "from layers.web import make_map; print(make_map().digest)"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == document.digest


def test_a_document_names_its_content() -> None:
    digests = {make_map(["poles"], view=View(layers=("poles",), year=year)).digest for year in (2021, 2022)}
    assert len(digests) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", digest) for digest in digests)


# --- Nothing from elsewhere


def test_the_document_asks_no_other_server_for_anything(document: MapDocument, page: Page) -> None:
    assert remote_addresses(document.html) == []
    assert page.attributes("link")
    assert all(not (attributes["href"] or "").startswith(("http", "//")) for attributes in page.attributes("link"))
    assert "sourceMappingURL" not in document.html


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        '<SCRIPT SRC="HTTPS://cdn.example/x.js"></SCRIPT>',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<link rel="preload" href=" //cdn.example/x.woff2">',
        '<img src="http://cdn.example/x.png">',
        '<img src="x.png" srcset="x.png 1x, https://cdn.example/x.png 2x">',
        '<iframe src="https://cdn.example/"></iframe>',
        '<object data="https://cdn.example/"></object>',
        '<video poster="https://cdn.example/x.png"></video>',
        '<svg><use href="https://cdn.example/x.svg#a"/></svg>',
        '<svg><image xlink:href="https://cdn.example/x.png"/></svg>',
        '<base href="https://cdn.example/">',
        '<form action="https://cdn.example/"></form>',
        '<meta http-equiv="refresh" content="0; url=https://cdn.example/">',
        "<style>a { background: url(https://cdn.example/x.png) }</style>",
        "<style>a { background: URL( 'HTTPS://cdn.example/x.png' ) }</style>",
        '<style>@import "https://cdn.example/x.css";</style>',
        "<style>@import url(//cdn.example/x.css);</style>",
        '<style>a { background: image-set("https://cdn.example/x.png" 1x) }</style>',
        '<div style="background: url(https://cdn.example/x.png)"></div>',
    ],
)
def test_an_address_of_another_server_is_found(planted: str) -> None:
    found = remote_addresses(f"<!doctype html><html><head></head><body>{planted}</body></html>")
    assert len(found) == 1
    assert "cdn.example" in found[0]


@pytest.mark.parametrize(
    "harmless",
    [
        '<a href="https://example.org">a source</a>',
        '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'%3E">',
        '<link rel="preload" href="../assets/inter.woff2">',
        '<script>const note = "https://example.org";</script>',
        "<style>a { background: url(data:image/png;base64,AA//) } /* https://example.org */</style>",
        "<p>https://example.org</p>",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' data:\">",
    ],
)
def test_what_nobody_fetches_is_left_alone(harmless: str) -> None:
    assert remote_addresses(harmless) == []


def test_a_typeface_from_another_server_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"would ask for .*fonts\.example.*; it must hold everything itself"):
        make_map(["poles"], font="https://fonts.example/inter.woff2")


def test_a_typeface_of_the_host_is_named_and_not_carried() -> None:
    html = make_map(["poles"], font="../inter.woff2").html
    assert 'href="../inter.woff2"' in html
    assert "font/woff2;base64" not in html
    assert "font/woff2;base64" in make_map(["poles"]).html


# --- Only our own scripts


def test_the_policy_allows_these_very_scripts_and_nothing_else(page: Page) -> None:
    (policy,) = [m["content"] for m in page.attributes("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    run = [s for s, a in zip(page.scripts, page.attributes("script"), strict=True) if a.get("type") is None]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in run]
    assert rules["script-src"].split() == hashes
    assert "unsafe" not in rules["script-src"]
    assert "http" not in (policy or "")


def test_the_policy_comes_before_anything_that_it_rules(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    policy = next(i for i, (_, a) in enumerate(page.tags) if a.get("http-equiv") == "Content-Security-Policy")
    assert policy < min(tags.index(tag) for tag in ("script", "style", "link"))


def test_lines_end_as_browsers_hash_them(document: MapDocument) -> None:
    assert "\r" not in document.html


def test_no_element_carries_a_script_of_its_own(page: Page) -> None:
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    assert page.attributes("iframe") == []


# --- Hostile text stays text


def hostile(frame: pd.DataFrame) -> pd.DataFrame:
    """Put markup into every text cell, at its end, so that keys still meet their keys."""
    texts = [name for name, kind in frame.dtypes.items() if str(kind) in {"str", "string", "object"}]
    for name in set(texts) - LOOKED_UP:
        frame[name] = frame[name].map(lambda value: value + HOSTILE if isinstance(value, str) else value)
    return frame


def hostile_records(found: catalogue.Catalogue) -> catalogue.Catalogue:
    """Put markup into every text of the catalogue that a person reads or follows."""

    def dress(record: Any) -> Any:
        names = [f.name for f in fields(record) if isinstance(getattr(record, f.name), str)]
        kept = {"id", "group", "geometry", "table", "style", "time_field"}
        return replace(record, **{name: getattr(record, name) + HOSTILE for name in names if name not in kept})

    return catalogue.Catalogue(
        sources={key: dress(record) for key, record in found.sources.items()},
        layers={key: dress(record) for key, record in found.layers.items()},
    )


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Give a function that poisons one layer, one table or the catalogue; what was drawn of it is forgotten."""
    _drawn.cache_clear()
    load, table, known = catalogue.load, catalogue.table, catalogue.catalogue

    def plant(target: str) -> None:
        def load_hostile(layer: str) -> GeoDataFrame:
            return hostile(load(layer)) if layer == target else load(layer)

        def table_hostile(name: str) -> pd.DataFrame:
            return hostile(table(name)) if name == target else table(name)

        monkeypatch.setattr(catalogue, "load", load_hostile)
        monkeypatch.setattr(connections, "load", load_hostile)
        monkeypatch.setattr(catalogue, "table", table_hostile)
        if target == "catalogue":
            monkeypatch.setattr(catalogue, "catalogue", lambda: hostile_records(known()))

    yield plant
    _drawn.cache_clear()


@pytest.mark.parametrize(
    ("target", "layer", "least"),
    [
        ("communes", "communes", 92 * 5), ("poles", "poles", 3 * 4), ("neighbours", "poles", 0),
        ("industry", "industry", 121 * 15), ("site_sources", "industry", 50),
        ("decarbonation", "decarbonation", 60 * 12), ("project_sources", "decarbonation", 50),
        ("units", "decarbonation", 10), ("stations", "stations", 44 * 5), ("ports", "ports", 5 * 5),
        ("airports", "airports", 6 * 5), ("places", "places", 85 * 8), ("perceptions", "perceptions", 12 * 6),
        ("catalogue", "industry", 50),
    ],
)  # fmt: skip
def test_markup_in_any_text_stays_inside_the_json(
    planted: Callable[[str], None], page: Page, target: str, layer: str, least: int
) -> None:
    planted(target)
    html = make_map([layer]).html
    # Features are data in a text of the script: what is escaped in them is so twice.
    planted_in = html.count(ESCAPED) + html.count(ESCAPED.replace("\\", "\\\\"))
    assert planted_in >= least, "the markup was planted and is there, as text"
    assert HOSTILE[:12] not in html
    assert "\u2028" not in html
    poisoned = read(html)
    assert [tag for tag, _ in poisoned.tags] == [tag for tag, _ in page.tags]
    assert poisoned.scripts[1:3] == page.scripts[1:3]


def test_json_in_a_script_has_no_way_out() -> None:
    value = {"a": "</script><!--", "b": ["\u2028\u2029", "é"], "c": "\\u003c"}
    dense = dumps(value)
    assert not set(dense) & set("<\u2028\u2029")
    assert json.loads(dense) == value


def test_json_holds_no_number_that_is_none() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"co2_t": float("nan")})


def test_a_notebook_gets_the_document_as_text_of_an_attribute() -> None:
    shown = make_map(["poles"])._repr_html_()
    (frame,) = read(shown).attributes("iframe")
    assert (frame["srcdoc"] or "").startswith("<!doctype html>")
    assert [tag for tag, _ in read(shown).tags] == ["iframe"]


# --- Layers and the view it opens on


def test_an_unknown_layer_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownLayerError, match=r"unknown layer 'volcanoes': expected one of .*industry.*places"):
        make_map(["poles", "volcanoes"])


def test_a_broken_table_stops_the_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_bytes((catalogue.data_dir() / "catalogue.toml").read_bytes())
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(TableError, match=r"communes.parquet is missing"):
        make_map(["communes"])


@pytest.mark.parametrize("layers", [["industry"], ["places", "poles"], ["decarbonation", "stations", "industry"]])
def test_a_document_holds_the_layers_asked_for_and_the_base(layers: list[str]) -> None:
    made = make_map(layers)
    held = set(re.findall(r'provence\.layer\("([a-z]+)"', made.html))
    assert held == {*layers, "neighbours", "water", "communes", "poles"}
    assert set(made.view.layers) == set(layers)
    assert set(config_of(made.html)["included"]) == {*layers, "communes", "poles"}


def test_layers_are_drawn_in_one_order_whatever_was_asked_first() -> None:
    assert make_map(["industry", "poles"]).html == make_map(["poles", "industry", "poles"]).html


@pytest.mark.parametrize(("language", "written"), [("fr", "fr"), ("en", "en"), (None, "en")])
def test_the_page_is_in_the_language_of_the_view_it_opens_on(language: Any, written: str) -> None:
    html = make_map(["poles"], view=View(layers=("poles",), language=language)).html
    assert read(html).attributes("html")[0]["lang"] == written
    assert config_of(html)["query"] == (f"lang={language}&layers=poles" if language else "layers=poles")


def test_the_page_opens_on_the_view() -> None:
    view = View(
        layers=("poles", "industry"), theme="dark", year=2010, bounds=Bounds(4.8, 43.3, 5.2, 43.6), selection="pole:a"
    )
    made = make_map(["poles", "industry"], view=view)
    assert made.view == view
    assert View.from_query(config_of(made.html)["query"]) == (view, ())
    assert read(made.html).attributes("html")[0]["data-theme"] == "dark"


def test_without_a_theme_the_reader_decides(page: Page) -> None:
    assert "data-theme" not in page.attributes("html")[0]


def test_a_page_without_script_says_so_in_both_languages(document: MapDocument) -> None:
    said = re.search(r"<noscript>(.*?)</noscript>", document.html)
    assert said
    assert "needs JavaScript" in said[1]
    assert "besoin de JavaScript" in said[1]


# --- Everything is there, and figures are those of the tables


@pytest.mark.parametrize(
    ("layer", "key"),
    [("industry", "id"), ("decarbonation", "id"), ("communes", "code"), ("poles", "id"), ("stations", "id"),
     ("ports", "id"), ("airports", "id"), ("places", "id"), ("perceptions", "id")],
)  # fmt: skip
def test_every_row_of_a_table_is_in_the_document_once(document: MapDocument, layer: str, key: str) -> None:
    ids = [feature["properties"]["id"] for feature in features_of(document.html, layer)]
    assert sorted(ids) == sorted(catalogue.load(layer)[key])


@pytest.mark.parametrize("layer", ["industry", "decarbonation", "stations", "ports", "airports", "places"])
def test_points_stand_where_the_tables_say_longitude_first(document: MapDocument, layer: str) -> None:
    table = catalogue.load(layer).set_index("id").geometry
    for feature in features_of(document.html, layer):
        lon, lat = feature["geometry"]["coordinates"]
        point = table[feature["properties"]["id"]]
        assert (lon, lat) == pytest.approx((point.x, point.y), abs=0.6e-5)


def test_emissions_are_the_verified_rows_and_no_others(document: MapDocument) -> None:
    config = config_of(document.html)
    first = config["first_year"]
    shown = {(s, first + i): v for s, row in config["emissions"].items() for i, v in enumerate(row) if v is not None}
    table = catalogue.table("emissions")
    rows: Any = table.itertuples()
    kept = {(r.site_id, int(r.year)): int(r.co2_t) for r in rows}
    assert shown == kept
    assert {len(row) for row in config["emissions"].values()} == {catalogue.last_year() - first + 1}


def test_totals_of_poles_are_those_of_the_tables_every_year(document: MapDocument) -> None:
    config, sites = config_of(document.html), properties_of(document.html, "industry")
    expected = industry.by_pole()
    for index, year in enumerate(range(config["first_year"], catalogue.last_year() + 1)):
        for pole in POLES:
            rows = [row[index] or 0 for site, row in config["emissions"].items() if sites[site]["pole"] == pole]
            assert sum(rows) == expected.loc[year, pole], f"{pole} in {year}"


def test_poles_count_their_sites_projects_and_communes(document: MapDocument) -> None:
    shown, poles = config_of(document.html)["poles"], properties_of(document.html, "poles")
    communes = properties_of(document.html, "communes")
    for pole in POLES:
        for layer, name in (("industry", "sites"), ("decarbonation", "projects")):
            assert shown[pole][name] == (catalogue.load(layer)["pole"] == pole).sum()
        assert poles[pole]["communes"] == sum(commune["pole"] == pole for commune in communes.values())
        assert poles[pole]["population"] == sum(c["population"] for c in communes.values() if c["pole"] == pole)


@pytest.mark.parametrize("layer", ["industry", "decarbonation"])
def test_the_nearest_connections_are_the_nearest_of_the_tables(document: MapDocument, layer: str) -> None:
    kinds = {"ports": {"port"}, "stations": {"station", "tgv"}, "airports": {"airport"}}
    reached = {name: catalogue.load(name) for name in kinds}
    for feature in features_of(document.html, layer)[::7]:
        here = LonLat(*feature["geometry"]["coordinates"])
        assert [name for name, _, _ in feature["properties"]["near"]] == list(kinds)
        for name, called, kilometres in feature["properties"]["near"]:
            there = reached[name][reached[name]["kind"].isin(kinds[name])].reset_index(drop=True)
            distances = distance_km(there, here)
            assert kilometres == pytest.approx(distances.min(), abs=0.06)
            assert called == there["name"][distances.idxmin()]


def test_a_place_knows_its_nearest_station_and_airport(document: MapDocument) -> None:
    near = connections.nearest(catalogue.load("places")).set_index(catalogue.load("places")["id"])
    for place, properties in properties_of(document.html, "places").items():
        reached = {layer: name for layer, name, _ in properties["near"]}
        assert (reached["stations"], reached["airports"]) == tuple(near.loc[place, ["station", "airport"]])


def test_every_category_of_places_has_the_class_that_gathers_it(document: MapDocument) -> None:
    for properties in properties_of(document.html, "places").values():
        assert properties["category"] in PLACE_CLASSES[properties["class"]]


def test_every_figure_of_a_card_is_the_fact_it_names_with_year_source_and_confidence(document: MapDocument) -> None:
    facts = catalogue.table("facts").set_index("id")
    units = catalogue.table("units").set_index("key")
    cards = properties_of(document.html, "perceptions")
    assert [card["rank"] for card in cards.values()] == list(range(1, len(cards) + 1))
    for card in cards.values():
        for figure in card["figures"]:
            assert figure["said"]["en"]
            assert figure["said"]["fr"]
            if figure.get("computed"):
                continue
            row = facts.loc[figure["id"]]
            assert (figure["value"], figure["year"], figure["confidence"]) == (
                row["value"],
                row["year"],
                row["confidence"],
            )
            assert figure["source"] == {"en": row["source"], "fr": row["source"]}
            assert figure["unit_words"] == {language: units.at[row["unit"], language] for language in ("en", "fr")}


def test_a_card_without_a_place_has_no_geometry_and_no_commune(document: MapDocument) -> None:
    table = catalogue.load("perceptions").set_index("id")
    placeless = 0
    for feature in features_of(document.html, "perceptions"):
        point = table.loc[feature["properties"]["id"], "geometry"]
        if point is None:
            placeless += 1
            assert feature["geometry"] is None
            assert not {"commune", "insee", "pole", "precision", "at"} & set(feature["properties"])
        else:
            assert feature["geometry"]["coordinates"] == pytest.approx([point.x, point.y], abs=0.6e-5)
    assert placeless


def test_projects_nearby_are_those_within_the_distance_nearest_first(document: MapDocument) -> None:
    projects = catalogue.load("decarbonation").reset_index(drop=True)
    for feature in features_of(document.html, "industry")[::7]:
        distances = distance_km(projects, LonLat(*feature["geometry"]["coordinates"]))
        near = feature["properties"].get("projects", [])
        clearly = set(projects["id"][distances < figures.NEAR_KM - 0.01])
        assert clearly <= {project for project, _ in near}
        assert [km for _, km in near] == sorted(km for _, km in near)
        for project, km in near:
            assert km == pytest.approx(distances[projects["id"] == project].iloc[0], abs=0.06)
            assert km <= figures.NEAR_KM


def test_declared_releases_never_pass_for_verified_ones(document: MapDocument) -> None:
    config, table = config_of(document.html), catalogue.load("industry")
    declared = table[table["co2_basis"].eq("irep").fillna(value=False)]
    assert len(declared)
    for site, year in zip(declared["id"], declared["co2_year"], strict=True):
        verified = config["emissions"].get(site)
        assert verified is None or verified[year - config["first_year"]] is None, site


def test_every_source_that_a_feature_names_is_in_the_document(document: MapDocument) -> None:
    sources = config_of(document.html)["sources"]
    for layer in ("industry", "stations", "ports", "airports", "perceptions"):
        for feature in features_of(document.html, layer):
            assert set(feature["properties"]["sources"]) <= set(sources)
    assert all(source["attribution"] and source["licence"] and source["retrieved"] for source in sources.values())


def test_what_is_absent_is_left_out_and_zero_stays(document: MapDocument) -> None:
    for layer in ("industry", "decarbonation", "places", "perceptions"):
        for properties in properties_of(document.html, layer).values():
            assert None not in properties.values()
            assert "" not in properties.values()
    assert any(value == 0 for row in config_of(document.html)["emissions"].values() for value in row)


def test_names_on_the_map_are_those_of_the_communes(document: MapDocument) -> None:
    labels = config_of(document.html)["labels"]
    named = {label["name"] for label in labels if label["kind"] != "water"}
    assert named == set(catalogue.load("communes")["name"])
    frame = config_of(document.html)["frame"]
    for label in labels:
        assert frame[0][0] <= label["lat"] <= frame[1][0], label["name"]
        assert frame[0][1] <= label["lon"] <= frame[1][1], label["name"]


# --- Saving


def test_a_saved_document_is_the_document(document: MapDocument, tmp_path: Path) -> None:
    path = document.save(tmp_path / "map.html")
    assert path.read_bytes() == document.html.encode()
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_a_full_disk_leaves_the_file_as_it_was(
    document: MapDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "map.html"
    path.write_text("before", encoding="utf-8")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FormatError, match=r"cannot write .*map\.html: No space left on device"):
        document.save(path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_a_missing_folder_is_named(document: MapDocument, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot write .*map\.html: no folder .*nowhere, make it first"):
        document.save(tmp_path / "nowhere" / "map.html")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_is_no_file(document: MapDocument, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="it is a folder, name a file in it"):
        document.save(str(tmp_path))
