"""What the Present page asks of the server, as it runs: stories checked, packed, opened, handed over; refusals."""

from __future__ import annotations

import base64
import gzip
import http.client
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from dashboards.stories import MOST_DRAFT, field_of
from layers import cited, stories
from layers.stories import archive, write
from layers.text import both
from tests.asking import ask

LONG = "word " * 60


def draft(**changes: Any) -> dict[str, Any]:
    """Return a story of this installation as a draft, with some of it changed."""
    return {**write.draft(stories.read("living")), **changes}


def check(server: Any, given: object) -> dict[str, Any]:
    """Return the answer to a draft that is checked."""
    answer, body = ask(server, "/story.json", body=json.dumps(given).encode())
    assert answer.status == 200, body[:300]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return dict(json.loads(body))


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack files as anybody might, any name allowed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def picture(width: int = 40, height: int = 30) -> str:
    """Return a PNG in base64."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0E4F79").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_the_page_of_stories_is_served_packed_and_asked_for_again(server: Any) -> None:
    answer, body = ask(server, "/present", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    html = gzip.decompress(body).decode()
    assert '"desk":{"map":"map/' in html
    assert all(f'"id":"{name}"' in html for name in stories.ids())
    again, nothing = ask(server, "/present", Accept_Encoding="gzip", If_None_Match=answer.headers["Etag"])
    assert (again.status, nothing) == (304, b"")


def test_a_draft_without_a_fault_is_answered_with_the_story_resolved(server: Any) -> None:
    found = check(server, draft())
    assert found == {"story": json.loads(json.dumps(stories.resolved(stories.read("living"))))}


def test_a_draft_with_faults_is_answered_with_all_of_them_at_their_fields(server: Any) -> None:
    given = draft(title={"en": "Living here", "fr": ""}, minutes=400)
    scenes = given["scenes"]
    scenes[0]["view"] = "layers=volcano"
    scenes[1]["title"]["fr"], scenes[1]["notes"]["en"] = "", []
    scenes[2]["caption"]["en"] = "We count 12 of them"
    scenes[3]["figure"], scenes[3]["highlights"] = "nothing-like-it", ["site:nowhere"]
    scenes[4]["title"]["fr"] = LONG
    scenes[5]["topic"]["en"] = "A topic that goes on for longer than a room can read"
    found = check(server, given)
    names = [f"{scene['name']}.md" for scene in scenes]
    expected = {
        ("story.toml", "title.fr"), ("story.toml", "minutes"), (names[0], "view"), (names[1], "title.fr"),
        (names[1], "notes.en"), (names[2], "caption.en"), (names[3], "figure"), (names[3], "highlights"),
        (names[4], "title.fr"), (names[5], "topic.en"),
    }  # fmt: skip
    assert {(fault["file"], fault["field"]) for fault in found["faults"]} == expected
    for fault in found["faults"]:
        assert set(fault["said"]) == {"en", "fr"}
        assert fault["line"] > 0
    (unknown,) = [fault for fault in found["faults"] if fault["field"] == "view"]
    assert "layer 'volcano' is not one of poles" in unknown["said"]["en"]


def test_notes_are_told_apart_from_the_caption() -> None:
    files = write.files(draft())
    name = next(name for name in sorted(files) if name.endswith(".md"))
    lines = files[name].decode().splitlines()
    fields = {field_of(stories.Fault(name, at, both("story.not_text")), files) for at in range(1, len(lines) + 1)}
    assert {f"{part}.{lang}" for part in ("topic", "title", "notes") for lang in ("en", "fr")} <= fields
    assert {"kind", "view", "seconds"} <= fields
    last = max(at for at, line in enumerate(lines, 1) if line.startswith("- "))
    assert field_of(stories.Fault(name, last, both("story.not_text")), files) == "notes.fr"
    assert field_of(stories.Fault(name, 0, both("story.not_text")), files) is None


def test_a_packed_draft_is_read_by_the_command_line_and_opened_again(
    server: Any, tmp_path: Any, command: Callable[..., Any]
) -> None:
    given = draft(id="my-living")
    given["scenes"][1]["picture"] = {
        "name": "coast.png", "data": picture(), "alt": {"en": "The coast", "fr": "La côte"},
        "credit": {"en": "Own picture", "fr": "Image propre"},
    }  # fmt: skip
    answer, body = ask(server, "/story.zip", body=json.dumps(given).encode())
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-living.zip"'
    path = tmp_path / "my-living.zip"
    path.write_bytes(body)
    done = command("present", "--story", str(path), "--out", str(tmp_path / "show.html"))
    assert done.returncode == 0, done.stderr
    opened = json.loads(ask(server, "/story/open", body=body)[1])["draft"]
    assert opened["scenes"] == given["scenes"]
    assert opened["title"] == given["title"]


def test_the_same_draft_gives_the_same_zip(server: Any) -> None:
    body = json.dumps(draft()).encode()
    assert ask(server, "/story.zip", body=body)[1] == ask(server, "/story.zip", body=body)[1]


def test_a_draft_of_120_scenes_keeps_their_order(server: Any) -> None:
    scene = draft()["scenes"][1]
    many = [{**scene, "seconds": 10 + at} for at in range(120)]
    body = ask(server, "/story.zip", body=json.dumps(draft(scenes=many)).encode())[1]
    opened = json.loads(ask(server, "/story/open", body=body)[1])["draft"]
    assert [one["seconds"] for one in opened["scenes"]] == [10 + at for at in range(120)]


def test_a_draft_with_faults_is_not_packed(server: Any) -> None:
    given = draft()
    given["scenes"][0]["title"]["fr"] = given["scenes"][2]["topic"]["en"] = ""
    answer, body = ask(server, "/story.zip", body=json.dumps(given).encode())
    refused = json.loads(body)
    assert answer.status == 422
    assert refused["error"]["en"].startswith("2 faults keep this story from being played")
    assert len(refused["faults"]) == 2


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil.png", "a/b.png", "..\\evil.png", "story.toml"])
def test_a_picture_whose_name_is_a_path_never_comes_into_a_zip(server: Any, name: str) -> None:
    given = draft()
    words = {"en": "A yard", "fr": "Un chantier"}
    given["scenes"][0]["picture"] = {"name": name, "data": picture(), "alt": words, "credit": words}
    answer, body = ask(server, "/story.zip", body=json.dumps(given).encode())
    assert answer.status == 422, body[:200]
    assert json.loads(body)["faults"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_draft_is_refused_in_both_languages(server: Any, body: bytes) -> None:
    answer, said = ask(server, "/story.json", body=body)
    assert answer.status == 400
    error = json.loads(said)["error"]
    assert "no story" in error["en"]
    assert error["en"] != error["fr"]


@pytest.mark.parametrize(
    "strange", [{}, {"scenes": 7}, {"scenes": [None, 3, "x", []]}, {"scenes": [{"name": {}, "view": [], "notes": 3}]},
                {"id": ["x"], "title": "x", "minutes": "x", "scenes": [{"picture": {"name": "a.png", "data": "?"}}]}]
)  # fmt: skip
def test_a_draft_of_the_wrong_shape_is_answered_with_faults(server: Any, strange: dict[str, Any]) -> None:
    assert check(server, strange)["faults"]


def test_hostile_words_stay_words(server: Any) -> None:
    given = draft()
    hostile = "# fr <img onerror=x> *a* [b](c)"
    given["scenes"][1]["title"]["en"] = hostile
    found = check(server, given)
    assert "".join(piece for piece, _ in found["story"]["scenes"][1]["title"]["en"]) == hostile


def test_a_broken_zip_is_told_with_all_its_faults(server: Any) -> None:
    files = write.files(draft())
    names = sorted(name for name in files if name.endswith(".md"))
    files[names[0]] = files[names[0]].replace(b"layers=", b"layers=volcano,")
    files[names[1]] = files[names[1]].split(b"# fr")[0]
    files["notes.txt"] = b"hello"
    faults = json.loads(ask(server, "/story/open", body=zipped(files))[1])["faults"]
    assert {fault["file"] for fault in faults} == {names[0], names[1], "notes.txt"}
    told = " ".join(fault["said"]["en"] for fault in faults)
    assert "volcano" in told
    assert "no part for the language fr" in told
    assert "this file is no part of a story" in told


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../story.toml": b"x", "01-a.md": b"x"}, "points outside the story"),
        ({"/etc/story.toml": b"x"}, "points outside the story"),
        ({f"{at:03d}-a.md": b"x" for at in range(700)}, "700 files, at most"),
        ({"story.toml": b"0" * (archive.MOST_BYTES + 1)}, "unpacked, at most"),
        ({"01-a.md": b"+++"}, "story.toml is missing"),
    ],
)
def test_a_zip_that_leads_astray_is_told(server: Any, files: dict[str, bytes], said: str) -> None:
    faults = json.loads(ask(server, "/story/open", body=zipped(files))[1])["faults"]
    assert said in " ".join(fault["said"]["en"] for fault in faults)


def test_what_is_no_zip_is_told(server: Any) -> None:
    faults = json.loads(ask(server, "/story/open", body=b"PK\x03\x04 but not really")[1])["faults"]
    assert "not a zip" in faults[0]["said"]["en"]


@pytest.mark.parametrize(
    ("path", "most"), [("/story.json", MOST_DRAFT), ("/story.zip", MOST_DRAFT), ("/story/open", archive.MOST_BYTES)]
)
def test_what_is_too_large_is_refused_with_the_limit(server: Any, path: str, most: int) -> None:
    answer, body = ask(server, path, body=b" " * (most + 1))
    assert answer.status == 413
    error = json.loads(body)["error"]
    assert f"at most {archive.megabytes(most)}" in error["en"]
    assert error["en"] != error["fr"]
    assert ask(server, "/story/figures.json")[0].status == 200


def test_a_body_that_names_no_length_is_limited_as_well(server: Any) -> None:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    try:
        chunks = (b" " * 1_000_000 for _ in range(archive.MOST_BYTES // 1_000_000 + 2))
        connection.request("POST", "/story/open", body=chunks, encode_chunked=True)
        assert connection.getresponse().status == 413
    finally:
        connection.close()


def test_what_wants_a_body_is_not_got(server: Any) -> None:
    for path in ("/story.json", "/story.zip", "/story/open"):
        answer, body = ask(server, path)
        assert answer.status == 405
        assert set(json.loads(body)["error"]) == {"en", "fr"}


def test_every_figure_with_a_value_is_listed_as_it_is_written(server: Any) -> None:
    rows = {row["id"]: row for row in json.loads(ask(server, "/story/figures.json")[1])}
    valued = {name for name in cited.computed_names() if cited.figure(name).value is not None}
    assert valued == set(rows) & set(cited.computed_names())
    assert len(valued) > 80
    assert rows["population-2019"]["written"] == {"en": "1,898,561", "fr": "1\u202f898\u202f561"}
    assert all(row["said"]["en"] and row["said"]["fr"] and row["year"] for row in rows.values())


@pytest.mark.parametrize("name", stories.ids())
def test_a_story_comes_as_a_draft_that_has_no_fault(server: Any, name: str) -> None:
    given = json.loads(ask(server, f"/stories/{name}.draft.json")[1])
    assert given["id"] == name
    assert check(server, given)["story"]["id"] == name


@pytest.mark.parametrize(("language", "kind", "start"), [("en", "html", b"<!doctype html>"), ("fr", "pdf", b"%PDF-")])
def test_a_story_comes_as_a_file(server: Any, language: str, kind: str, start: bytes) -> None:
    path = f"/stories/living.{language}.{kind}"
    answer, body = ask(server, path)
    assert answer.status == 200
    assert body.startswith(start)
    way = "inline" if kind == "html" else "attachment"
    named = f'{way}; filename="provence-map-living_{language}.{kind}"'
    assert answer.headers["Content-Disposition"] == named
    assert ask(server, path, If_None_Match=answer.headers["Etag"])[0].status == 304


def test_a_story_comes_as_a_deck(server: Any) -> None:
    body = ask(server, "/stories/living.en.pptx")[1]
    assert "ppt/presentation.xml" in zipfile.ZipFile(io.BytesIO(body)).namelist()


@pytest.mark.parametrize("path", ["/stories/nothing.en.html", "/stories/nothing.draft.json"])
def test_a_story_that_is_not_there_is_refused_with_those_that_are(server: Any, path: str) -> None:
    answer, body = ask(server, path)
    assert answer.status == 404
    assert "there are pitch, hydrogen, living" in json.loads(body)["error"]["en"]


@pytest.mark.parametrize("path", ["/stories/..%2F..%2Fetc.en.html", "/stories/pitch.de.html", "/stories/pitch.en.exe"])
def test_any_other_address_is_none_of_the_stories(server: Any, path: str) -> None:
    assert ask(server, path)[0].status == 404
