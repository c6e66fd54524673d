"""The command that publishes the map as a site of static files. Hooked into `cli.py` by one call."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from layers.text import text
from layers.view import LANGUAGES, Language


def add(commands: Any, language: Language) -> None:
    """Add the command to those of the command line."""

    def say(key: str, **values: object) -> str:
        return text(f"publish_cli.{key}", language, **values)

    site = commands.add_parser("publish", help=say("publish"), description=say("publish"))
    site.add_argument("--out", type=Path, required=True, help=say("out"))
    site.add_argument("--url", default="", help=say("url", example="https://example.org/map/"))
    site.add_argument("--lang", default=",".join(LANGUAGES), dest="languages", help=say("lang"))
    site.add_argument("--stories", default=None, help=say("stories"))
    site.add_argument("--layers", default=None, help=say("layers"))
    site.add_argument("--no-handouts", action="store_true", help=say("no_handouts"))
    site.set_defaults(run=_publish)


def _publish(options: argparse.Namespace) -> None:
    from layers import publish

    log = logging.getLogger(__name__)
    choices = publish.Choices(
        url=options.url,
        languages=_listed(options.languages),
        stories=None if options.stories is None else _listed(options.stories),
        layers=None if options.layers is None else _listed(options.layers),
        handouts=not options.no_handouts,
    )
    shown = sys.stderr.isatty()
    report = publish.publish(options.out, choices, progress=lambda path: shown and log.info("%s", path))
    log.info(
        "wrote %s: %d files, %.1f MB; the map is there after %d kB in gzip",
        report.folder, report.files, report.size / 1_000_000, report.first_load // 1000,
    )  # fmt: skip
    if not choices.url:
        log.info(
            "without --url there is no sitemap, no canonical address and no preview picture: they need a full address"
        )


def _listed(words: str) -> Any:
    """Read a list with commas; each name once."""
    return tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
