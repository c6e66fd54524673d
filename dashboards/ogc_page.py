"""The OGC API as plain pages: the same resources for a person, in one language, without a script or another server."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dashboards import plain_style
from layers import numbers
from layers.ogc import collections
from layers.ogc.collections import SYSTEMS
from layers.ogc.resources import Asker, Resource
from layers.text import text
from layers.view import LANGUAGES, Language

_TEMPLATES = Path(__file__).parent / "templates"
SHEETS = ("ogc.css",)
_METHOD = "get"


def page(kind: str, resource: Resource, asker: Asker, *, parts: tuple[str, ...] = ()) -> bytes:
    """Write the page of a resource; every text of the data is set as text."""
    found = collections.collection(parts[0]) if parts else None
    links = resource.get("links", [])
    values: dict[str, Any] = {
        "kind": kind,
        "resource": resource,
        "asker": asker,
        "found": found,
        "title": _title(kind, resource, asker, parts),
        "links": {link["rel"]: link["href"] for link in reversed(links)},
        "switched": lambda language: _switched(links, language),
        "other": [name for name in LANGUAGES if name != asker.language],
        "systems": SYSTEMS,
        "number": lambda value: numbers.number(value, asker.language),
        "cell": lambda value: _cell(value, asker),
        "operations": _operations(resource) if kind == "api" else [],
        "counted": {name: len(collections.collection(name).keys) for name in collections.ids()},
        "word": lambda key: text(key, asker.language),
        "style": Markup(plain_style.style(*SHEETS)),  # noqa: S704 (our own style sheet)
    }
    return _template().render(values).encode()


def _switched(links: list[Resource], language: Language) -> str:
    """Give the address of the same page in another language: all it was asked for stays."""
    own = next((link["href"] for link in links if link["rel"] == "alternate"), "?f=html")
    path, _, query = own.partition("?")
    said = dict(parse_qsl(query, keep_blank_values=True))
    return f"{path}?{urlencode({**said, 'lang': language})}"


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_TEMPLATES / "ogc.html").read_text(encoding="utf-8"))


def _title(kind: str, resource: Resource, asker: Asker, parts: tuple[str, ...]) -> str:
    if kind == "item":
        told = resource["properties"]
        return str(
            told.get(f"name_{asker.language}") or told.get("name") or told.get(f"belief_{asker.language}") or parts[1]
        )
    if parts:
        return collections.collection(parts[0]).layer.title(asker.language)
    return asker.say("title") if kind == "landing" else asker.say(kind)


def _cell(value: Any, asker: Asker) -> str:
    """Write a value: a year or a code as it is, what is absent as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return asker.say("yes" if value else "no")
    if isinstance(value, float):
        return numbers.plain(value, asker.language, most=8)
    return str(value)


def _operations(document: Resource) -> list[dict[str, Any]]:
    """List the requests of an OpenAPI document: path, summary, and the parameters in full."""
    shared = document["components"]["parameters"]

    def whole(parameter: Resource) -> Resource:
        found: Resource = shared[parameter["$ref"].rsplit("/", 1)[1]] if "$ref" in parameter else parameter
        return found

    return [
        {
            "path": path,
            "summary": operations[_METHOD]["summary"],
            "parameters": [whole(parameter) for parameter in operations[_METHOD]["parameters"]],
        }
        for path, operations in document["paths"].items()
    ]
