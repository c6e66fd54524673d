"""The command that measures a raster by zone."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from layers.text import text
from layers.view import LANGUAGES, Language


def add(commands: Any, language: Language) -> None:
    """Add the command that measures a raster by zone."""

    def say(key: str, **values: object) -> str:
        return text(f"zonal_cli.{key}", language, **values)

    one = commands.add_parser("zonal", help=say("zonal"), description=say("about"))
    one.add_argument("--raster", type=Path, required=True, help=say("raster"))
    one.add_argument("--zones", default="communes", help=say("zones"))
    one.add_argument("--statistics", default="", help=say("statistics"))
    one.add_argument("--bands", default="", help=say("bands"))
    one.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    one.add_argument("--out", type=Path, required=True, help=text("cli.out", language))
    one.set_defaults(run=_zonal)


def _zonal(options: argparse.Namespace) -> None:
    # Rasters take half a second to import, which the other commands need not wait for.
    from geo.raster import USUAL
    from layers import zonal
    from layers.numbers import number

    zonal.check(options.out)
    found = zonal.zoned(
        options.raster,
        options.zones,
        statistics=_words(options.statistics) or USUAL,
        bands=_words(options.bands),
    )
    zonal.write(found, options.out, measured=options.raster, zones=options.zones, language=options.lang)
    log, lang = logging.getLogger(__name__), options.lang
    zones = number(len(found.table), lang)
    log.info(
        text("zonal.wrote", lang, path=options.out, n=zones, bands="; ".join(found.bands), raster=options.raster.name)
    )
    if found.empty:
        log.info(text("zonal.empty", lang, n=number(found.empty, lang)))


def _words(given: str) -> list[str]:
    return [word.strip() for word in given.split(",") if word.strip()]
