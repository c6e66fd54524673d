"""The command that brings the map up to date from the official services."""

from __future__ import annotations

import argparse
import logging
import re
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from layers.text import text
from layers.view import LANGUAGES, Language

if TYPE_CHECKING:
    from layers.refresh.outcome import Report

STOPPED = 130
_WIDTH = 100
# The report has them all.
_MOST_LINES = 12


def add(commands: Any, language: Language) -> None:
    """Add the command that refreshes."""

    def say(key: str) -> str:
        return text(f"refresh_cli.{key}", language)

    one = commands.add_parser("refresh", help=say("refresh"), description=say("refresh"))
    one.add_argument("sources", nargs="*", metavar="SOURCE", help=say("sources"))
    one.add_argument("--dry-run", action="store_true", help=say("dry_run"))
    one.add_argument("--since", type=_since, default=None, metavar="DATE|7d", help=say("since"))
    one.add_argument("--out", type=Path, default=None, metavar="DIR", help=say("out"))
    one.add_argument("--accept", action="append", default=[], metavar="SOURCE", help=say("accept"))
    only = one.add_mutually_exclusive_group()
    only.add_argument("--kept", action="store_true", help=say("kept"))
    only.add_argument("--back", action="store_true", help=say("back"))
    one.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    one.set_defaults(run=_refresh)


def _since(word: str) -> date:
    """Read a day, or so many days before today."""
    found = re.fullmatch(r"(\d{1,4})d", word)
    try:
        if found:
            return datetime.now(tz=UTC).date() - timedelta(days=int(found[1]))
        return date.fromisoformat(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{word!r} is no day (2026-01-31) and no number of days (7d)") from error


def _refresh(options: argparse.Namespace) -> int:
    from layers import editions
    from layers.refresh.run import Order, refresh
    from layers.sources.registry import CONNECTORS

    order = Order(
        sources=tuple(options.sources),
        dry_run=options.dry_run,
        since=options.since,
        accept=tuple(options.accept),
        kept=options.kept,
        back=options.back,
    )
    live = options.out or editions.live_dir()
    progress = Progress(options.lang)
    # Whoever stops a service or a job of cron sends this: it is to leave as little behind as Ctrl+C.
    signal.signal(signal.SIGTERM, _stopped)
    try:
        report = refresh(order, CONNECTORS, live=live, base=editions.base_dir(), watch=progress)
    except KeyboardInterrupt:
        progress.clear()
        sys.stderr.write(f"provence-map: {text('refresh_cli.stopped', options.lang)}\n")
        return STOPPED
    finally:
        progress.clear()
    _tell(report, live, options)
    return report.code


def _stopped(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _tell(report: Report, live: Path, options: argparse.Namespace) -> None:
    """Say what came of it: all of it to a person, to a job of cron one line and one more for each trouble."""
    from layers.refresh import report as words

    log = logging.getLogger(__name__)
    if sys.stdout.isatty() or report.dry_run or report.tables:
        sys.stdout.write(words.told(report, options.lang, most=_MOST_LINES))
    else:
        sys.stdout.write(words.headline(report, options.lang) + "\n")
        for one in report.states("held", "away", "refused"):
            sys.stdout.write(words.source_line(one, options.lang) + "\n")
    sys.stdout.flush()
    if not report.dry_run and sys.stdout.isatty():
        log.info("%s", text("refresh_cli.report", options.lang, path=live / "report.html"))


class Progress:
    """Tell how far a refresh is: on a terminal one line of each source, written over; elsewhere nothing."""

    def __init__(self, language: Language) -> None:
        """Begin, in a language."""
        self.language = language
        self.shown = sys.stderr.isatty()
        self.source = ""

    def __call__(self, source: str, said: str, done: int, of: int) -> None:
        """Write how far a source is."""
        if not self.shown:
            return
        if self.source and source != self.source:
            sys.stderr.write("\n")
        self.source = source
        share = f" {done}/{of}" if of else f" {done}" if done else ""
        line = f"{source}{share} {said}"
        line = "".join(sign if sign.isprintable() else " " for sign in line)[:_WIDTH]
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line."""
        if self.shown and self.source:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.source = ""
