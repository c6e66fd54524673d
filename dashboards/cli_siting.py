"""The command that writes where a kind of project would fit. Hooked into `cli.py` by one call."""

from __future__ import annotations

import argparse
import logging
from functools import partial
from pathlib import Path
from typing import Any

from layers.text import both, text
from layers.view import LANGUAGES, Language

NONE = "none"
GEOTIFF, CSV = (".tif", ".tiff"), (".csv",)
# As layers.siting.ranking ranks them; named here so that other commands need not load numpy.
KINDS = ("communes", "zones")


def add(commands: Any, language: Language) -> None:
    """Add the command of siting to those of the command line."""

    def say(key: str, **values: object) -> str:
        return text(f"siting_cli.{key}", language, **values)

    found = commands.add_parser("siting", help=say("siting"), description=say("siting"))
    found.add_argument("--profile", default="", help=say("profile", example="hydrogen"))
    found.add_argument("--weights", default="", help=say("weights"))
    found.add_argument("--exclude", default="", help=say("exclude"))
    found.add_argument("--step", type=float, default=100.0, help=say("step"))
    found.add_argument("--ranking", type=Path, default=None, help=say("ranking"))
    found.add_argument("--rank", choices=KINDS, default="", help=say("rank"))
    found.add_argument("--sensitivity", type=Path, default=None, help=say("sensitivity"))
    found.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    found.add_argument("--out", type=Path, required=True, help=text("cli.out", language))
    found.set_defaults(run=_siting)


def read_weights(said: str) -> dict[str, float]:
    """Read weights such as `port=3,rail=1`.

    Raises SitingError for words that are none.
    """
    from layers.errors import SitingError

    found: dict[str, float] = {}
    faults = []
    for word in filter(None, (part.strip() for part in said.split(","))):
        name, _, number = word.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            faults.append(both("siting_said.weights_form", came=word))
    if faults:
        raise SitingError(faults)
    return found


def _check_places(options: argparse.Namespace) -> None:
    """Refuse places that cannot be written, two files of one name, and names of another ending.

    Raises RequestError.
    """
    from layers.errors import RequestError
    from layers.snapshot import tables

    endings = {options.out: GEOTIFF, options.ranking: CSV, options.sensitivity: CSV}
    given = [path for path in (options.out, options.ranking, options.sensitivity) if path]
    if len({path.absolute() for path in given}) < len(given):
        raise RequestError(both("siting_said.one_file", names=", ".join(map(str, given))))
    for path in given:
        if path.suffix.lower() not in endings[path]:
            raise RequestError(both("siting_said.ending", name=path.name, ending=endings[path][0]))
        tables.check_place(path)


def _siting(options: argparse.Namespace) -> None:
    from layers import siting
    from layers.errors import SitingError
    from layers.numbers import plain
    from layers.siting import export, ranking

    log = logging.getLogger(__name__)
    _check_places(options)
    made = siting.at(options.step)
    weights: dict[str, float] = read_weights(options.weights)
    exclusions: list[str] = []
    if options.profile:
        profile = made.profile(options.profile)
        # As in a link: what is named weighs otherwise, the rest as in the profile.
        weights, exclusions = {**profile.weights, **weights}, [*profile.exclusions]
    if options.exclude:
        words = [word.strip() for word in options.exclude.split(",") if word.strip()]
        exclusions = [] if words == [NONE] else words
    kind = options.rank
    refused = kind and ranking.absent(kind)
    if refused:
        raise SitingError([refused])
    score = export.write(made, options.out, weights=weights, exclusions=exclusions, profile=options.profile)
    table = siting.ranked(made, score.values, kind=kind)
    told = partial(
        export.told, made, weights=weights, exclusions=exclusions, profile=options.profile, language=options.lang
    )
    if options.ranking:
        export.write_table(told(table), options.ranking)
    if options.sensitivity:
        held = siting.sensitivity(made, weights, exclusions, kind=kind or KINDS[0])
        export.write_table(told(held), options.sensitivity)
    for name, reason in made.absent.items():
        log.info("without %s: %s", name, reason[options.lang])
    unknown = made.unknown(weights)
    if unknown:
        log.info("%s", text("siting_cover.gaps", options.lang, share=plain(unknown * 100, options.lang, most=2)))
    shown = table[table["kind"] == (kind or KINDS[0])]
    best = ", ".join(f"{name} {value:.2f}" for name, value in zip(shown["name"], shown["score"], strict=True))
    log.info("%s", text("siting_said.screening", options.lang))
    log.info(
        "wrote %s (%d kB, %d × %d cells): %s",
        options.out,
        options.out.stat().st_size // 1000,
        made.cells.columns,
        made.cells.rows,
        best,
    )
