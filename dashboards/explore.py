"""Explore, the investor's page: the map document fills it, a Panel session listens beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import panel as pn

from dashboards import metrics, routes
from dashboards.map_view import MapView
from dashboards.state import Session
from layers.style import css_variables
from layers.text import text
from layers.view import LANGUAGES

# What the page says before the map is there, and in its place when it does not come.
_OPENING = ("what", "loading", "failed", "again")
_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _nonce() -> str:
    """Give the nonce of the answer this page is made for; empty where a session is made without one."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return str(getattr(context.request, "nonce", None) or "") if context and context.request else ""


def _items(docs: list[Any]) -> list[dict[str, Any]]:
    """Give what BokehJS opens the session with, as data: the page then needs no script that is made for it."""
    return [doc.to_json() for doc in docs]


def page() -> pn.Template:
    """Assemble the page of one session."""
    metrics.OPENED.inc()
    session = Session()
    template = pn.Template(_template("explore.html"))
    template.add_panel("map_view", MapView.of(session))
    variables = {
        "map_url": routes.map_url(),
        "host_script": _template("host.js"),
        "tokens": css_variables(),
        "items": _items,
        "nonce": _nonce(),
        "opening": {name: {key: text(f"opening.{key}", name) for key in _OPENING} for name in LANGUAGES},
        "noscript": " ".join(text("document.noscript", language) for language in LANGUAGES),
    }
    for language in LANGUAGES:
        variables[f"title_{language}"] = text("map.label", language)
        variables[f"page_{language}"] = f"{text('document.title', language)} – Provence Map"
    for name, value in variables.items():
        template.add_variable(name, value)
    return template
