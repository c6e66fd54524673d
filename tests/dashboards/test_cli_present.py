"""`provence-map present`: one file that is the same each time, and the one clear line when it cannot be written."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from dashboards.cli import main
from layers import stories
from layers.catalogue import DATA_VARIABLE, catalogue, data_dir, data_version
from layers.stories import archive, write
from layers.web.document import remote_addresses
from layers.web.show import make_show

MOST_BYTES = 4_000_000


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Give what was said, which must be one line on standard error and nothing else."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("provence-map: ")
    assert said.err.count("\n") == 1
    return said.err


def config_of(html: str) -> dict[str, object]:
    """Give what a document tells its script."""
    (found,) = re.findall(r'id="provence-config">(.*?)</script>', html)
    known: dict[str, object] = json.loads(found)
    return known


@pytest.fixture(scope="module")
def pitch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pitch once."""
    path = tmp_path_factory.mktemp("show") / "pitch.html"
    assert main(["present", "--story", "pitch", "--lang", "fr", "--out", str(path)]) == 0
    return path


def test_the_pitch_is_one_file_of_at_most_four_megabytes_that_asks_nobody_for_anything(pitch: Path) -> None:
    html = pitch.read_text(encoding="utf-8")
    assert pitch.stat().st_size <= MOST_BYTES
    assert remote_addresses(html) == []
    assert '<html lang="fr"' in html
    assert "data:font/woff2;base64," in html


def test_the_same_story_gives_the_same_bytes(pitch: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    assert main(["present", "--lang", "fr", "--out", str(again)]) == 0
    assert again.read_bytes() == pitch.read_bytes()


def test_the_file_carries_version_date_of_the_data_and_a_checksum_that_holds(
    pitch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = config_of(pitch.read_text(encoding="utf-8"))["show"]
    assert isinstance(show, dict)
    colophon = show["colophon"]
    assert re.fullmatch(r"[0-9a-f]{16}", colophon["checksum"])
    assert colophon["checksum"] != "0" * 16
    assert colophon["data"] == max(source.retrieved for source in catalogue().sources.values())
    assert colophon["data_version"] == data_version()
    assert main(["present", "--verify", str(pitch)]) == 0
    changed = tmp_path / "changed.html"
    changed.write_text(pitch.read_text(encoding="utf-8").replace("Martigues", "Martiques", 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["present", "--verify", str(changed)]) == 2
    assert "is not as it was made" in one_line(capsys)


def test_a_zip_that_was_composed_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    path.write_bytes(archive.pack(write.files(write.draft(stories.read("living")))))
    out = tmp_path / "mine.html"
    assert main(["present", "--story", str(path), "--lang", "en", "--out", str(out)]) == 0
    show = config_of(out.read_text(encoding="utf-8"))["show"]
    assert isinstance(show, dict)
    assert [story["id"] for story in show["stories"]] == ["mine"]


def test_a_broken_story_is_refused_with_every_fault_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(data_dir() / "stories" / "living", folder)
    (folder / "01-opening.md").write_text("+++\nview = 3\n+++\n# en\n", encoding="utf-8")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    out = tmp_path / "broken.html"
    assert main(["present", "--story", str(folder), "--out", str(out)]) == 2
    said = one_line(capsys)
    for fault in ("01-opening.md:2: view is 3", "01-opening.md:4: no part for the language fr", "notes.txt: this file"):
        assert fault in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--out", "x.mp4"], "--out is 'x.mp4': name a file that ends with .html, .pdf, .pptx"),
        ([], "--out is '': name a file"),
        (["--story", "atlantis", "--out", "x.html"], "no story 'atlantis'; there are pitch, hydrogen, living"),
        (["--out", "nowhere/x.html"], "cannot write nowhere/x.html: no folder nowhere"),
        (["--verify", "nothing.html"], "cannot read nothing.html: No such file or directory"),
        (["--verify", "story.zip"], "cannot read story.zip: it is not text in UTF-8"),
        (["--verify", "page.html"], "page.html holds no checksum"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("story.zip").write_bytes(b"PK\x03\x04\xff")
    Path("page.html").write_text("<p>", encoding="utf-8")
    assert main(["present", *arguments]) == 2
    assert expected in one_line(capsys)
    assert not Path("x.html").exists()


def test_the_stories_are_listed_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["present", "--list", "--lang", "fr"]) == 0
    said = capsys.readouterr().out
    assert [line.partition(":")[0] for line in said.splitlines() if line[0] != " "] == list(stories.ids())
    assert stories.read("pitch").title["fr"] in said


def test_a_hand_edited_story_of_the_data_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder, ignore=shutil.ignore_patterns("extracts", "README.md"))
    scene = folder / "stories/pitch/06-martigues-fos.md"
    scene.write_text(scene.read_text(encoding="utf-8").replace('chart = "emissions"', 'chart = "emission"'), "utf-8")
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    assert main(["present", "--out", str(tmp_path / "x.html")]) == 2
    assert re.search(r"06-martigues-fos\.md:\d+: chart is 'emission', expected one of emissions", one_line(capsys))


def test_hostile_words_cannot_leave_the_data_they_stand_in() -> None:
    draft = write.draft(stories.read("living"))
    evil = '</script><script>go()</script>"checksum":"aaaaaaaaaaaaaaaa"'
    for language in ("en", "fr"):
        draft["scenes"][1]["notes"][language] = [evil]
    html = make_show([stories.from_files(write.files(draft))]).html
    assert "</script><script>go()" not in html
    show = config_of(html)["show"]
    assert isinstance(show, dict)
    assert show["stories"][0]["scenes"][1]["notes"]["en"] == [[[evil, None]]]
