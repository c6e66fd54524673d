"""How this server is hosted: where it stands, who may frame it, how much it takes on. One value for the process.

What is read here is set once, before the server begins; whoever asks later asks `hosting.now()`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from geo.errors import GeoError

Log = Literal["text", "json"]

# Sessions that a process holds open. One costs under half a megabyte.
MOST_SESSIONS = 1_000
# Seconds that a process that was told to stop leaves to what it began.
GRACE_S = 20.0
# Characters of a secret; what is shorter, or was copied from an example, can be found out.
LEAST_SECRET = 32
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class HostingError(GeoError):
    """The server cannot be hosted as asked."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """What whoever hosts the map decides.

    `prefix` is where the map stands below its host (`/map`, or empty); `origins` are addresses whose pages may open a
    session besides the server's own; `embed_from` those whose pages may frame the map. `trust_proxy` believes
    X-Forwarded-For and X-Forwarded-Proto. `max_sessions` counts for each process. `grace` is in seconds. `sign_in` is a
    file of names, or `oauth`, or nothing. `rate` limits what one address may ask.
    """

    prefix: str = ""
    origins: tuple[str, ...] = ()
    embed_from: tuple[str, ...] = ()
    trust_proxy: bool = False
    max_sessions: int = MOST_SESSIONS
    grace: float = GRACE_S
    sign_in: Path | Literal["oauth"] | None = None
    rate: bool = True
    log: Log = "text"


_now = [Hosting()]


def now() -> Hosting:
    """Give what was decided for this process."""
    return _now[0]


def decide(hosting: Hosting) -> None:
    """Set what holds from now on; called before the server is made."""
    _now[0] = hosting


def secret(variable: str) -> str | None:
    """Read a secret from the environment, None where none is given. Raises HostingError for one that is too short."""
    found = os.environ.get(variable)
    if found and len(found) < LEAST_SECRET:
        raise HostingError(
            f"{variable} has {len(found)} characters: at least {LEAST_SECRET} expected, as `openssl rand -hex 32` makes"
        )
    return found or None


def prefix(word: str) -> str:
    """Read a prefix: `/map`, `map/` and `/map/` are the same, `/` is none. Raises HostingError."""
    found = f"/{word.strip('/')}" if word.strip("/") else ""
    if found and (not _PREFIX.fullmatch(found) or ".." in found.split("/") or "." in found.split("/")):
        raise HostingError(f"--prefix is {word!r}: a path expected, as /map, of letters, digits and . _ ~ -")
    return found


def origins(words: Sequence[str], option: str) -> tuple[str, ...]:
    """Read addresses as a browser names a page's origin: `https://example.org`, with a port where it is another.

    Raises HostingError with every one that is none.
    """
    wrong = [word for word in words if not _ORIGIN.fullmatch(word)]
    if wrong:
        raise HostingError(
            f"{option} is {', '.join(map(repr, wrong))}: an origin expected, as https://example.org or "
            "http://example.org:8080, without a path"
        )
    return tuple(dict.fromkeys(word.rstrip("/").lower() for word in words))


# Told by form: what stands here goes into headers.
_ORIGIN = re.compile(r"https?://([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(:[1-9][0-9]{0,4})?/?")


def hosts(addresses: Sequence[str]) -> list[str]:
    """Give the hosts of some origins as the server compares them: name and port, 80 where none is said."""
    return [urlsplit(address).netloc for address in addresses]
