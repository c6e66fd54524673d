"""The usage figures as a page: bars with their table, in French and English, without a script.

Who may look: whoever sits at the machine, or is signed in where the server asks for that. Behind a proxy every request
comes from this machine: one that was passed on, as its headers or its host name tell, is refused.
"""

from __future__ import annotations

import ipaddress
import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from http import HTTPStatus
from inspect import isawaitable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from tornado.web import RequestHandler

from dashboards import plain_style, usage
from dashboards.services import Answer, Service
from dashboards.usage_names import KINDS, called
from layers import numbers
from layers.text import both, language_of, text
from layers.view import LANGUAGES, Language

log = logging.getLogger(__name__)

PERIODS = (7, 30, 90, 365)
# Smaller numbers are not told exactly: on a quiet day they would say what a single colleague did.
LEAST = 5
# The chart of days, in px of its own drawing.
_WIDE, _HIGH = 720, 140
_PASSED_ON = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Host")
_TEMPLATES = Path(__file__).parent / "templates"
SHEETS = ("ogc.css", "usage.css")


class Usage(Service):
    """Answer with the page, to whom it is for."""

    def initialize(self) -> None:  # type: ignore[override]
        """Take nothing: the address says all."""

    async def get(self) -> None:
        """Answer with the page, or refuse in both languages."""
        if not usage.on():
            self.refuse(HTTPStatus.NOT_FOUND, both("usage.off"))
        elif not _at_the_machine(self) and not await _signed_in(self):
            self.refuse(HTTPStatus.FORBIDDEN, both("usage.closed"))
        else:
            try:
                await self.answer(self._page)
            except usage.UsageError as error:
                log.warning("%s", error)
                self.refuse(HTTPStatus.INTERNAL_SERVER_ERROR, both("usage.broken"))

    def _page(self) -> Answer:
        """Read the figures and write the page, off the event loop."""
        named = self.get_query_argument("lang", "")
        language = next((one for one in LANGUAGES if one == named), None)
        asked = self.get_query_argument("days", "")
        days = int(asked) if asked in {str(n) for n in PERIODS} else PERIODS[1]
        body = page(language or language_of(self.request.headers.get("Accept-Language")), days)
        more = (("Content-Security-Policy", plain_style.policy(*SHEETS)), ("Referrer-Policy", "no-referrer"))
        return Answer(body, "text/html; charset=utf-8", "no-store", more=more)


def page(language: Language, days: int) -> bytes:
    """Write the page of the last days, today included. Raises UsageError."""
    store = usage.store()
    last = usage.today()
    first = last - timedelta(days=days - 1)
    rows = store.rows(first, last) if store else []
    sums: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    opened: Counter[date] = Counter()
    for row in rows:
        if row.kind in sums:
            sums[row.kind][row.name] += row.n
        if row.kind == "page":
            opened[row.day] += row.n
    say = partial(_say, language)
    told = {"first": numbers.date(first.isoformat(), language), "last": numbers.date(last.isoformat(), language)}
    total = sum(opened.values())
    return _template().render(
        language=language,
        say=say,
        few=partial(_few, language=language),
        least=LEAST,
        period=say("period", **told),
        total=say("pages", n=numbers.number(total, language)) if total >= LEAST else say("pages_few", least=LEAST),
        days=days,
        periods=[(n, say("days", n=numbers.number(n, language))) for n in PERIODS],
        columns=_columns(opened, first, days, language),
        high=_HIGH,
        wide=_WIDE,
        highest=max(opened.values(), default=0),
        groups=[_group(kind, sums[kind], language) for kind in KINDS if sums[kind]],
        kept=_kept(store.kept_days if store else usage.KEPT_DAYS, say, language),
        other=[name for name in LANGUAGES if name != language],
        style=Markup(plain_style.style(*SHEETS)),  # noqa: S704 (our own style sheet)
    ).encode()  # fmt: skip


def _say(language: Language, key: str, **values: object) -> str:
    return text(f"usage.{key}", language, **values)


def _kept(days: int, say: Callable[..., str], language: Language) -> str:
    return say("kept_one") if days == 1 else say("kept_other", n=numbers.number(days, language))


def _few(n: int, language: Language) -> str:
    """Write a number, a small one without saying which; none is none."""
    return text("usage.few", language, least=LEAST) if 0 < n < LEAST else numbers.number(n, language)


def _seen(n: int) -> int:
    """Return the number that a bar is drawn from: a bar must not tell what the number beside it does not."""
    return LEAST if 0 < n < LEAST else n


def _columns(opened: Counter[date], first: date, days: int, language: Language) -> list[dict[str, Any]]:
    """Lay the columns of the days: place and size in px, what is said of each."""
    most = max((_seen(n) for n in opened.values()), default=0) or 1
    step = _WIDE / days
    made = []
    for place in range(days):
        day = first + timedelta(days=place)
        high = _seen(opened[day]) * _HIGH / most
        shape = {"x": f"{place * step + step * 0.1:.1f}", "y": f"{_HIGH - high:.1f}", "w": f"{step * 0.8:.1f}"}
        made.append(shape | {"h": f"{high:.1f}", "n": opened[day], "day": numbers.date(day.isoformat(), language)})
    return made


def _group(kind: str, sums: Counter[str], language: Language) -> dict[str, Any]:
    """Give the rows of a kind, what was asked for most first; `part` is the length of a bar, in percent."""
    most = max(map(_seen, sums.values()))
    rows = sorted(sums.items(), key=lambda pair: (-_seen(pair[1]), called(kind, pair[0], language)))
    return {
        "title": text(f"usage.kind_{kind}", language),
        "rows": [
            {"name": called(kind, name, language), "n": n, "part": f"{100 * _seen(n) / most:.1f}"} for name, n in rows
        ],
    }


def _at_the_machine(handler: RequestHandler) -> bool:
    """Tell whether a request was made on this machine, to it by its own name, and not passed on by a proxy."""
    request = handler.request
    if any(name in request.headers for name in _PASSED_ON):
        return False
    # A page elsewhere may have its name lead here: only our own names are ours.
    host = urlsplit(f"//{request.host}").hostname or ""
    return (host == "localhost" or _loopback(host)) and _loopback(request.remote_ip or "")


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


async def _signed_in(handler: RequestHandler) -> bool:
    """Tell whether the server's sign-in, where it has one, knows who asks; a guest is nobody."""
    provider = getattr(handler.application, "auth_provider", None)
    ask = provider and (provider.get_user_async or provider.get_user)
    user = ask(handler) if ask else None
    if isawaitable(user):
        user = await user
    return bool(user) and user not in {"guest", b"guest"}


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_TEMPLATES / "usage.html").read_text(encoding="utf-8"))


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [(r"/usage", Usage, {})]
