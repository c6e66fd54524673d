"""The OGC API as it runs: what GDAL reads, what a person sees, what is refused."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pyogrio
import pytest
import schemathesis
import shapely
from hypothesis import HealthCheck, given, settings, strategies
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from dashboards import ogc
from dashboards.limits import Limit
from layers import catalogue
from layers.ogc.collections import CRS84
from tests.asking import ask, served

LAYERS = tuple(catalogue.catalogue().layers)
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
INDUSTRY = "/ogc/collections/industry/items"


def limited(limit: Limit) -> Iterator[Any]:
    """Serve the API alone, with a limit of its own."""
    return served([(path, handler, {**options, "limit": limit}) for path, handler, options in ogc.PATTERNS])


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    yield from limited(Limit(burst=1_000_000, per_second=1_000_000))


def got(api: Any, path: str, values: dict[str, Any] | None = None, **headers: str) -> Any:
    """Return what an address answers as JSON."""
    answer, body = ask(api, path, values or {}, **headers)
    assert answer.status == 200, body
    return json.loads(body)


def test_gdal_reads_every_collection_page_by_page_and_gets_exactly_the_layer(server: Any) -> None:
    address = f"OAPIF:{server.url}ogc"
    assert tuple(pyogrio.list_layers(address)[:, 0]) == LAYERS
    for name in LAYERS:
        wanted = catalogue.load(name)
        found = pyogrio.read_dataframe(address, layer=name, page_size=max(2, len(wanted) // 4))
        assert len(found) == len(wanted)
        assert found.crs == "OGC:CRS84"
        assert set(found.columns) - set(wanted.columns) <= {"id"}
        for column in wanted.columns.drop("geometry"):
            left, right = ([None if pd.isna(v) else v for v in frame[column]] for frame in (wanted, found))
            assert left == right, (name, column)
        assert all(shapely.equals_exact(a, b) or a is b for a, b in zip(wanted.geometry, found.geometry, strict=True))


def test_gdal_asks_for_another_system_and_gets_it_to_the_millimetre(server: Any) -> None:
    address = f"OAPIF:{server.url}ogc"
    # EPSG:4326 is no other system to GDAL: it takes CRS84 instead.
    for code in (2154, 3944):
        found = pyogrio.read_dataframe(address, layer="communes", CRS=f"EPSG:{code}")
        assert found.crs.to_epsg() == code
        wanted = catalogue.load("communes").to_crs(code).geometry
        assert shapely.hausdorff_distance(wanted.to_numpy(), found.geometry.to_numpy()).max() < 0.001


def test_the_document_is_openapi_and_names_every_collection_in_either_language(api: Any) -> None:
    for language in ("en", "fr"):
        document = got(api, "/ogc/api", {"lang": language})
        validate(document)
        assert {f"/collections/{name}/items" for name in LAYERS} <= set(document["paths"])
    assert "Les couches" in document["info"]["description"]


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_nothing_the_document_describes_makes_the_server_fail(api: Any) -> None:
    schema = schemathesis.openapi.from_url(f"http://localhost:{api.port}/ogc/api")
    seen: set[int] = set()

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=strategies.data())
    def hold(data: Any) -> None:
        for path in ("/collections/industry/items", "/collections/water/items", "/collections/poles/items/{id}"):
            for mode in GenerationMode:
                seen.add(data.draw(schema[path]["GET"].as_strategy(generation_mode=mode)).call().status_code)

    hold()
    assert {200, 400} <= seen <= {200, 400, 404}


def test_pages_follow_each_other_and_hold_every_feature_once(api: Any) -> None:
    address, keys, pages = f"{INDUSTRY}?limit=50&pole=martigues-fos&lang=fr", [], 0
    total = (catalogue.load("industry")["pole"] == "martigues-fos").sum()
    while address:
        page = got(api, address.partition("?")[0], address.partition("?")[2])
        keys += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == total
        assert page["numberReturned"] == len(page["features"])
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert ("prev" in links) == (pages > 0)
        address, pages = links.get("next", "").partition(str(api.port))[2], pages + 1
    assert (len(keys), len(set(keys)), pages) == (total, total, -(-total // 50))


def test_a_page_has_a_hundred_features_and_a_thousand_at_most(api: Any) -> None:
    assert got(api, INDUSTRY)["numberReturned"] == 100
    assert got(api, INDUSTRY, {"limit": 50_000})["numberReturned"] == 121
    assert got(api, INDUSTRY, {"offset": 120})["numberReturned"] == 1
    assert got(api, INDUSTRY, {"offset": 5_000})["features"] == []


def test_a_box_keeps_what_it_meets_whatever_system_it_comes_in(api: Any) -> None:
    rows = catalogue.load("industry")
    for code, box in ((4326, "43.3,4.8,43.5,5.0"), (2154, None)):
        system, inside = f"{EPSG}{code}", rows.cx[4.8:5.0, 43.3:43.5]
        if box is None:
            inside = rows[rows.to_crs(2154).geometry.within(shapely.box(850_000, 6_250_000, 870_000, 6_270_000))]
            box = "850000,6250000,870000,6270000"
        found = got(api, INDUSTRY, {"bbox": box, "bbox-crs": system, "limit": 1000})
        assert [feature["id"] for feature in found["features"]] == inside["id"].tolist()
        assert 0 < len(inside) < 121
    low = got(api, INDUSTRY, {"bbox": "4.8,43.3,0,5.0,43.5,100"})
    assert low["numberMatched"] == len(rows.cx[4.8:5.0, 43.3:43.5])
    # Cards without a place of their own lie in no box.
    assert got(api, "/ogc/collections/perceptions/items", {"bbox": "-180,-90,180,90"})["numberMatched"] == 9
    assert got(api, INDUSTRY, {"bbox": "170,-90,-170,90"})["numberMatched"] == 0


def test_coordinates_come_in_the_axis_order_of_the_system_and_the_header_names_it(api: Any) -> None:
    first = catalogue.load("industry").geometry[0]
    answer, body = ask(api, INDUSTRY, {"limit": 1, "crs": f"{EPSG}4326"})
    assert answer.headers["Content-Crs"] == f"<{EPSG}4326>"
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert json.loads(body)["features"][0]["geometry"]["coordinates"] == [first.y, first.x]
    plain, _ = ask(api, INDUSTRY, {"limit": 1})
    assert plain.headers["Content-Crs"] == f"<{CRS84}>"


def test_columns_filter_by_equality_in_their_own_type(api: Any) -> None:
    rows = catalogue.load("industry")
    for column, value, wanted in (
        ("status", "closed", rows["status"] == "closed"),
        ("co2_year", "2022", rows["co2_year"] == 2022),
        ("approximate", "true", rows["approximate"]),
    ):
        found = got(api, INDUSTRY, {column: value, "limit": 1000})
        assert found["numberMatched"] == wanted.fillna(False).sum() > 0, column
    # A column named as parts of the program are.
    assert got(api, "/ogc/collections/airports/items", {"kind": "airport"})["numberMatched"] > 0


def test_the_language_asked_for_decides_words_and_columns(api: Any) -> None:
    path = "/ogc/collections/decarbonation"
    both = got(api, f"{path}/items", {"limit": 1})["features"][0]["properties"]
    assert {"summary_en", "summary_fr"} <= set(both)
    french = got(api, f"{path}/items", {"limit": 1}, Accept_Language="fr-FR,fr;q=0.9")["features"][0]["properties"]
    assert set(both) - set(french) == {"summary_en"}
    english = got(api, f"{path}/items", {"limit": 1, "lang": "en"}, Accept_Language="fr")["features"][0]["properties"]
    assert set(both) - set(english) == {"name_fr", "summary_fr"}
    assert got(api, path, {"lang": "fr"})["title"] == "Projets de décarbonation"
    every = got(api, f"{path}/items", {"lang": "all", "limit": 1}, Accept_Language="fr")
    assert every["features"][0]["properties"] == both
    assert all("lang=all" in link["href"] for link in every["links"])


@pytest.mark.parametrize("when", ["2026-01-31", "2026-01-31T12:00:00Z", "../2026-01-31", "2020-01-01T00:00:00Z/.."])
def test_a_time_that_makes_sense_lets_all_features_by_since_none_has_one(api: Any, when: str) -> None:
    assert got(api, INDUSTRY, {"datetime": when})["numberMatched"] == 121


def test_a_feature_without_a_place_has_no_geometry(api: Any) -> None:
    cards = catalogue.load("perceptions")
    key = cards["id"][cards.geometry.isna()].iloc[0]
    assert got(api, f"/ogc/collections/perceptions/items/{key}")["geometry"] is None
    assert ask(api, f"/ogc/collections/perceptions/items/{key}", {"f": "html"})[0].status == 200


def test_one_feature_is_found_by_its_id(api: Any) -> None:
    row = catalogue.load("communes").set_index("code").loc["13039"]
    found = got(api, "/ogc/collections/communes/items/13039")
    assert (found["id"], found["properties"]["name"], found["properties"]["population"]) == (
        "13039", row["name"], row["population"],
    )  # fmt: skip
    assert shapely.geometry.shape(found["geometry"]).equals(row["geometry"])


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        (f"{INDUSTRY}?limit=0", 400, "Parameter limit is “0”: a whole number of at least 1"),
        (f"{INDUSTRY}?limit=١٠", 400, "Parameter limit is"),
        (f"{INDUSTRY}?offset=-1", 400, "Parameter offset is “-1”"),
        (f"{INDUSTRY}?bbox=1,2,3", 400, "“1,2,3” is not a box"),
        (f"{INDUSTRY}?bbox=1,nan,3,4", 400, "Parameter bbox holds “nan”: a finite number expected"),
        (f"{INDUSTRY}?bbox=1,5,3,4", 400, "is turned round"),
        (f"{INDUSTRY}?bbox=1,2,3,1e999", 400, "a finite number expected"),
        (f"{INDUSTRY}?crs=EPSG:2154", 400, "Parameter crs is “EPSG:2154”: one of http://www.opengis.net"),
        (f"{INDUSTRY}?bbox-crs=x", 400, "Parameter bbox-crs is “x”"),
        (f"{INDUSTRY}?datetime=soon", 400, "“soon” is neither a date nor a period"),
        (f"{INDUSTRY}?colour=red", 400, "“colour” is not a parameter here"),
        (f"{INDUSTRY}?status=closed&status=unknown", 400, "Parameter status came more than once"),
        (f"{INDUSTRY}?co2_t=many", 400, "Parameter co2_t holds “many”"),
        (f"{INDUSTRY}?lang=de", 400, "Parameter lang is “de”: one of en, fr, all"),
        (f"{INDUSTRY}?status=%ff", 400, "not UTF-8"),
        (f"{INDUSTRY}?name={'x' * 600}", 400, "600 characters came, at most 500 are read"),
        ("/ogc/collections/nowhere", 404, "There is no layer “nowhere”; there are poles, communes"),
        (f"{INDUSTRY}/<b>", 404, "Layer industry has no feature “<b>”"),
        ("/ogc/elsewhere", 404, "There is nothing at this address: begin at /ogc"),
        ("/ogc/../../etc/passwd", 404, ""),
    ],
)
def test_what_makes_no_sense_is_refused_as_the_standard_says(api: Any, path: str, status: int, message: str) -> None:
    where, _, query = path.partition("?")
    answer, body = ask(api, where.replace("<b>", "%3Cb%3E"), query.replace("١٠", "%D9%A1%D9%A0"))
    assert answer.status == status, body
    if message:
        told = json.loads(body)
        assert told["code"] == {400: "InvalidParameterValue", 404: "NotFound"}[status]
        assert message in told["error"]["en"]
        assert told["error"]["fr"] not in {"", told["error"]["en"]}
        assert told["description"] == told["error"]["en"]


def test_every_kind_of_json_comes_packed_to_who_takes_it(server: Any) -> None:
    kinds = {"/ogc/api": "openapi+json", "/ogc/collections/industry/schema": "schema+json", INDUSTRY: "geo+json"}
    for path, kind in kinds.items():
        plain, body = ask(server, path)
        packed, less = ask(server, path, Accept_Encoding="gzip")
        assert kind in packed.headers["Content-Type"]
        assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip"), path
        assert gzip.decompress(less) == body, path
        assert 3 * len(less) < len(body), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_api_is_read_only(api: Any, method: str) -> None:
    answer, body = ask(api, INDUSTRY, method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "read only" in json.loads(body)["error"]["en"]


def test_an_address_that_asks_too_often_is_told_to_wait() -> None:
    for few in limited(Limit(burst=3, per_second=0.5)):
        assert [ask(few, "/ogc")[0].status for _ in range(3)] == [200, 200, 200]
        answer, body = ask(few, "/ogc")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
        assert json.loads(body)["code"] == "TooManyRequests"


def test_a_bucket_fills_again_and_each_address_has_its_own() -> None:
    now = [0.0]
    limit = Limit(burst=2, per_second=1, most=2, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 1]
    assert limit.wait("b") == 0
    now[0] = 1.0
    assert [limit.wait("a") for _ in range(2)] == [0, 1]
    for name in "cdefg":
        limit.wait(name)
    assert len(limit._left) == 2


def test_a_browser_gets_plain_pages_in_its_language_from_this_server_alone(api: Any) -> None:
    paths = ["", "/api", "/conformance", "/collections", "/collections/places", "/collections/places/items"]
    key = got(api, "/ogc/collections/places/items", {"limit": 1})["features"][0]["id"]
    for path in [*paths, f"/collections/places/items/{key}"]:
        accept = "text/html,application/xhtml+xml,*/*;q=0.8"
        answer, body = ask(api, f"/ogc{path}", Accept=accept, Accept_Language="fr")
        page = body.decode()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert '<html lang="fr">' in page
        assert not re.search(r"<(script|img|link|iframe)\b|\bsrc=|@import|url\(", page)
    assert "&amp;" in ask(api, "/ogc/collections", {"f": "html", "lang": "en"})[1].decode()


def test_a_text_that_came_is_a_text_on_the_page(api: Any) -> None:
    bad = '"><script>alert(1)</script>'
    answer, body = ask(api, INDUSTRY, urlencode({"f": "html", "name": bad}))
    assert answer.status == 200
    assert "<script" not in body.decode()
    assert "script%3Ealert" in body.decode()
