"""Zips of stories: the same bytes each time, opened without trust, every fault told."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from layers import stories
from layers.stories import archive, write
from layers.stories.scene import StoryError
from layers.view import LANGUAGES


def packed(names: dict[str, bytes], **how: Any) -> bytes:
    """Make a zip as any tool would."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **how) as file:
        for name, data in names.items():
            file.writestr(name, data)
    return out.getvalue()


def faults(data: bytes) -> list[str]:
    """Give what is said of a zip that is refused."""
    with pytest.raises(StoryError) as raised:
        archive.unpack(data, name="sent.zip")
    return [str(fault) for fault in raised.value.faults]


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    files = {"b.md": b"two", "a.md": b"one"}
    assert archive.pack(files) == archive.pack(dict(reversed(files.items())))
    assert archive.unpack(archive.pack(files)) == files


def test_a_folder_packed_by_hand_is_read_as_its_files() -> None:
    made = packed({"my story/story.toml": b"x", "my story/01-a.md": b"y", "__MACOSX/my story/._01-a.md": b"z"})
    assert archive.unpack(made) == {"story.toml": b"x", "01-a.md": b"y"}


@pytest.mark.parametrize(
    "name", ["../evil.md", "/etc/passwd", "a/../../evil.md", "..\\evil.md", "C:\\evil.md", "a/b/c.md", "..", "-x.md"]
)
def test_a_path_outside_the_story_is_refused(name: str) -> None:
    found = faults(packed({"story.toml": b"", name: b"boo"}))
    assert any("points outside the story" in fault and "sent.zip" in fault for fault in found), found


def test_every_fault_of_a_zip_is_told() -> None:
    found = faults(packed({"../a.md": b"", "../b.md": b"", "c.md": b""}))
    assert [fault for fault in found if "'../a.md'" in fault]
    assert [fault for fault in found if "'../b.md'" in fault]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 nothing", b"<html>", packed({"a.md": b"x" * 900})[:60]],
    ids=["empty", "signature", "html", "cut"],
)
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    assert faults(data) == ["sent.zip: this is not a zip file, or it is broken"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = packed({"01-a.md": b"\0" * (archive.MOST_BYTES + 1)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < archive.MOST_BYTES / 100
    assert faults(bomb) == ["sent.zip: the files take 12 MB unpacked, at most 12 MB"]


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(packed({"01-a.md": b"\0" * 5000}, compression=zipfile.ZIP_DEFLATED))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    assert faults(bytes(data))


def test_too_many_files_are_refused() -> None:
    found = faults(packed({f"{n}.md": b"" for n in range(archive.MOST_FILES + 1)}))
    assert found == [f"sent.zip: {archive.MOST_FILES + 1} files, at most {archive.MOST_FILES}"]


def test_a_name_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("01-a.md", b"one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("01-a.md", b"two")
    assert faults(out.getvalue()) == ["01-a.md: the zip holds this name twice"]


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(packed({"01-a.md": b"x"}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    assert faults(bytes(data)) == ["01-a.md: the file is encrypted"]


@pytest.mark.parametrize("name", ["pitch", "hydrogen", "living"])
def test_a_story_goes_through_a_draft_and_a_zip_without_loss(name: str, tmp_path: Path) -> None:
    story = stories.read(name)
    draft = write.draft(story)
    path = tmp_path / f"{name}.zip"
    path.write_bytes(archive.pack(write.files(draft)))
    again = stories.read(path)
    assert stories.resolved(again) == stories.resolved(story)
    assert write.draft(again) == draft


def test_words_that_look_like_markdown_stay_words() -> None:
    draft = write.draft(stories.read("pitch"))
    said = "*A* _b_ `c` # d [e](f) <b> & \\ 1) g"
    for language in LANGUAGES:
        draft["scenes"][1]["topic"][language] = "*Stars*"
        draft["scenes"][1]["caption"][language] = "- # a *b* [c](d)"
        draft["scenes"][1]["notes"][language] = ["> " + said.replace("1", ""), "- twice"]
    again = write.draft(stories.from_files(write.files(draft)))["scenes"][1]
    assert again["topic"]["fr"] == "*Stars*"
    assert again["caption"]["en"] == "- # a *b* [c](d)"
    assert again["notes"]["en"] == ["> " + said.replace("1", ""), "- twice"]


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"scenes": "no list"},
        {"scenes": [None, 3]},
        {"title": "no pair", "scenes": [{"notes": "x", "years": "2005"}]},
    ],
)
def test_a_draft_of_any_shape_ends_in_faults_not_in_a_crash(draft: dict[str, Any]) -> None:
    with pytest.raises(StoryError) as raised:
        stories.from_files(write.files(draft))
    assert raised.value.faults


def test_a_picture_that_is_no_base64_is_a_fault() -> None:
    with pytest.raises(StoryError, match="neither PNG nor JPEG"):
        write.files({"scenes": [{"picture": {"name": "a.png", "data": "%%%"}}]})
