"""The command that tells the usage figures, and the switches of `serve` that have them counted."""

from __future__ import annotations

import argparse
import csv
import io
import logging
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dashboards import usage
from geo.files import write_text
from layers.numbers import date as written_date
from layers.numbers import number
from layers.text import text
from layers.view import LANGUAGES, Language

_COLUMNS = ("day", "kind", "name", "n")
_DAYS = 30


def add_to_serve(serve: argparse.ArgumentParser, language: Language) -> None:
    """Add the switches of the server: where to count, for how long to keep it, and not to count at all."""
    say = _say(language)
    serve.add_argument("--usage", type=Path, metavar="DIR", help=say("usage", variable=usage.VARIABLE))
    serve.add_argument("--usage-days", type=_days, default=usage.KEPT_DAYS, metavar="N", help=say("kept"))
    serve.add_argument("--no-usage", action="store_true", help=say("no_usage", variable=usage.VARIABLE))


def figures(options: argparse.Namespace) -> usage.Store | None:
    """Return where `serve` is to count; None where it is not."""
    folder = usage.folder_of(options.usage, off=options.no_usage)
    return None if folder is None else usage.Store(folder / usage.FILE, options.usage_days)


def add(commands: Any, language: Language) -> None:
    """Add the command that tells the figures."""
    say = _say(language)
    one = commands.add_parser("usage", help=say("about"), description=say("what"))
    one.add_argument("--usage", type=Path, metavar="DIR", help=say("from_dir", variable=usage.VARIABLE))
    one.add_argument("--from", dest="first", type=_day, metavar="DATE", help=say("first", n=_DAYS))
    one.add_argument("--to", dest="last", type=_day, metavar="DATE", help=say("last"))
    one.add_argument("--csv", type=Path, metavar="FILE", help=say("csv"))
    one.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    one.set_defaults(run=_usage)


def _say(language: Language) -> Any:
    def say(key: str, **values: object) -> str:
        return text(f"usage_cli.{key}", language, **values)

    return say


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{word!r} is not a day written 2026-11-30") from error


def _days(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= usage.MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from 1 to {usage.MOST_DAYS}")
    return int(word)


def _usage(options: argparse.Namespace) -> None:
    folder = usage.folder_of(options.usage)
    if folder is None:
        raise usage.UsageError(f"no usage figures are named: give --usage DIR, or set {usage.VARIABLE}")
    path, say = folder / usage.FILE, _say(options.lang)
    if not path.is_file():
        raise usage.UsageError(f"no usage figures in {folder}: nothing was counted there by `serve --usage` yet")
    last = options.last or usage.today()
    first = options.first or last - timedelta(days=_DAYS - 1)
    if first > last:
        raise usage.UsageError(f"--from {first} is after --to {last}: give the earlier day first")
    rows = usage.Store(path).rows(first, last)
    if options.csv:
        write_text(options.csv, _csv(rows))
        logging.getLogger(__name__).info(say("wrote", path=options.csv, n=number(len(rows), options.lang)))
        return
    sys.stdout.write(_told(rows, first, last, options.lang))


def _csv(rows: list[usage.Row]) -> str:
    """Write every figure as it is kept, one a line, as RFC 4180 says."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_COLUMNS)
    table.writerows((row.day.isoformat(), row.kind, row.name, row.n) for row in rows)
    return out.getvalue()


def _told(rows: list[usage.Row], first: date, last: date, language: Language) -> str:
    """Write the sums of a period, what was asked for most first."""
    from dashboards.usage_names import KINDS, called

    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        sums[row.kind, row.name] += row.n
    day = {"first": written_date(first.isoformat(), language), "last": written_date(last.isoformat(), language)}
    lines = [text("usage.period", language, **day)]
    for kind in KINDS:
        found = sorted(
            ((n, name) for (one, name), n in sums.items() if one == kind), key=lambda pair: (-pair[0], pair[1])
        )
        if found:
            lines += ["", text(f"usage.kind_{kind}", language)]
            lines += [f"{number(n, language):>8}  {called(kind, name, language)}" for n, name in found]
    return "\n".join(lines if sums else [*lines, text("usage.none", language)]) + "\n"
