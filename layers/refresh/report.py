"""The report of change, written as text, JSON and one page of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from geo import files
from layers import numbers
from layers.refresh.changes import TableChange
from layers.refresh.outcome import REPORT, Outcome, Report, State
from layers.refresh.store import write_json
from layers.refresh.titles import table_title
from layers.snapshot.diff import ADDED, CHANGED, MOVED, REMOVED
from layers.snapshot.opening import plain
from layers.sources.connector import Doubt
from layers.text import text
from layers.view import LANGUAGES, Language

STATES: Mapping[State, str] = {
    "new": "refresh.state_new",
    "same": "refresh.state_same",
    "held": "refresh.state_held",
    "away": "refresh.state_away",
    "refused": "refresh.state_refused",
    "kept": "refresh.state_kept",
}
NAMES: Mapping[str, str] = {
    ADDED: "refresh.names_added",
    REMOVED: "refresh.names_removed",
    CHANGED: "refresh.names_changed",
    MOVED: "refresh.names_moved",
}
_MOST_NAMES = 8


def write(report: Report, folder: Path, *, made: Path | None = None) -> None:
    """Write report.json, report.txt (both languages) and report.html into a folder, each whole or not at all.

    `made` names a folder where the same report was written before: it is copied from there.

    Raises FormatError, or OSError when what was written before cannot be read.
    """
    if made is not None:
        for ending in ("json", "txt", "html"):
            files.write_bytes(folder / f"{REPORT}.{ending}", (made / f"{REPORT}.{ending}").read_bytes())
        return
    # What draws takes a second to come.
    from layers.refresh import page

    write_json(folder / f"{REPORT}.json", report.document())
    files.write_text(folder / f"{REPORT}.txt", "\n".join(told(report, language) for language in LANGUAGES))
    files.write_text(folder / f"{REPORT}.html", page.html(report))


def told(report: Report, language: Language, *, most: int | None = None) -> str:
    """Tell a report in lines; of what a person must see, `most` lines of a kind at most."""
    return "\n".join(_lines(report, language, most)) + "\n"


def headline(report: Report, language: Language) -> str:
    """Say in one sentence what a refresh came to."""
    if report.back:
        key = "refresh.back_dry" if report.dry_run else "refresh.back"
    elif report.edition:
        key = "refresh.edition_dry" if report.dry_run else "refresh.edition"
    else:
        key = "refresh.nothing_dry" if report.dry_run else "refresh.nothing"
    return text(key, language, edition=report.edition)


def title(report: Report, language: Language) -> str:
    """Name a report by its day and hour."""
    said = f"{numbers.date(report.at[:10], language)}, {report.at[11:16]} UTC"
    return text("refresh.title", language, day=said)


def facts(one: Outcome, language: Language) -> list[str]:
    """Say of one source how much came, in what time, how old it is and when it was asked."""
    said = []
    if one.rows:
        said.append(text("refresh.rows", language, n=numbers.plain(one.rows, language)))
    if one.bytes:
        said.append(size(one.bytes, language))
    if one.seconds and one.state != "kept":
        said.append(text("refresh.seconds", language, n=numbers.plain(one.seconds, language, most=1)))
    if one.vintage:
        said.append(plain(one.vintage))
    if one.day:
        said.append(text("refresh.asked", language, day=numbers.date(one.day, language)))
    return said


def size(count: int, language: Language) -> str:
    """Say how large something is, in the unit that reads best."""
    large = count >= 1_000_000
    shown = numbers.plain(count / (1e6 if large else 1e3), language, most=1)
    return text("refresh.size_mb" if large else "refresh.size_kb", language, n=shown)


def source_line(one: Outcome, language: Language) -> str:
    """Say in one line what became of a source."""
    state = text(STATES[one.state], language)
    said = " · ".join([state, *facts(one, language)])
    reasons = " ".join(plain_words(reason[language]) for reason in one.said)
    return f"{one.source}: {said}{' – ' + reasons if reasons else ''}"


def plain_words(said: str) -> str:
    """Give a sentence as one printable line, whatever it quotes."""
    # What keeps a number with its unit counts as a sign that is not printable.
    line = "".join(sign if sign.isprintable() or sign in "\u00a0\u202f" else " " for sign in said)
    return re.sub(" {2,}", " ", line).strip()


def counts(change: TableChange, language: Language) -> str:
    """Say how many rows of a table came, went, changed, moved and stayed."""
    said = {kind: numbers.plain(getattr(change, kind), language) for kind in (*NAMES, "same")}
    return text("refresh.table", language, title=table_title(change.table, language), **said)


def _lines(report: Report, language: Language, most: int | None) -> Iterator[str]:
    yield title(report, language)
    before = report.previous or text("refresh.base", language)
    said = headline(report, language)
    yield f"{said} {text('refresh.before', language, previous=before)}" if report.edition else said
    for one in report.sources:
        yield f"  {source_line(one, language)}"
        if one.state == "held":
            yield f"    {text('refresh.how_accept', language, source=one.source)}"
    for change in report.tables:
        yield from _table(change, language)
    for key, lines in people(report, language):
        yield f"{text(key, language)} ({numbers.plain(len(lines), language)})"
        yield from (f"  {line}" for line in lines[:most])
        if most is not None and len(lines) > most:
            yield f"  {text('refresh.more', language, n=numbers.plain(len(lines) - most, language))}"


def _table(change: TableChange, language: Language) -> Iterator[str]:
    yield counts(change, language)
    for kind, key in NAMES.items():
        rows = change.rows.get(kind, ())
        if rows:
            yield f"  {text(key, language)}: {named(rows, getattr(change, kind), language)}"
    if change.figures:
        yield f"  {text('refresh.figures', language)}"
    for figure in change.figures:
        yield "    " + text(
            "refresh.figure",
            language,
            name=plain(figure.name or figure.key),
            column=plain(figure.column),
            before=numbers.plain(figure.before, language),
            after=numbers.plain(figure.after, language),
        )


def named(rows: tuple[str, ...], count: int, language: Language) -> str:
    """Name the first of some rows, and say how many more there are."""
    shown = ", ".join(plain(name) for name in rows[:_MOST_NAMES])
    more = count - min(len(rows), _MOST_NAMES)
    return f"{shown} {text('refresh.more', language, n=numbers.plain(more, language))}" if more > 0 else shown


def people(report: Report, language: Language) -> Iterator[tuple[str, list[str]]]:
    """Give what a person must see: doubts, notes, and what is kept by hand against an official value."""
    doubts = [doubt_line(doubt, language) for doubt in report.doubts]
    notes = [plain_words(note[language]) for note in report.notes]
    kept = [
        text(
            "refresh.overruled_one",
            language,
            table=table_title(one.table, language),
            **{name: plain(getattr(one, name)) for name in ("key", "column", "kept", "official", "source")},
        )
        for one in report.overruled
    ]
    for key, lines in (("refresh.doubts", doubts), ("refresh.notes", notes), ("refresh.overruled", kept)):
        if lines:
            yield key, lines


def doubt_line(doubt: Doubt, language: Language) -> str:
    """Say what a person must decide, and how far apart the two are where that is known."""
    said = plain_words(doubt.said[language])
    if doubt.distance_m is not None:
        said += f" ({text('refresh.away', language, distance=numbers.plain(round(doubt.distance_m), language))})"
    return text(
        "refresh.doubt",
        language,
        table=table_title(doubt.table, language),
        key=plain(doubt.key) or "–",
        official=plain(doubt.official),
        said=said,
    )
