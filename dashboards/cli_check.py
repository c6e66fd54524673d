"""The command that tells the health of the data, and with `--live` what the official services answer."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any

from layers import numbers
from layers.text import text
from layers.view import LANGUAGES, Language

if TYPE_CHECKING:
    from layers.refresh.check import Age, Health
    from layers.refresh.smoke import Seen

UNREACHED = 3
_MOST = 20


def add(commands: Any, language: Language) -> None:
    """Add the command that checks."""

    def say(key: str) -> str:
        return text(f"check_cli.{key}", language)

    one = commands.add_parser("check", help=say("check"), description=say("about"))
    one.add_argument("--live", action="store_true", help=say("live"))
    one.add_argument("--json", action="store_true", help=text("cli.json", language))
    one.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    one.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from layers.refresh.check import check

    health = check(today=datetime.now(tz=UTC).astimezone().date())
    if not options.json:
        sys.stdout.write("\n".join(_told(health, options.lang)) + "\n")
        sys.stdout.flush()
    seen = _live(options) if options.live else []
    if options.json:
        document = health.document() | {"program": _program(), "live": [one.document() for one in seen]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    if health.code:
        return health.code
    return UNREACHED if any(not one.answered for one in seen) else 0


def _program() -> str:
    return f"provence-map {version('provence-map')}, Python {platform.python_version()}, {platform.system()}"


def _told(health: Health, language: Language) -> list[str]:
    """Tell what was found in lines."""
    from layers.refresh.check import TOPICS

    def tell(key: str, **values: object) -> str:
        return text(f"check.{key}", language, **values)

    edition = tell("in_edition", edition=health.edition) if health.edition else tell("in_base")
    lines = [_program(), f"{edition} {health.data} ({health.version}), {numbers.date(health.day, language)}"]
    lines += ["  " + tell("refreshed", layer=layer, date=numbers.date(day, language)) for layer, day in
              health.refreshed.items()]  # fmt: skip
    lines += ["", tell("tables", n=len(health.tables), rows=numbers.number(sum(health.tables.values()), language))]
    for topic in TOPICS:
        found = [one for one in health.findings if one.topic == topic]
        lines.append(f"{'✗' if found else '✓'} {tell(f'topic_{topic}')}: {len(found) or tell('nothing')}")
        lines += [f"    {one.said[language]}" for one in found[:_MOST]]
        if len(found) > _MOST:
            lines.append(f"    {tell('more', n=len(found) - _MOST)}")
    lines += ["", tell("ages")]
    for (table, column), ages in groupby(health.ages, key=lambda age: (age.table, age.column)):
        lines.append(_aged(table, column, list(ages), language))
    return lines


def _aged(table: str, column: str, ages: list[Age], language: Language) -> str:
    """Tell the ages of a column in one line."""
    dates = sorted(age.date for age in ages if age.date)
    values = {
        "n": len(ages), "old": sum(age.old for age in ages), "none": len(ages) - len(dates),
        "first": numbers.date(dates[0], language) if dates else "–",
        "last": numbers.date(dates[-1], language) if dates else "–",
    }  # fmt: skip
    return f"  {table}.{column}: {text('check.age', language, **values)}"


def _live(options: argparse.Namespace) -> list[Seen]:
    """Walk the smoke lists; each answer is printed when it comes, in a form that can be sent back."""
    from layers.refresh import smoke
    from layers.sources.registry import CONNECTORS

    seen = []
    if not options.json:
        sys.stdout.write(f"\n{text('check_cli.sent', options.lang)}\n")
    for one in smoke.walk(CONNECTORS.values()):
        seen.append(one)
        if options.json:
            continue
        status = one.failed or f"{one.status} · {one.kind or '–'} · {_size(one)} · {one.seconds} s"
        lines = [f"{'✓' if one.answered else '✗'} {one.connector}: {one.method} {one.url}", f"    {status}",
                 f"    {text('check_cli.expected', options.lang, words=one.expects[options.lang])}"]  # fmt: skip
        if one.first:
            lines.append(f"    | {one.first}")
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    return seen


def _size(one: Seen) -> str:
    return f"{one.bytes} B" if one.whole else f"> {one.bytes} B"
