"""The commands that run the map for others: `serve` with all that a host decides, `sign-in` that keeps the names."""

from __future__ import annotations

import argparse
import atexit
import getpass
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboards import cli_usage, hosting
from layers.text import text
from layers.view import Language

MOST_PORT, MOST_PROCESSES, MOST_SESSIONS, MOST_GRACE_S = 65535, 64, 100_000, 3_600
LEAST_PASSWORD = 12
_OAUTH = "oauth"

Whole = Callable[[int, int], Callable[[str], int]]


def add(commands: Any, language: Language, whole: Whole) -> None:
    """Add the commands; `whole` makes a reader of whole numbers within bounds."""

    def say(key: str, **values: object) -> str:
        return text(f"serve_cli.{key}", language, **values)

    serve = commands.add_parser("serve", help=say("serve"), description=say("serve"))
    serve.add_argument("--host", default="localhost", help=say("host"))
    serve.add_argument("--port", type=whole(0, MOST_PORT), default=5006, help=say("port"))
    serve.add_argument("--num-procs", type=whole(1, MOST_PROCESSES), default=1, help=say("num_procs"))
    serve.add_argument("--no-open", action="store_true", help=say("no_open"))
    serve.add_argument("--prefix", default="", metavar="/map", help=say("prefix"))
    serve.add_argument(
        "--origin", action="append", default=[], metavar="ORIGIN", help=say("origin", example="https://map.example.org")
    )
    serve.add_argument(
        "--embed-from",
        action="append",
        default=[],
        metavar="ORIGIN",
        help=say("embed_from", example="https://example.org"),
    )
    serve.add_argument("--trust-proxy", action="store_true", help=say("trust_proxy"))
    serve.add_argument(
        "--max-sessions", type=whole(1, MOST_SESSIONS), default=hosting.MOST_SESSIONS,
        help=say("max_sessions", n=hosting.MOST_SESSIONS),
    )  # fmt: skip
    serve.add_argument(
        "--grace", type=whole(0, MOST_GRACE_S), default=int(hosting.GRACE_S), metavar="SECONDS",
        help=say("grace", n=int(hosting.GRACE_S)),
    )  # fmt: skip
    serve.add_argument("--sign-in", default=None, metavar="FILE", help=say("sign_in"))
    serve.add_argument("--no-rate", action="store_true", help=say("no_rate"))
    serve.add_argument("--log", choices=("text", "json"), default="text", help=say("log"))
    cli_usage.add_to_serve(serve, language)
    serve.set_defaults(run=_serve)
    names = commands.add_parser("sign-in", help=say("names"), description=say("names"))
    names.add_argument("--file", type=Path, required=True, help=say("names_file"))
    names.add_argument("--name", default="", help=say("name"))
    names.set_defaults(run=_sign_in)


def _serve(options: argparse.Namespace) -> None:
    if options.num_procs != 1:
        _share_figures()
    file = options.sign_in
    hosting.decide(
        hosting.Hosting(
            prefix=hosting.prefix(options.prefix),
            origins=hosting.origins(options.origin, "--origin"),
            embed_from=hosting.origins(options.embed_from, "--embed-from"),
            trust_proxy=options.trust_proxy,
            max_sessions=options.max_sessions,
            grace=float(options.grace),
            sign_in=_OAUTH if file == _OAUTH else Path(file) if file else None,
            rate=not options.no_rate,
            log=options.log,
        )
    )
    # Panel takes a second to import, which the other commands need not wait for.
    from dashboards import logs
    from dashboards.server import serve

    logs.begin(options.log)
    serve(
        host=options.host, port=options.port, num_procs=options.num_procs, show=not options.no_open,
        figures=cli_usage.figures(options),
    )  # fmt: skip


def _share_figures() -> None:
    """Make the folder in which several processes count together; the one that made it takes it away."""
    folder, owner = tempfile.mkdtemp(prefix="provence-map-figures-"), os.getpid()
    # Read by prometheus_client as it is imported, which must not have happened yet.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)


def _sign_in(options: argparse.Namespace) -> None:
    from dashboards import signin

    name = options.name.strip()
    if not name:
        raise hosting.HostingError("--name is empty: name whoever is to sign in")
    # Asked for without an echo where a person sits there, else read from what is piped in.
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(password) < LEAST_PASSWORD:
        raise hosting.HostingError(
            f"the password has {len(password)} characters: at least {LEAST_PASSWORD} expected; nothing was written"
        )
    signin.write(options.file, name, password)
    logging.getLogger(__name__).info("wrote %s: %s may sign in", options.file, name)
