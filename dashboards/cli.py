"""The command line: serve the map, list its layers, write it, a brief, a show or its handouts, take a snapshot."""

from __future__ import annotations

import argparse
import json
import locale
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboards import (
    cli_check,
    cli_plan,
    cli_publish,
    cli_refresh,
    cli_relief,
    cli_serve,
    cli_siting,
    cli_usage,
    cli_zonal,
)
from geo.errors import GeoError
from geo.files import write_bytes
from layers import catalogue
from layers.text import language_of, text
from layers.view import FIRST_YEAR, HORIZON, KEPT, LANGUAGES, MOST_KEPT, Language, View

if TYPE_CHECKING:
    # Commands that tell no story need not wait for what reads one.
    from layers.stories import Story

FAILED = 2
# Where `serve` opens the map when nothing else is said.
HERE = "http://localhost:5006/"


class ShowError(GeoError):
    """A show cannot be written as asked, or a file is not the show it was."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one line on standard error when it could not, else what it gives."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for noisy in ("bokeh", "tornado", "panel", "pyogrio", "httpx", "httpcore", "rasterio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    options = _parser(_language()).parse_args(arguments)
    try:
        code: int | None = options.run(options)
    except GeoError as error:
        # What is told in both languages is told in that of the command, else of the terminal.
        said: dict[Language, str] = getattr(error, "said", {})
        told = said.get(getattr(options, "lang", None) or _language(), str(error))
        # The spaces of French before a colon are its own.
        line = re.sub(r"[ \t\r\n]+", " ", told.strip())
        sys.stderr.write(f"provence-map: {line}\n")
        return FAILED
    return code or 0


def _language() -> Language:
    """Take the language of the terminal."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return language_of(named or locale.getlocale()[0])


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers within bounds, for argparse."""

    def read(word: str) -> int:
        number = int(word) if word.removeprefix("-").isdecimal() else None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from {least} to {most}")
        return number

    return read


def _parser(language: Language) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return text(f"cli.{key}", language)

    parser = argparse.ArgumentParser(prog="provence-map", description=say("about"))
    commands = parser.add_subparsers(required=True, metavar=say("command"))
    cli_serve.add(commands, language, _whole)
    listing = commands.add_parser("layers", help=say("layers"))
    listing.add_argument("--json", action="store_true", help=say("json"))
    listing.add_argument("--lang", choices=LANGUAGES, default=language, help=say("lang"))
    listing.set_defaults(run=_layers)
    one_file = commands.add_parser("map", help=say("map"))
    one_file.add_argument("--layers", default="", help=say("chosen"))
    one_file.add_argument("--lang", choices=LANGUAGES, default=None, help=say("lang"))
    one_file.add_argument("--siting", action="store_true", help=say("siting"))
    one_file.add_argument("--relief", action="store_true", help=text("relief_cli.shown", language))
    one_file.add_argument("--out", type=Path, required=True, help=say("out"))
    one_file.set_defaults(run=_map)
    _add_brief(commands, language)
    _add_present(commands, language)
    cli_plan.add(commands, language)
    cli_publish.add(commands, language)
    cli_refresh.add(commands, language)
    cli_check.add(commands, language)
    cli_siting.add(commands, language)
    cli_relief.add(commands, language)
    cli_zonal.add(commands, language)
    cli_usage.add(commands, language)
    return parser


def _add_brief(commands: Any, language: Language) -> None:
    """Add the command that writes a brief."""
    paper = commands.add_parser("brief", help=text("brief_cli.brief", language))
    paper.add_argument("--keep", required=True, help=text("brief_cli.keep", language, example="site:arcelormittal-fos"))
    paper.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    paper.add_argument("--year", type=_whole(FIRST_YEAR, HORIZON), default=None, help=text("brief_cli.year", language))
    paper.add_argument("--title", default=None, help=text("brief_cli.title", language))
    paper.add_argument("--address", default=HERE, help=text("brief_cli.address", language))
    paper.add_argument("--out", type=Path, required=True, help=text("cli.out", language))
    paper.set_defaults(run=_brief)


def _add_present(commands: Any, language: Language) -> None:
    """Add the command that writes a story to a file, or checks one that was written."""
    show = commands.add_parser("present", help=text("present_cli.present", language))
    show.add_argument("--story", default="pitch", help=text("present_cli.story", language))
    show.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    show.add_argument("--out", type=Path, help=text("present_cli.out", language))
    show.add_argument("--list", action="store_true", help=text("present_cli.list", language))
    show.add_argument("--verify", type=Path, metavar="FILE", help=text("present_cli.verify", language))
    show.set_defaults(run=_present)


def _layers(options: argparse.Namespace) -> None:
    known = catalogue.catalogue()
    found = [
        {
            "id": layer.id,
            "title": layer.title(options.lang),
            "features": len(catalogue.load(layer.id)),
            "geometry": layer.geometry,
            "source": "; ".join(
                dict.fromkeys(source.word("publisher", options.lang) for source in known.sources_of(layer.id))
            ),
            "licence": "; ".join(
                dict.fromkeys(source.word("licence", options.lang) for source in known.sources_of(layer.id))
            ),
            "vintage": layer.word("vintage", options.lang),
        }
        for layer in known.layers.values()
    ]
    if options.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    for row in found:
        lines = [f"{row['id']}: {row['title']}", f"  {row['features']} × {row['geometry']} · {row['vintage']}"]
        lines += [f"  {row['source']}", f"  {row['licence']}"]
        sys.stdout.write("\n".join(lines) + "\n")


def _map(options: argparse.Namespace) -> None:
    from layers.web import make_map, siting
    from layers.web.payload import check_layers

    chosen = tuple(word.strip() for word in options.layers.split(",") if word.strip())
    view = View(layers=check_layers(chosen) if chosen else View().layers, language=options.lang)
    if options.relief:
        view = view.with_(relief=cli_relief.there())
    pack = {"pack": siting.packed()} if options.siting else None
    path = make_map(chosen or None, view=view, siting=pack).save(options.out)
    logging.getLogger(__name__).info("wrote %s (%d kB): open it with a double click", path, path.stat().st_size // 1000)


def _brief(options: argparse.Namespace) -> None:
    from layers import brief

    keys = tuple(word.strip() for word in options.keep.split(",") if word.strip())
    # Words that are no key at all are left out of the address: the brief itself names them.
    kept = tuple(key for key in keys if key.partition(":")[0] in KEPT)[:MOST_KEPT]
    view, _ = View.from_query(f"keep={','.join(kept)}")
    query = view.with_(language=options.lang, year=options.year, panel="shortlist").to_query()
    pdf = brief.write(
        keys,
        year=options.year or catalogue.last_year(),
        language=options.lang,
        address=f"{options.address}?{query}",
        today=datetime.now(tz=UTC).astimezone().date(),
        title=options.title,
    )
    write_bytes(options.out, pdf)
    logging.getLogger(__name__).info("wrote %s (%d kB, two pages)", options.out, len(pdf) // 1000)


def _present(options: argparse.Namespace) -> None:
    from layers import stories
    from layers.web import show

    log = logging.getLogger(__name__)
    if options.list:
        for name in stories.ids():
            told = stories.read(name)
            sys.stdout.write(f"{name}: {told.title[options.lang]}\n  {told.about[options.lang]}\n")
        return
    if options.verify:
        checksum, sound = show.verify(options.verify)
        if not sound:
            raise ShowError(f"{options.verify} is not as it was made (checksum {checksum}): write it again")
        log.info("%s is as it was made, checksum %s", options.verify, checksum)
        return
    if options.out is None or options.out.suffix.lower() not in SHOWN:
        raise ShowError(f"--out is {str(options.out or '')!r}: name a file that ends with {', '.join(SHOWN)}")
    told = stories.read(options.story)
    made = SHOWN[options.out.suffix.lower()](told, options.lang)
    write_bytes(options.out, made)
    log.info(
        "wrote %s (%d kB, %d scenes): %s", options.out, len(made) // 1000, len(told.scenes), told.title[options.lang]
    )


def _html(told: Story, language: Language) -> bytes:
    from layers.web import make_show

    return make_show([told], language=language).html.encode()


def _pdf(told: Story, language: Language) -> bytes:
    from layers import stories
    from layers.handout import pdf
    from layers.web import show

    return pdf.write(stories.resolved(told), language, show.colophon())


def _pptx(told: Story, language: Language) -> bytes:
    from layers import stories
    from layers.handout import deck
    from layers.web import show

    return deck.write(stories.resolved(told), language, show.colophon())


# What a story can be written as, by the end of the file's name.
SHOWN: dict[str, Callable[[Story, Language], bytes]] = {".html": _html, ".pdf": _pdf, ".pptx": _pptx}


if __name__ == "__main__":
    sys.exit(main())
