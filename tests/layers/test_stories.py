"""Stories: every fault is named with its file and line, and no figure reaches the screen without its source."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from layers import cited, stories
from layers.stories import check
from layers.stories.pictures import MOST_PICTURE_BYTES
from layers.stories.scene import MOST_SCENES, MOST_SOURCES
from layers.view import LANGUAGES

STORY = b"""title_en = "A test"
title_fr = "Un essai"
about_en = "Of the reader."
about_fr = "De la lecture."
minutes = 2
"""
SCENE = """+++
view = "layers=poles,industry&select=pole:martigues-fos"
highlights = ["site:arcelormittal-fos"]
figure = "fos-investment"
seconds = 30
+++

# en

*Industry*

## A plan for the gulf

of potential investment, with {fos-jobs} direct jobs promised.

### Notes

- Say potential.

# fr

*Industrie*

## Un plan pour le golfe

d’investissements potentiels, avec {fos-jobs} emplois directs promis.

### Notes

- Dire potentiels.
"""


VIEW = 'view = "layers=poles,industry&select=pole:martigues-fos"'


def files(scene: str = SCENE, **more: bytes) -> dict[str, bytes]:
    """Give the files of a story of one scene; names of more files have `__` for the dot."""
    return {"story.toml": STORY, "01-gulf.md": scene.encode(), **{k.replace("__", "."): v for k, v in more.items()}}


def faults(of: dict[str, bytes]) -> list[str]:
    """Give the faults of some files, as a person on the command line reads them."""
    with pytest.raises(stories.StoryError) as raised:
        stories.from_files(of)
    for fault in raised.value.faults:
        assert all(fault.said[language].strip() for language in LANGUAGES)
    return [str(fault) for fault in raised.value.faults]


def png(width: int, height: int) -> bytes:
    """Give a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#123456").save(out, "PNG")
    return out.getvalue()


PICTURE = 'picture = "yard.png"\n' + "".join(
    f'picture_{what}_{language} = "Un mot"\n' for what in ("alt", "credit") for language in LANGUAGES
)


def with_header(line: str, *, instead_of: str = "seconds = 30") -> str:
    """Give the scene with one line of its header replaced."""
    assert instead_of in SCENE
    return SCENE.replace(instead_of, line)


def test_a_sound_story_is_read_whole() -> None:
    story = stories.from_files(files(), id_="test")
    (scene,) = story.scenes
    assert (story.title["fr"], story.minutes, scene.name, scene.seconds) == ("Un essai", 2, "01-gulf", 30)
    assert scene.words["en"].title.text == "A plan for the gulf"
    assert [note.text for note in scene.words["fr"].notes] == ["Dire potentiels."]


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (with_header('view = "layers=poles,volcanoes"', instead_of=VIEW),
         r"01-gulf\.md:2: view: layers=poles,volcanoes: layer 'volcanoes' is not one of poles, communes"),
        (with_header('view = "layers=poles&keep=site:arcelormittal-fos"', instead_of=VIEW),
         r"01-gulf\.md:2: view holds keep=site:arcelormittal-fos, which a scene cannot show"),
        (with_header('view = "layers=industry&pole=atlantis"', instead_of=VIEW),
         r"01-gulf\.md:2: view names pole=atlantis"),
        (with_header('highlights = ["site:atlantis"]', instead_of='highlights = ["site:arcelormittal-fos"]'),
         r"01-gulf\.md:3: highlight 'site:atlantis' is no feature"),
        (with_header('figure = "sunshine-on-mars"', instead_of='figure = "fos-investment"'),
         r"01-gulf\.md:4: figure 'sunshine-on-mars' is no fact and no computed figure"),
        (with_header('figure = "perception-gap"', instead_of='figure = "fos-investment"'),
         r"01-gulf\.md:4: figure 'perception-gap' has no value"),
        (SCENE.replace("{fos-jobs} direct", "10,000 direct"),
         r"01-gulf\.md:14: a digit stands in the caption without a source: 10,000; put a figure there by its id"),
        (SCENE.replace("- Say potential.", "- Say 40 projects."),
         r"01-gulf\.md:18: a digit stands in the notes without a source: 40"),
        (SCENE.replace("{fos-jobs} emplois", "{fos-job} emplois"), r"01-gulf\.md:26: \{…\} 'fos-job' is no fact"),
        (SCENE[: SCENE.index("# fr")], r"01-gulf\.md:7: no part for the language fr"),
        (SCENE.replace("## Un plan pour le golfe\n", ""), r"01-gulf\.md:20: the title is missing in fr"),
        (SCENE.replace("### Notes\n\n- Dire potentiels.\n", ""), r"01-gulf\.md:20: the notes is missing in fr"),
        (SCENE.replace("## A plan for the gulf", "## " + "A very long title that goes on and on " * 3),
         r"01-gulf\.md:12: the title takes \d lines in en, at most 3 fit"),
        (SCENE.replace("direct jobs promised.", "direct jobs promised, " + "and much more that nobody will read " * 4),
         r"01-gulf\.md:14: the caption takes \d lines in en, at most 3 fit"),
        (with_header("seconds = 3"), r"01-gulf\.md:5: seconds is 3, expected 10 to 300"),
        (with_header("years = [2022, 2005]"), r"01-gulf\.md:5: years are \[2022, 2005\], expected two years"),
        (with_header('transition = "explode"'), r"01-gulf\.md:5: transition is 'explode', expected one of fly, fade"),
        (with_header("colour = 1"), r"01-gulf\.md:5: unknown key colour"),
        (with_header('chart = "pie"'), r"01-gulf\.md:5: chart is 'pie', expected one of emissions"),
        (with_header("seconds = = 3"), r"01-gulf\.md:5: the header is not TOML"),
        (SCENE.removeprefix("+++\n"), r"01-gulf\.md:1: no header"),
        (SCENE.replace("- Say potential.", "- Say potential.\n\n| a | b |\n\n> quoted"),
         r"01-gulf\.md:2[0-9]: only a topic in \*emphasis\*.*found"),
        (SCENE.replace("A plan", "A plan ☃"), r"01-gulf\.md:12: the typeface lacks '☃'"),
        (with_header(PICTURE), r"01-gulf\.md:5: picture 'yard\.png' is not beside the scene"),
        (with_header('chart = "families"').replace("select=pole:martigues-fos", "pole=la-ciotat-cassis"),
         r"01-gulf\.md:5: chart families: the View keeps nothing"),
    ],
    ids=lambda value: re.sub(r"\W+", "-", value)[9:60] if value.startswith("01-gulf") else "",
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_line(scene: str, expected: str) -> None:
    found = faults(files(scene))
    assert any(re.match(expected, fault) for fault in found), found


def test_a_missing_translation_is_one_fault_not_many() -> None:
    assert len(faults(files(SCENE[: SCENE.index("# fr")]))) == 1


def test_what_else_is_wrong_is_told_with_a_missing_translation() -> None:
    scene = (
        SCENE[: SCENE.index("# fr")].replace("{fos-jobs} direct", "10 direct").replace("arcelormittal-fos", "atlantis")
    )
    found = faults(files(scene))
    assert len(found) == 3, found


def test_all_faults_of_all_files_are_told_at_once() -> None:
    broken = files(with_header("seconds = 3").replace("fos-investment", "nothing"))
    broken |= {
        "02-more.md": b"no header",
        "story.toml": STORY.replace(b"minutes = 2", b'minutes = "two"'),
        "x.exe": b"",
    }
    found = faults(broken)
    expected = ("story.toml:5: minutes", "01-gulf.md:4: figure", "01-gulf.md:5: seconds", "02-more.md:1", "x.exe: this")
    for start in expected:
        assert any(fault.startswith(start) for fault in found), (start, found)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(9000, 20), "picture yard.png is 9000 × 20 px, at most 4096 px a side"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST_PICTURE_BYTES, "picture yard.png has 600 kB, at most 600 kB"),
        (png(20, 20)[:-30], "picture yard.png is neither PNG nor JPEG, or is broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture yard.png is neither PNG nor JPEG, or is broken"),
    ],
    ids=["wide", "heavy", "cut-short", "svg"],
)
def test_a_picture_that_is_too_large_or_broken_is_refused(data: bytes, expected: str) -> None:
    assert any(expected in fault for fault in faults(files(with_header(PICTURE), yard__png=data)))


def test_a_picture_is_shown_with_its_words_and_its_credit() -> None:
    story = stories.from_files(files(with_header(PICTURE), yard__png=png(40, 30)))
    picture = stories.resolved(story)["scenes"][0]["picture"]
    assert picture["data"].startswith("data:image/png;base64,")
    assert picture["alt"] == picture["credit"] == {"en": "Un mot", "fr": "Un mot"}


def test_a_picture_no_scene_shows_is_named() -> None:
    assert faults(files(yard__png=png(40, 30))) == ["yard.png: no scene shows this picture"]


def test_two_hundred_scenes_are_read_and_resolved() -> None:
    many = {"story.toml": STORY} | {f"{at:03d}-scene.md": SCENE.encode() for at in range(1, 201)}
    data = stories.resolved(stories.from_files(many))
    assert [scene["id"] for scene in data["scenes"]][::199] == ["001-scene", "200-scene"]


def test_more_scenes_than_a_show_can_hold_are_refused() -> None:
    many = {"story.toml": STORY} | {f"{at:03d}-scene.md": SCENE.encode() for at in range(1, MOST_SCENES + 2)}
    assert faults(many) == [f"story.toml: {MOST_SCENES + 1} scenes, at most {MOST_SCENES}"]


def test_no_story_names_those_there_are() -> None:
    with pytest.raises(stories.StoryError, match=r"no story 'atlantis'; there are pitch, hydrogen, living"):
        stories.read("atlantis")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("CO2 in 2022, H2 and MRS5 near Lavéra", []),
        ("{fos-jobs} jobs, 75 % of 3,000", ["75", "3,000"]),
        ("2 câbles et 1 898 561 habitants", ["2", "1 898 561"]),
        ("20222 and 12022", ["20222", "12022"]),
        ("EUR20 bn", ["20"]),
        ("1.9 million in 2023", ["1.9"]),
    ],
)
def test_digits_are_figures_unless_they_are_years_or_names(said: str, expected: list[str]) -> None:
    assert check.unsourced(said) == expected


def scenes_of(name: str) -> list[dict[str, Any]]:
    """Give the scenes of a shipped story, resolved."""
    return list(stories.resolved(stories.read(name))["scenes"])


@pytest.mark.parametrize("name", ["pitch", "hydrogen", "living"])
def test_every_figure_of_a_shipped_story_has_its_source_on_the_scene(name: str) -> None:
    for scene in scenes_of(name):
        assert len(scene["sources"]) <= MOST_SOURCES
        shown = [part for words in ("title", "caption") for lang in LANGUAGES for part in scene[words][lang]]
        for text, number in shown:
            assert number is not None or not check.unsourced(text), (scene["id"], text)
            assert number is None or 0 <= number < len(scene["sources"])
        for part in (scene["figure"], scene["chart"]):
            assert part is None or 0 <= part["source"] < len(scene["sources"])
        for source in [*scene["sources"], *scene["asked_sources"]]:
            for language in LANGUAGES:
                assert str(source["year"]) in source["said"][language]
                assert source["licence"][language] in source["said"][language]


@pytest.mark.parametrize("name", ["pitch", "hydrogen", "living"])
def test_a_shipped_story_opens_closes_and_has_notes_for_each_scene(name: str) -> None:
    scenes = scenes_of(name)
    assert [scene["kind"] for scene in scenes] == ["opening", *["scene"] * (len(scenes) - 2), "closing"]
    assert all(scene["notes"][language] for scene in scenes for language in LANGUAGES)


def test_the_pitch_has_ten_to_twelve_scenes_and_takes_eight_to_ten_minutes() -> None:
    scenes = scenes_of("pitch")
    assert 10 <= len(scenes) <= 12
    assert 8 * 60 <= sum(scene["seconds"] for scene in scenes) <= 10 * 60


def test_the_emissions_of_the_pitch_are_those_of_the_table() -> None:
    (chart,) = [scene["chart"] for scene in scenes_of("pitch") if (scene["chart"] or {}).get("kind") == "emissions"]
    assert [item["year"] for item in chart["items"]] == list(range(2005, 2023))
    for item in chart["items"]:
        whole = cited.figure(f"co2-martigues-fos-{item['year']}").value
        assert item["value"] == pytest.approx(whole, abs=0.005)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Write files into a folder of their own."""

    def write(of: dict[str, bytes]) -> Path:
        path = tmp_path / "mine"
        path.mkdir()
        for name, data in of.items():
            (path / name).write_bytes(data)
        return path

    return write


def test_a_folder_is_read_by_its_name_and_hidden_files_are_left_alone(
    folder: Callable[[dict[str, bytes]], Path],
) -> None:
    story = stories.read(folder(files() | {".DS_Store": b"x"}))
    assert (story.id, len(story.scenes)) == ("mine", 1)


def test_hostile_words_stay_words() -> None:
    hostile = SCENE.replace("A plan for the gulf", "A <img src=x onerror=alert(1)> plan")
    # The digit in it is refused as any other.
    assert any("digit" in fault for fault in faults(files(hostile)))
    data = stories.resolved(stories.from_files(files(hostile.replace("alert(1)", "go()"))))
    assert data["scenes"][0]["title"]["en"] == [["A <img src=x onerror=go()> plan", None]]
