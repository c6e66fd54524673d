"""The commands of the planner: write a snapshot of layers. Hooked into `cli.py` by one call."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from dashboards import cli_sheet
from layers.text import text
from layers.view import LANGUAGES, Language


def add(commands: Any, language: Language) -> None:
    """Add the planner's commands to those of the command line."""
    _add_export(commands, language)
    cli_sheet.add(commands, language)


def _add_export(commands: Any, language: Language) -> None:
    """Add the command that writes a snapshot."""
    from layers.snapshot.choice import DEFAULT_CRS

    def say(key: str, **values: object) -> str:
        return text(f"export_cli.{key}", language, **values)

    snap = commands.add_parser("export", help=say("export"), description=say("export"))
    snap.add_argument("--layers", required=True, help=say("layers"))
    snap.add_argument("--area", default="metropolis", help=say("area"))
    snap.add_argument("--rule", default="intersect", help=say("rule"))
    snap.add_argument("--where", default="", help=say("where", example="status=operating&pole=martigues-fos"))
    snap.add_argument("--crs", default=str(DEFAULT_CRS), help=say("crs", example=DEFAULT_CRS))
    snap.add_argument("--format", default="gpkg", help=say("format"))
    snap.add_argument("--decimals", default=None, help=say("decimals"))
    snap.add_argument("--columns", action="append", default=[], help=say("columns", example="industry:name,co2_t"))
    snap.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    snap.add_argument("--out", type=Path, required=True, help=text("cli.out", language))
    snap.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from layers import snapshot

    log = logging.getLogger(__name__)
    choice = snapshot.choose(
        layers=[word.strip() for word in options.layers.split(",") if word.strip()],
        area=options.area,
        rule=options.rule,
        where=options.where,
        columns=";".join(options.columns),
        language=options.lang,
        crs=options.crs,
        format=options.format,
        decimals=options.decimals,
    )
    shown = sys.stderr.isatty()
    report = snapshot.export(
        choice, options.out, progress=lambda done, of, said: shown and log.info("%d/%d %s", done, of, said["en"])
    )
    for note in report.notes:
        log.info("note: %s", note["en"])
    kept = ", ".join(f"{rows} {layer}" for layer, rows in report.rows.items())
    log.info(
        "wrote %s (%d kB, EPSG:%d, read back and compared): %s", report.path, report.size // 1000, choice.crs, kept
    )
