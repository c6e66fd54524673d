"""A page for a reader who cannot be let in just now: what the matter is, when to try again, what works meanwhile.

It needs no script: the browser itself asks again after the seconds it names.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import jinja2
from markupsafe import Markup
from tornado.httputil import HTTPServerRequest

from layers.numbers import number
from layers.style import css_variables
from layers.text import language_of, text
from layers.view import LANGUAGES, Language

_TEMPLATES = Path(__file__).parent / "templates"
_NAMES: dict[Language, str] = {"en": "English", "fr": "Français"}
_LOGO = Markup(
    '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="#0E4F79"/><g fill="#fff">'
    '<circle cx="8.5" cy="10.5" r="3"/><circle cx="19" cy="8.6" r="2.2"/>'
    '<circle cx="15.5" cy="19.6" r="2.6"/></g></svg>'
)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True)


@cache
def _tokens() -> Markup:
    # Without a script nothing sets the theme: the browser's own choice does.
    dark = re.sub(r"\[data-theme=dark\](\{[^}]*\})", r"@media (prefers-color-scheme:dark){:root\1}", css_variables())
    return Markup(dark)  # noqa: S704 (our own colours)


@cache
def _style() -> Markup:
    return Markup((_TEMPLATES / "kind.css").read_text(encoding="utf-8"))  # noqa: S704 (a file of ours)


def language(request: HTTPServerRequest) -> Language:
    """Tell the reader's language: what the address says, else what the browser prefers."""
    said = [value for name, value in parse_qsl(request.query[:2_000]) if name == "lang"]
    found = next((name for name in LANGUAGES if said and said[-1] == name), None)
    return found or language_of(request.headers.get("Accept-Language"))


def away(spoken: Language) -> str:
    """Return the page that a proxy shows while no server stands behind it: a file, since nothing of ours runs then."""
    wait = 10
    said = (text("hosting.stopping_said", spoken), text("hosting.again", spoken, n=wait))
    body = Markup("<p>{}</p><p class=quiet role=status>{}</p>").format(*said)
    again = Markup('<p class="do"><a class="first" href="">{}</a></p>').format(text("hosting.now", spoken))
    return _environment().get_template("kind.html").render(
        language=spoken, title=text("hosting.stopping", spoken), body=body + again, wait=wait, tokens=_tokens(),
        style=_style(), logo=_LOGO, other=None,
    )  # fmt: skip


def page(request: HTTPServerRequest, title: str, body: Markup, *, wait: int = 0) -> str:
    """Return a page of the same look; `title` is a text, `body` HTML. After `wait` seconds it asks again, 0 never."""
    spoken = language(request)
    other = LANGUAGES[1 - LANGUAGES.index(spoken)]
    kept = [(name, value) for name, value in parse_qsl(request.query[:2_000]) if name != "lang"]
    # Sent by a form, the page has no address of its own to ask again.
    href = f"?{urlencode([('lang', other), *kept])}" if request.method != "POST" else ""
    template = _environment().get_template("kind.html")
    return template.render(
        language=spoken, title=title, body=body, wait=wait, tokens=_tokens(), style=_style(), logo=_LOGO,
        other={"href": href, "language": other, "name": _NAMES[other]} if href else None,
    )  # fmt: skip


def refusal(request: HTTPServerRequest, why: str, wait: int, *, most: int) -> str:
    """Return the page that says why there is no answer now.

    `why` is `full`, `stopping`, `often`, `closed`, `large` or `length`; `most` is how many bytes are read.
    """
    spoken = language(request)
    parts = [f"<p>{escape(text(f'hosting.{why}_said', spoken, most=number(most, spoken)))}</p>"]
    if wait:
        parts.append(f'<p class="quiet" role="status">{escape(text("hosting.again", spoken, n=wait))}</p>')
        again = escape(text("hosting.now", spoken))
        parts.append(f'<p class="do"><a class="first" href="{escape(_same(request))}">{again}</a></p>')
    return page(request, text(f"hosting.{why}", spoken), Markup("".join(parts)), wait=wait)  # noqa: S704 (escaped above)


def _same(request: HTTPServerRequest) -> str:
    """Give the address that was asked for, without its host; a path that begins with two slashes would name one."""
    return "/" + request.uri.lstrip("/\\") if request.uri else "/"


if __name__ == "__main__":
    for spoken in LANGUAGES:
        path = Path(__file__).parents[1] / "deploy" / f"away.{spoken}.html"
        path.write_text(away(spoken), encoding="utf-8")
