"""The commands of print: a sheet, and an atlas of sheets. Hooked into `cli_plan.py` by one call."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.errors import GeoError
from geo.files import write_bytes
from layers.text import text
from layers.view import LANGUAGES, Language, View

_ENDINGS = (".pdf", ".png", ".svg")


class OutError(GeoError):
    """A file cannot be written under the name that was given."""


def add(commands: Any, language: Language) -> None:
    """Add the commands `sheet` and `atlas` to those of the command line."""
    _add_sheet(commands, language)
    _add_atlas(commands, language)


def _add_sheet(commands: Any, language: Language) -> None:
    one = commands.add_parser("sheet", help=text("sheet_cli.sheet", language))
    one.add_argument("--title", default="", help=text("sheet_cli.title", language))
    one.add_argument("--dpi", type=int, default=200, help=text("sheet_cli.dpi", language))
    _add_common(one, language, size="a3")
    one.set_defaults(run=_sheet)


def _add_atlas(commands: Any, language: Language) -> None:
    many = commands.add_parser("atlas", help=text("sheet_cli.atlas", language))
    many.add_argument("--by", default="commune", help=text("sheet_cli.by", language))
    many.add_argument("--title", default="", help=text("sheet_cli.title", language))
    many.add_argument("--processes", type=int, default=1, help=text("sheet_cli.processes", language))
    many.add_argument("--dask", default=None, metavar="tcp://HOST:PORT", help=text("sheet_cli.dask", language))
    _add_common(many, language, size="a4")
    many.set_defaults(run=_atlas)


def _add_common(parser: Any, language: Language, *, size: str) -> None:
    """Add what a sheet and the sheets of an atlas are asked to be."""
    from layers.sheet import HERE, ORIENTATIONS, PAPERS, SCALES

    def say(key: str, **values: object) -> str:
        return text(f"sheet_cli.{key}", language, **values)

    parser.add_argument("--layers", default="", help=say("layers"))
    parser.add_argument("--area", default="metropolis", help=say("area"))
    parser.add_argument("--where", default="", help=say("where", example="status=operating&year=2022"))
    parser.add_argument("--size", choices=PAPERS, default=size, help=say("size"))
    parser.add_argument("--orientation", choices=ORIENTATIONS, default=ORIENTATIONS[0], help=say("orientation"))
    parser.add_argument("--scale", type=int, default=None, help=say("scale", known=", ".join(map(str, SCALES))))
    parser.add_argument("--crs", type=int, default=2154, help=say("crs"))
    parser.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    parser.add_argument("--address", default=HERE, help=say("address"))
    parser.add_argument("--out", type=Path, required=True, help=text("cli.out", language))


def _plan(options: argparse.Namespace) -> Any:
    """Read the options as a sheet, issued today. Raises GeoError for what cannot be."""
    from layers import sheet
    from layers.snapshot import Area
    from layers.web.payload import check_layers

    chosen = tuple(word.strip() for word in options.layers.split(",") if word.strip())
    view, ignored = View.explain(options.where)
    if ignored:
        said = "; ".join(f"{part}: {why}" for part, why in ignored)
        raise OutError(f"--where cannot be read: {said}; write it as the address of a map has it")
    layers = check_layers(None if chosen == ("all",) else chosen) if chosen else view.layers
    return sheet.Sheet(
        area=Area.parse(options.area),
        view=view.with_(layers=layers),
        today=datetime.now(tz=UTC).astimezone().date(),
        language=options.lang,
        title=options.title,
        paper=options.size,
        orientation=options.orientation,
        scale=options.scale,
        crs=options.crs,
        address=options.address,
    )


def _sheet(options: argparse.Namespace) -> None:
    from layers import sheet

    ending = _ending(options.out, _ENDINGS)
    plan = _plan(options)
    log = logging.getLogger(__name__)
    pages = sheet.pages(plan)
    writers: dict[str, Callable[[int], bytes]] = {
        ".png": lambda number: sheet.write_png(plan, dpi=options.dpi, number=number),
        ".svg": lambda number: sheet.write_svg(plan, number=number),
    }
    files = [(options.out, sheet.write_pdf(plan))] if ending == ".pdf" else []
    for number in range(1, pages + 1 if ending != ".pdf" else 1):
        # A picture holds one page: the second has a file of its own.
        name = options.out if number == 1 else options.out.with_stem(f"{options.out.stem}-{number}")
        files.append((name, writers[ending](number)))
    for path, data in files:
        write_bytes(path, data)
        log.info("wrote %s (%d kB)", path, len(data) // 1000)
    if plan.cut:
        log.info("note: the area goes beyond the frame at 1:%d; leave --scale out to fit it", plan.frame().scale)


def _atlas(options: argparse.Namespace) -> None:
    from layers.sheet import atlas

    _ending(options.out, (".pdf",))
    log = logging.getLogger(__name__)
    shown = sys.stderr.isatty()
    made = atlas.write(
        _plan(options), by=options.by, processes=options.processes, dask=options.dask,
        progress=lambda done, of: log.info("sheet %d of %d", done, of) if shown else None,
    )  # fmt: skip
    write_bytes(options.out, made.pdf)
    log.info(
        "wrote %s (%d kB): %d sheets in %.1f s, %.2f s a sheet (%.2f to %.2f)", options.out, len(made.pdf) // 1000,
        len(made.sheets), made.seconds, made.each, min(made.sheets), max(made.sheets),
    )  # fmt: skip


def _ending(path: Path, known: tuple[str, ...]) -> str:
    ending = path.suffix.lower()
    if ending not in known:
        raise OutError(f"--out is {str(path)!r}: name a file that ends with {', '.join(known)}")
    return ending
