"""Explore, the investor's page: the map document fills it, a Panel session listens beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import panel as pn

from dashboards import routes, usage_heard
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


def page() -> pn.Template:
    """Assemble the page of one session."""
    session = Session()
    template = pn.Template(_template("explore.html"))
    view = MapView.of(session)
    usage_heard.follow(session, view)
    template.add_panel("map_view", view)
    variables = {
        "map_url": routes.map_url(),
        "host_script": _template("host.js"),
        "tokens": css_variables(),
        "opening": {name: {key: text(f"opening.{key}", name) for key in _OPENING} for name in LANGUAGES},
        "noscript": " ".join(text("document.noscript", language) for language in LANGUAGES),
    }
    for language in LANGUAGES:
        variables[f"title_{language}"] = text("map.label", language)
        variables[f"page_{language}"] = f"{text('document.title', language)} – Provence Map"
    for name, value in variables.items():
        template.add_variable(name, value)
    return template
