"""The command that takes up terrain a person gives, or says which terrain the map has."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from layers.text import both, text
from layers.view import LANGUAGES, Language


def add(commands: Any, language: Language) -> None:
    """Add the command of the relief."""

    def say(key: str) -> str:
        return text(f"relief_cli.{key}", language)

    one = commands.add_parser("relief", help=say("relief"), description=say("relief"))
    one.add_argument("--from", dest="given", type=Path, default=None, metavar="FILE", help=say("from"))
    one.add_argument("--source", default="", metavar="TEXT", help=say("source"))
    one.add_argument("--vintage", default="", metavar="TEXT", help=say("vintage"))
    one.add_argument("--out", type=Path, default=None, metavar="DIR", help=say("out"))
    one.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    one.set_defaults(run=_relief)


def there() -> bool:
    """Return that there is terrain. Raises ReliefError, which says how to get it, where there is none to use."""
    from layers.relief import ReliefError, terrain

    if terrain.in_force() is None:
        raise ReliefError(terrain.fault() or both("relief.not_here"))
    return True


def _relief(options: argparse.Namespace) -> None:
    from layers import editions
    from layers.relief import given, terrain

    if options.given is None:
        _tell(options.lang)
        return
    live, base = options.out or editions.live_dir(), editions.base_dir()
    folder = given.give(options.given, live=live, base=base, source=options.source, vintage=options.vintage)
    log = logging.getLogger(__name__)
    with editions.using(folder):
        found, made = terrain.in_force(), terrain.picture()
    if found is not None and made is not None:
        low, high = made.range
        log.info("%s", text("relief_cli.taken", options.lang, folder=folder, low=low, high=high))
        if said := terrain.averaged(terrain.given_of(folder))[options.lang]:
            log.info("%s", said)


def _tell(language: Language) -> None:
    """Say which terrain the map has, or how to get some."""
    from layers.relief import terrain

    found = terrain.in_force()
    absent = terrain.fault() or both("relief.not_here")
    said = terrain.words(found.source)[language] if found else absent[language]
    sys.stdout.write(f"{said}\n")
