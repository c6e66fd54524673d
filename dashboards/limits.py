"""How often an address may ask: so many at once, then so many a second; nothing is kept of one that rests.

Addresses are kept as a keyed hash whose key is made anew with each process: what is in memory names nobody.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboards import hosting

_SALT = secrets.token_bytes(16)


def who(address: str | None) -> str:
    """Name an address by a hash that no other process makes; all of a home's IPv6 addresses (a /64) are one."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        named = address or ""
    else:
        named = str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
    return hashlib.blake2b(named.encode(), key=_SALT, digest_size=8).hexdigest()


@dataclass
class Limit:
    """A bucket of `burst` requests per address, refilled by `per_second`; at most `most` addresses are remembered."""

    burst: int
    per_second: float
    most: int = 2_000
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_where_limited(self, address: str) -> float:
        """Do the same where what an address asks is limited; without (`--no-rate`), every request may be answered."""
        return self.wait(address) if hosting.now().rate else 0.0

    def wait(self, address: str) -> float:
        """Count a request; return 0 when it may be answered, else the seconds until one may."""
        address = who(address)
        now = self.clock()
        left, then = self._left.pop(address, (float(self.burst), now))
        left = min(self.burst, left + (now - then) * self.per_second)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > self.most:
            # The one that asked longest ago goes: it has most likely its whole bucket again.
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.per_second
