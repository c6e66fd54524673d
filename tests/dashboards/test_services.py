"""What the server computes when asked, as it runs: areas, workbooks, QR codes, refusals."""

from __future__ import annotations

import gzip
import io
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import openpyxl
import pypdf
import pytest

from layers.around import around
from layers.catalogue import load
from layers.filters import visible
from layers.listing import KIND_OF
from layers.view import DRAPES, View
from tests.asking import ask

AREA = "4.95,43.43,10"
ADDRESS = "https://map.example/?pole=martigues-fos&lang=fr"


def refusal(server: Any, path: str, values: dict[str, str] | str = "") -> dict[str, str]:
    """Return the sentences of an answer that is a refusal."""
    answer, body = ask(server, path, values)
    assert answer.status == 400, body[:200]
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    said = json.loads(body)["error"]
    assert set(said) == {"en", "fr"}
    assert said["en"] != said["fr"]
    return said


def test_an_area_is_answered_as_the_layers_compute_it(server: Any) -> None:
    answer, body = ask(server, "/around.json", {"area": AREA, "year": "2015"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = json.loads(body)
    assert found == json.loads(json.dumps(around((4.95, 43.43, 10.0), year=2015).to_json()))
    assert found["sites"]["co2"]["year"] == 2015
    assert "arcelormittal-fos" in found["sites"]["ids"]


def test_an_area_without_a_year_is_of_the_last_verified_one(server: Any) -> None:
    assert json.loads(ask(server, "/around.json", {"area": AREA})[1])["sites"]["co2"]["year"] == 2022


def test_an_answer_that_did_not_change_is_not_sent_again(server: Any) -> None:
    first, _ = ask(server, "/around.json", {"area": AREA})
    again, body = ask(server, "/around.json", {"area": AREA}, If_None_Match=first.headers["Etag"])
    assert (again.status, body) == (304, b"")
    other, _ = ask(server, "/around.json", {"area": "5.4,43.3,5"}, If_None_Match=first.headers["Etag"])
    assert other.status == 200


def test_an_area_is_compressed_for_those_who_can_read_it(server: Any) -> None:
    plain = ask(server, "/around.json", {"area": AREA})[1]
    answer, packed = ask(server, "/around.json", {"area": AREA}, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("", "“” is not a number: write the area as lon,lat,km"),
        ("area=", "“” is not a number"),
        ("area=nan,43,5", "“nan” is not a number"),
        ("area=<script>,43,5", "“<script>” is not a number"),
        ("area=5,43", "The area came as 2 numbers"),
        ("area=43.4,5,5", "Position 43.4, 5 is outside the map"),
        ("area=5,43.4,500", "A radius of 500 km came: choose one from 0.1 to 50 km"),
        ("area=5,43.4,5.1,43.5,5.1,43.4,5,43.5", "The edges of this polygon cross"),
        (f"area={AREA}&year=1999", "Year 1999 came: choose one from 2005 to 2035"),
        (f"area={AREA}&year=soon", "“soon” is not a year"),
        (f"area={AREA}&x={'y' * 21_000}", "The address is too long"),
    ],
)
def test_an_area_that_makes_no_sense_is_refused_in_both_languages(server: Any, values: str, message: str) -> None:
    assert message in refusal(server, "/around.json", values)["en"]


def test_a_workbook_is_handed_over_with_a_speaking_name(server: Any) -> None:
    query = "lang=fr&pole=martigues-fos&year=2030&table=-figure"
    answer, body = ask(server, "/table.xlsx", f"{query}&address={quote(ADDRESS, safe='')}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    found = re.fullmatch(
        r'attachment; filename="provence-map_(\d{4}-\d\d-\d\d)_fr\.xlsx"', answer.headers["Content-Disposition"]
    )
    assert found
    assert abs(time.mktime(time.strptime(found[1], "%Y-%m-%d")) - time.time()) < 2 * 86_400
    book = openpyxl.load_workbook(io.BytesIO(body))
    view = View.from_query(query)[0]
    assert book["Données"].max_row == 1 + sum(len(visible(layer, view)) for layer in KIND_OF if layer not in DRAPES)
    assert book["À propos"]["B3"].value == ADDRESS


def test_a_workbook_without_a_language_is_in_that_of_the_browser(server: Any) -> None:
    for tag, name in (("fr-FR,fr;q=0.9", "Données"), ("en-GB", "Data"), ("", "Data")):
        answer, body = ask(server, "/table.xlsx", "layers=ports", Accept_Language=tag)
        assert name in openpyxl.load_workbook(io.BytesIO(body)).sheetnames
        assert "Accept-Language" in answer.headers["Vary"]


def test_a_workbook_without_an_address_names_the_servers_own(server: Any) -> None:
    body = ask(server, "/table.xlsx", "lang=en&layers=ports&hidden=ports.quay")[1]
    own = openpyxl.load_workbook(io.BytesIO(body))["About"]["B3"].value
    assert own == f"http://localhost:{server.port}/?lang=en&layers=ports&hidden=ports.quay"


@pytest.mark.parametrize(("language", "said"), [("en", "Fos-sur-Mer"), ("fr", "dossier")])
def test_a_brief_of_the_shortlist_is_handed_over(server: Any, language: str, said: str) -> None:
    query = f"lang={language}&keep=site:arcelormittal-fos,commune:13039&year=2030"
    answer, body = ask(server, "/brief.pdf", f"{query}&address={quote(ADDRESS, safe='')}")
    assert answer.status == 200, body[:300]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(
        rf'attachment; filename="provence-map-brief_\d{{4}}-\d\d-\d\d_{language}\.pdf"',
        answer.headers["Content-Disposition"],
    )
    read_ = pypdf.PdfReader(io.BytesIO(body))
    words = " ".join(page.extract_text() for page in read_.pages)
    assert len(read_.pages) == 2
    assert "map.example" in words
    assert said.lower() in words.lower()


def test_an_address_too_long_for_paper_leads_to_the_shortlist_alone(server: Any) -> None:
    keep = "site:arcelormittal-fos,port:marseille"
    long = f"https://map.example/place/?hidden={'x' * 1500}#there"
    answer, body = ask(server, "/brief.pdf", {"lang": "en", "keep": keep, "address": long})
    assert answer.status == 200, body[:300]
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    links = {link.get_object()["/A"]["/URI"] for page in pages for link in page.get("/Annots", [])}
    assert f"https://map.example/place/?lang=en&keep={keep}&panel=shortlist" in links


@pytest.mark.parametrize(
    ("keep", "message"),
    [
        ("", "The shortlist is empty or cannot be read"),
        ("volcano:etna", "The shortlist is empty or cannot be read"),
        (",".join(f"site:s{n}" for n in range(13)), "The shortlist is empty or cannot be read: name 1 to 12 features"),
        ("site:nope,port:marseille,commune:75056", "The map does not know site:nope, commune:75056: take them off"),
        ("perception:only-smokestacks", "The shortlist is empty or cannot be read"),
    ],
)
def test_a_shortlist_that_makes_no_brief_is_refused_in_both_languages(server: Any, keep: str, message: str) -> None:
    assert message in refusal(server, "/brief.pdf", {"keep": keep})["en"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "file:///etc/passwd", "//map.example", "map.example", "http://", "https://a b.example",
        "https://map.example/\nX: y", "https://map.example/\\x", "http://[", f"https://map.example/{'x' * 4000}",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(server: Any, address: str) -> None:
    said = refusal(server, "/table.xlsx", {"layers": "ports", "address": address})
    assert "is not an address of the web: an http or https address expected, at most 4,000 characters" in said["en"]
    assert len(said["en"]) < 300


def test_parts_of_a_request_that_mean_nothing_are_left_aside_and_counted_in_the_log(server: Any) -> None:
    plain = ask(server, "/table.xlsx", {"layers": "ports", "lang": "en", "address": ADDRESS})[1]
    odd = {"layers": "ports", "lang": "en", "address": ADDRESS, "volcano": "etna\nforged", "year": "soon"}
    assert ask(server, "/table.xlsx", odd)[1] == plain
    said = server.log.read_text(encoding="utf-8")
    assert "/table.xlsx: parts of a request were ignored (2)" in said.splitlines()
    assert not re.search("volcano|etna|forged|soon", said)


def test_a_qr_code_is_drawn_for_an_address(server: Any) -> None:
    answer, body = ask(server, "/qr.svg", {"text": ADDRESS})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert re.match(rb'<svg [^>]*viewBox="0 0 (\d+) \1"', body)
    assert b"script" not in body
    assert ask(server, "/qr.svg", {"text": ADDRESS + "&year=2030"})[1] != body


@pytest.mark.parametrize("text", ["", "hello", "javascript:alert(1)", "tel:+33", f"https://map.example/{'x' * 2000}"])
def test_a_qr_code_is_refused_for_anything_else(server: Any, text: str) -> None:
    assert "at most 2,000 characters" in refusal(server, "/qr.svg", {"text": text})["en"]


def test_a_text_too_long_for_a_qr_code_says_so(server: Any) -> None:
    assert "too long for a QR code" in refusal(server, "/qr.svg", {"text": "https://map.example/" + "é" * 1500})["en"]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/around.json", {"area": AREA}), ("/table.xlsx", {"layers": "ports"}), ("/qr.svg", {"text": ADDRESS}),
        ("/around.json", {"area": "5"}), ("/brief.pdf", {"keep": "port:marseille"}),
    ],
)  # fmt: skip
def test_the_head_alone_may_be_asked_for(server: Any, path: str, values: dict[str, str]) -> None:
    whole, body = ask(server, path, values)
    head, nothing = ask(server, path, values, method="HEAD")
    assert nothing == b""
    assert head.status == whole.status
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]
    assert head.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent_there(server: Any, method: str) -> None:
    answer, body = ask(server, "/around.json", {"area": AREA}, method=method)
    assert answer.status in {403, 405}
    assert set(json.loads(body)["error"]) == {"en", "fr"}


@pytest.mark.parametrize("path", ["/around.json/../pyproject.toml", "/around.jsonx", "/table.xlsx/x", "/qr.svg%00"])
def test_no_other_path_leads_there(server: Any, path: str) -> None:
    assert ask(server, path)[0].status in {400, 404}


def test_broken_encoding_is_refused_without_a_trace(server: Any) -> None:
    answer, body = ask(server, "/qr.svg", "text=%ff%fe")
    assert answer.status == 400
    assert set(json.loads(body)["error"]) == {"en", "fr"}
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_the_page_is_answered_while_workbooks_are_made(server: Any) -> None:
    query = f"layers={','.join(KIND_OF)}&lang=en"
    ask(server, "/table.xlsx", query)
    done = threading.Event()
    waited: list[float] = []

    def look() -> None:
        while not done.is_set():
            start = time.perf_counter()
            assert ask(server, "/qr.svg/none")[0].status == 404
            waited.append(time.perf_counter() - start)

    watcher = threading.Thread(target=look)
    watcher.start()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask(server, "/table.xlsx", query), range(6)))
    done.set()
    watcher.join()
    assert [answer.status for answer, _ in answers] == [200] * 6
    assert len({body for _, body in answers}) == 1
    # A request that needs no thread of the pool is not held up for as long as one workbook takes.
    assert len(waited) > 6
    assert sorted(waited)[len(waited) // 2] < 0.5


def test_a_flood_is_turned_away_and_the_server_goes_on(server: Any) -> None:
    query = f"layers={','.join(KIND_OF)}&lang=fr"
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: ask(server, "/table.xlsx", query), range(40)))
    found = {answer.status for answer, _ in answers}
    assert found == {200, 503}
    (said,) = {body for answer, body in answers if answer.status == 503}
    assert json.loads(said)["error"]["fr"] == "Le serveur est occupé\u202f: réessayez dans un instant."
    assert ask(server, "/around.json", {"area": AREA})[0].status == 200


def test_every_site_of_an_answer_is_one_of_the_map(server: Any) -> None:
    found = json.loads(ask(server, "/around.json", {"area": "5.2,43.4,50"})[1])
    assert set(found["sites"]["ids"]) <= set(load("industry")["id"])
