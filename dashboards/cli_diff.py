"""The command that compares two snapshots."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from layers.text import text
from layers.view import LANGUAGES, Language


def add(commands: Any, language: Language) -> None:
    """Add the command that compares two snapshots."""
    diff = commands.add_parser("diff", help=text("diff_cli.diff", language))
    diff.add_argument("before", type=Path, metavar="A", help=text("diff_cli.before", language))
    diff.add_argument("after", type=Path, metavar="B", help=text("diff_cli.after", language))
    diff.add_argument("--lang", choices=LANGUAGES, default=language, help=text("cli.lang", language))
    diff.add_argument("--out", type=Path, help=text("diff_cli.out", language))
    diff.set_defaults(run=_diff)


def _diff(options: argparse.Namespace) -> None:
    from layers.snapshot import changes
    from layers.snapshot.diff import compare

    if options.out is not None:
        changes.check(options.out)
    found = compare(options.before, options.after)
    if options.out is None:
        sys.stdout.write(changes.told(found, options.lang))
        return
    changes.write(found, options.out)
    logging.getLogger(__name__).info("wrote %s (%d changes)", options.out, len(found.changes))
