"""A snapshot written to a file: made in a folder beside, read back, compared, then put in its place; or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo import files
from geo.errors import FormatError
from layers.errors import ChoiceError, SnapshotError, StoppedError
from layers.snapshot import bundle
from layers.snapshot.area import Said
from layers.snapshot.carry import carried
from layers.snapshot.choice import BUNDLE, Choice
from layers.snapshot.formats import FORMATS
from layers.snapshot.frames import frames, why_empty
from layers.snapshot.report import Progress, Report, Stop
from layers.snapshot.verify import verify
from layers.snapshot.write import write
from layers.text import both


def export(choice: Choice, path: Path | str, *, progress: Progress | None = None, stop: Stop | None = None) -> Report:
    """Write a snapshot, read it back and compare it; the file is there whole and sound, or not at all.

    progress: called with steps done, steps in all, and words in both languages. stop: asked between the steps; True
    ends the work.

    Raises ChoiceError when nothing is kept, StoppedError, SnapshotError with every difference, FormatError when the
    file cannot be written.
    """
    path = Path(path)
    if choice.format == BUNDLE:
        return bundle.write(choice, path, progress=progress, stop=stop)
    record = FORMATS[choice.format]
    steps = _Steps(len(choice.layers) + 2, progress, stop)
    steps("snapshot_step.choose")
    found, empty = _kept(choice)
    steps.total = len(found) + 2
    _ending(path, record.file_ending(len(found)), record.title)
    with files.made_in_folder(path) as made:
        held = carried(found, record.id, decimals=choice.decimals)
        notes = write(
            found, made, choice, record=record, made=held, step=lambda layer: steps("snapshot_step.write", layer=layer)
        )
        steps("snapshot_step.compare")
        faults = verify(made, found, choice, made=held)
        if faults:
            raise SnapshotError([both("snapshot_fault.differs", name=path.name), *faults])
        steps.check()
        size = made.stat().st_size
    steps.tell("snapshot_step.done")
    return Report(path, size, {layer: len(frame) for layer, frame in found.items()}, (*empty, *_forced(choice), *notes))


def notes_of(choice: Choice) -> tuple[Said, ...]:
    """Return what is to be told before a choice is written: the limits of its format, and layers that stay empty.

    Raises ChoiceError when nothing is kept.
    """
    _, empty = _kept(choice)
    limits = () if choice.format == BUNDLE else (FORMATS[choice.format].limits(),)
    return (*limits, *empty)


class _Steps:
    """Count the steps of the work, tell them, and end it where that was asked for."""

    def __init__(self, total: int, progress: Progress | None, stop: Stop | None) -> None:
        self.done, self.total = 0, total
        self._progress, self._stop = progress, stop

    def __call__(self, key: str, **values: Any) -> None:
        self.check()
        self.tell(key, **values)
        self.done += 1

    def tell(self, key: str, **values: Any) -> None:
        if self._progress is not None:
            self._progress(self.done, self.total, both(key, **values))

    def check(self) -> None:
        if self._stop is not None and self._stop():
            raise StoppedError(both("snapshot_step.stopped"))


def _kept(choice: Choice) -> tuple[dict[str, Any], tuple[Said, ...]]:
    """Give the frames that hold a row, and a note on each that does not."""
    found = frames(choice)
    why = {layer: why_empty(layer, choice) for layer, frame in found.items() if not len(frame)}
    if len(why) == len(found):
        raise ChoiceError(list(why.values()))
    notes = tuple(both("snapshot_note.empty", why=said.__getitem__) for said in why.values())
    return {layer: frame for layer, frame in found.items() if len(frame)}, notes


def _forced(choice: Choice) -> tuple[Said, ...]:
    record = FORMATS[choice.format]
    if record.crs is None:
        return ()
    return (both("snapshot_note.forced", format=record.title, code=f"EPSG:{record.crs}"),)


def _ending(path: Path, wanted: str, title: str) -> None:
    """Refuse a name that says another format than the one that was chosen."""
    if path.suffix.lower() != wanted:
        raise FormatError(
            f"{path.name} does not end with {wanted}: what was chosen is written as {title} in a file named so"
        )
