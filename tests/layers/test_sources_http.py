"""The client of the services: what it takes, what it refuses, how patient and how polite it is."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pandas import DataFrame

from layers.sources import AnswerError, SourceError, UnreachableError, fields
from layers.sources.http import RETRIES, Client
from tests.services import faults
from tests.services.server import Answer, Fault, Services

PLACE = "geo.api.gouv.fr/epcis"
URL = f"https://{PLACE}"
ROWS = [{"code": "13055", "nom": "Marseille"}]


@pytest.fixture
def client(services: Services) -> Iterator[Client]:
    """Make a client of the stand-in, which answers with a small list."""
    services.answer(PLACE, ROWS)
    with Client() as made:
        yield made


def test_an_answer_is_written_whole_and_what_names_it_is_told(
    client: Client, services: Services, tmp_path: Path
) -> None:
    got = client.get(URL, tmp_path / "a.json", params={"fields": "nom,code", "GEO": "EPCI-2*COM"})
    assert json.loads((tmp_path / "a.json").read_bytes()) == ROWS
    assert got.url.startswith("https://geo.api.gouv.fr/epcis?fields=nom")
    assert got.file == "a.json"
    assert got.bytes == (tmp_path / "a.json").stat().st_size
    assert got.etag
    assert services.asked[0].headers["user-agent"].startswith("provence-map/")
    assert services.asked[0].query == {"fields": "nom,code", "GEO": "EPCI-2*COM"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json"]


def test_an_unchanged_answer_is_copied_from_where_it_is_kept(
    client: Client, services: Services, tmp_path: Path
) -> None:
    first = client.get(URL, tmp_path / "a.json")
    new = tmp_path / "new"
    new.mkdir()
    client.remember(tmp_path, [first])
    again = client.get(URL, new / "b.json")
    assert again.unchanged
    assert (again.file, again.sha256, again.etag) == ("b.json", first.sha256, first.etag)
    assert json.loads((new / "b.json").read_bytes()) == ROWS
    assert services.asked[-1].headers["if-none-match"] == first.etag


def test_what_is_kept_but_spoiled_or_gone_is_asked_for_again(
    client: Client, services: Services, tmp_path: Path
) -> None:
    first = client.get(URL, tmp_path / "a.json")
    client.remember(tmp_path, [first])
    (tmp_path / "a.json").write_bytes(b"[]")
    assert not client.get(URL, tmp_path / "b.json").unchanged
    (tmp_path / "a.json").unlink()
    assert not client.get(URL, tmp_path / "c.json", kept=first).unchanged
    assert all("if-none-match" not in asked.headers for asked in services.asked)


def test_304_to_a_question_without_conditions_is_no_answer(client: Client, services: Services, tmp_path: Path) -> None:
    services.fault(PLACE, faults.status(304))
    with pytest.raises(AnswerError, match="answers HTTP 304, where HTTP 200 was expected"):
        client.get(URL, tmp_path / "a.json")


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_service_that_recovers_is_asked_again(code: int, client: Client, services: Services, tmp_path: Path) -> None:
    services.fault(PLACE, faults.status(code), times=2)
    assert client.get(URL, tmp_path / "a.json").bytes
    assert len(services.asked) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_asked_again_and_its_reason_is_told(
    code: int, client: Client, services: Services, tmp_path: Path
) -> None:
    services.fault(PLACE, faults.status(code, body=b'{"message": "parameter\x1b[31m code"}'))
    with pytest.raises(AnswerError, match=rf"geo\.api\.gouv\.fr/epcis answers HTTP {code}, “.*parameter\[31m code"):
        client.get(URL, tmp_path / "a.json")
    assert len(services.asked) == 1


def waiting(services: Services, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, list[float]]:
    """Make a client that notes how long it would wait."""
    monkeypatch.setenv("PROVENCE_MAP_PACE", "1")
    services.answer(PLACE, ROWS)
    waits: list[float] = []
    return Client(wait=waits.append, hosts={"geo.api.gouv.fr": 0}), waits


def test_a_busy_service_is_left_alone_as_long_as_it_asks(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    for said, least, most in (("7", 7, 7), (later, 37, 41), (None, 0.5, 1.5), ("soon", 0.5, 1.5), ("-3", 0.5, 1.5)):
        services.mend()
        services.fault(PLACE, faults.status(429, retry_after=said), times=1)
        client, waits = waiting(services, monkeypatch)
        with client:
            client.get(URL, tmp_path / "a.json")
        assert len(waits) == 1, said
        assert least <= waits[0] <= most, said


def test_a_service_that_wants_an_hour_is_not_waited_for(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services.fault(PLACE, faults.status(429, retry_after="3600"))
    client, waits = waiting(services, monkeypatch)
    with client, pytest.raises(UnreachableError, match=r"wants to be left alone for 3,600 s \(HTTP 429\)"):
        client.get(URL, tmp_path / "a.json")
    assert waits == []


def test_backoff_grows_and_differs_from_one_time_to_the_next(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services.fault(PLACE, faults.status(503))
    rounds = []
    for _ in range(3):
        client, waits = waiting(services, monkeypatch)
        with client, pytest.raises(UnreachableError, match=r"has a fault of its own \(HTTP 503"):
            client.get(URL, tmp_path / "a.json")
        assert [0.5 * 2**n <= wait <= 1.5 * 2**n for n, wait in enumerate(waits)] == [True, True, True]
        rounds.append(tuple(waits))
    assert len(set(rounds)) == 3


def test_requests_to_one_host_keep_their_distance_and_others_do_not_wait(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client, waits = waiting(services, monkeypatch)
    services.answer("api.insee.fr", ROWS)
    client.pace({"geo.api.gouv.fr": 2.5})
    with client:
        for _ in range(3):
            client.get(URL, tmp_path / "a.json")
        client.get("https://api.insee.fr/melodi", tmp_path / "b.json")
    # Nobody really slept, so that the third has to wait for both before it.
    assert [round(wait) for wait in waits] in ([2, 5], [3, 5], [2, 4])


REFUSED: list[tuple[str, Fault, type[SourceError], str]] = [
    ("time-out", faults.silence(), UnreachableError, "did not answer within 0 s"),
    ("cut", faults.cut(), UnreachableError, "geo.api.gouv.fr/epcis broke off in the middle"),
    ("bomb", faults.bomb(3), AnswerError, "more than the 1,000,000 bytes expected at most, unpacked"),
    ("wrong type", faults.kind("text/plain"), AnswerError, "answers with “text/plain”, where application/json"),
    ("no type", faults.kind(""), AnswerError, "answers with “?”, where application/json"),
    ("page", faults.page(), AnswerError, "answers with a web page, where application/json was expected"),
    ("page as JSON", faults.page(as_kind="application/json"), AnswerError, "answers with a web page"),
    ("exception", faults.exception(), AnswerError, "refuses the question: “Illegal property name: categori”"),
    ("exception, 500", faults.exception(500), UnreachableError, "(HTTP 500, “Illegal property name: categori”)"),
    ("nothing", faults.nothing(), AnswerError, "answers with nothing at all"),
    ("text as JSON", lambda answer: replace(answer, body=b"oops"), AnswerError, "does not begin as JSON does"),
    ("other packing", lambda answer: replace(answer, headers={"Content-Encoding": "br"}), AnswerError, "as 'br'"),
    ("not packed", lambda answer: replace(answer, packed=True), AnswerError, "packed with gzip, but it is not"),
    ("moved", faults.moved("http://127.0.0.1/admin"), AnswerError, "“http://127.0.0.1/admin”, which is not followed"),
    ("moved round", faults.moved(URL), AnswerError, "which is not followed"),
]


def test_each_wrong_answer_is_one_line_in_both_languages_and_leaves_nothing(services: Services, tmp_path: Path) -> None:
    services.answer(PLACE, ROWS)
    (tmp_path / "a.json").write_bytes(b"what was there")
    wrong = []
    for what, fault, kind, said in REFUSED:
        services.mend()
        services.fault(PLACE, fault)
        try:
            with Client(timeout_s=0.3) as client:
                client.get(URL, tmp_path / "a.json", most_bytes=1_000_000)
            wrong.append(f"{what}: nothing was said")
        except SourceError as error:
            if type(error) is not kind or said not in str(error) or "\n" in str(error):
                wrong.append(f"{what}: {type(error).__name__}: {error}")
            if error.said["fr"] == error.said["en"]:
                wrong.append(f"{what}: no French")
        tries = 1 if kind is AnswerError else RETRIES + 1
        if what != "moved round" and len(services.asked) != tries:
            wrong.append(f"{what}: asked {len(services.asked)} times")
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        if left != {"a.json": b"what was there"}:
            wrong.append(f"{what}: left {sorted(left)}")
    assert not wrong, "\n".join(wrong)


def test_a_packed_answer_cut_short_is_no_answer(client: Client, services: Services, tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(ROWS * 1000).encode())
    services.answer(PLACE, Answer(whole[: len(whole) // 2], packed=True))
    with pytest.raises(UnreachableError, match="broke off in the middle"):
        client.get(URL, tmp_path / "a.json")
    services.answer(PLACE, Answer(whole, packed=True))
    client.get(URL, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_bytes()) == ROWS * 1000


def test_a_bomb_is_met_before_it_is_unpacked(services: Services, tmp_path: Path) -> None:
    services.answer(PLACE, ROWS)
    services.fault(PLACE, faults.bomb(400))
    tracemalloc.start()
    with Client() as client, pytest.raises(AnswerError, match="more than the 5,000,000 bytes"):
        client.get(URL, tmp_path / "a.json", most_bytes=5_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The packed body itself, and steps of a quarter of a megabyte.
    assert peak < 8_000_000


def test_a_service_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PROVENCE_MAP_SERVICES", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("PROVENCE_MAP_PACE", "0")
    with (
        Client() as client,
        pytest.raises(UnreachableError, match=r"^geo\.api\.gouv\.fr cannot be reached \(.*[Rr]efused.*\): check the"),
    ):
        client.get(URL, tmp_path / "a.json")


def test_an_answer_that_has_moved_is_followed_within_the_mirror(services: Services, tmp_path: Path) -> None:
    services.answer(PLACE, Answer(b"", status=302, headers={"Location": "https://cdn.example.org/x.json"}))
    services.answer("cdn.example.org/x.json", ROWS)
    with Client() as client:
        got = client.get(URL, tmp_path / "a.json")
    assert got.url == URL
    assert json.loads((tmp_path / "a.json").read_bytes()) == ROWS


def test_a_form_is_posted_and_never_asked_for_conditionally(client: Client, services: Services, tmp_path: Path) -> None:
    first = client.get(URL, tmp_path / "a.json", method="POST", data={"cql_filter": "nature='É&=' AND x"})
    client.remember(tmp_path, [first])
    assert not client.get(URL, tmp_path / "a.json", method="POST", data={"cql_filter": "b"}).unchanged
    assert [asked.form["cql_filter"] for asked in services.asked] == ["nature='É&=' AND x", "b"]


def test_a_folder_that_is_not_there_is_named(client: Client, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot write .*none/a\.json: No such file or directory; choose a folder"):
        client.get(URL, tmp_path / "none" / "a.json")


def test_a_pace_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("fast", "nan", "-1", "inf"):
        monkeypatch.setenv("PROVENCE_MAP_PACE", value)
        with pytest.raises(SourceError, match=rf"PROVENCE_MAP_PACE is '{value}': a number from 0 to 3600"):
            Client()


def test_a_proxy_of_the_environment_is_asked(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROVENCE_MAP_SERVICES", "http://mirror.invalid")
    monkeypatch.setenv("HTTP_PROXY", services.url)
    services.answer("", ROWS)
    with Client() as client:
        client.get(URL, tmp_path / "a.json")
    assert services.asked[0].headers["host"] == "mirror.invalid"


def test_fields_say_all_that_is_wrong_at_once() -> None:
    rows = [{"nom_usuel": "a", "n": "12", "gone": None}, {"nom_usuel": "b", "n": 3, "gone": 1}]
    with pytest.raises(AnswerError) as caught:
        fields.require(rows, {"nom": "text", "n": "integer", "gone": "integer", "lat": "number"}, "here (rows)")
    assert str(caught.value) == (
        "here (rows) is not as described: field “nom” is missing, “nom_usuel” may be its new name; field “n” holds "
        '"12", a whole number expected; field “gone” is empty in 1 of 2 rows; field “lat” is missing. Nothing of it is '
        "taken: compare it with the service’s own description."
    )
    assert "champ «\u202fnom\u202f» manque" in caught.value.said["fr"]


def test_fields_of_a_table_of_text_count_as_what_they_read_as() -> None:
    table = DataFrame({"Année": ["2022", ""], "masse": ["1,5", "2e3"], "new": ["", ""]})
    notes = fields.require(table, {"Année": "integer?", "masse": "number"}, "here")
    assert [note["en"] for note in notes] == ["here has new fields, which are not used: new."]
    with pytest.raises(AnswerError, match="“annee” is missing, “Année” may be its new name; field “masse” holds"):
        fields.require(table, {"annee": "integer?", "masse": "flag"}, "here")
