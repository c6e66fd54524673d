"""Build the map document with folium, check that it asks nobody for anything, and save it.

folium makes the map, its panes and its layers; the page around them is our own template, since folium's names ten
addresses on four CDNs. The document holds both languages and both themes: it is the same for everyone.
"""

from __future__ import annotations

import base64
import hashlib
import html as html_escape
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
from folium.map import CustomPane, Layer
from folium.template import Template
from jinja2 import Environment, StrictUndefined

from geo import files
from geo.errors import GeoError
from layers import drape
from layers.catalogue import data_version
from layers.text import text
from layers.view import LANGUAGES, View
from layers.web import assets, payload
from layers.web import beside as outside

# Bottom to top; `pointer_events` stay off everywhere: the script finds what is pointed at by nearest centre.
PANES: tuple[str, ...] = (
    "water", "land", "communes", "poles", "doubt", "access", "industry", "projects", "names", "ring",
)  # fmt: skip
_FIRST_PANE, _PANE_STEP = 410, 10
_PANE_OF = {"water": "water", "neighbours": "land", "communes": "communes", "poles": "poles"}
_BASE = ("neighbours", "water", "communes", "poles")
_MAX_ZOOM = 16


class DocumentError(GeoError):
    """The document would ask another server for something, or was asked for what it cannot show."""


class VectorLayer(Layer):
    """A layer whose features are handed to the document's script under the layer's id."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = "
        "provence.layer({{ this.layer|tojson }}, {{ this.pane|tojson }}, JSON.parse({{ this.json }}));\n"
        "{% endmacro %}"
    )

    def __init__(self, layer: str, geojson: dict[str, Any]) -> None:
        super().__init__(name=layer, overlay=True, control=False)
        self._name, self._id = "VectorLayer", layer
        self.layer = layer
        self.pane = _PANE_OF.get(layer, layer)
        # Text that is parsed as data: a browser reads it in half the time of the same text as a script.
        self.json = dumps(dumps(geojson))


class _Start(folium.MacroElement):
    """The last line of folium's script: the document takes over."""

    _template = Template(
        "{% macro script(this, kwargs) %}provence.start({{ this._parent.get_name() }});\n{% endmacro %}"
    )


@dataclass(frozen=True)
class MapDocument:
    """A whole map in one page. `view` is what it opens on."""

    html: str
    view: View

    @property
    def digest(self) -> str:
        """Name the content: the first 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]

    def save(self, path: str | Path) -> Path:
        """Write the document to one file that opens by double click with the network cut; whole or not at all.

        Raises FormatError when the file cannot be written.
        """
        target = Path(path)
        files.write_text(target, self.html)
        return target

    def _repr_html_(self) -> str:
        """Show the document in a notebook."""
        content = html_escape.escape(self.html)
        return f'<iframe srcdoc="{content}" style="width:100%;height:640px;border:0" title="Provence Map"></iframe>'


def dumps(value: object) -> str:
    """Write JSON that may stand inside a script element: no `<`, no line separator."""
    dense = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return dense.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def make_map(
    layers: tuple[str, ...] | list[str] | None = None,
    *,
    view: View | None = None,
    font: str | None = None,
    pages: tuple[dict[str, object], ...] = (),
    services: str | None = None,
    relief: str | None = None,
    more: Mapping[str, Any] | None = None,
    frames: bool = False,
    siting: Mapping[str, Any] | None = None,
    beside: str | None = None,
) -> MapDocument:
    """Make the map document of some layers (all by default), opening on a View.

    `font` is the address of the typeface where a server has it; None puts it inside, as a file opened from disk
    needs. `pages` are the host's other pages, for the header; `services` is where, seen from the document, its server
    answers (around.json, table.xlsx, brief.pdf, qr.svg), None where there is none. `relief` is where it hands out the
    picture of the relief; without, a View that shows relief has it inside. `siting` says where the criteria of siting
    are: {"url": …} seen from the document, or {"pack": …}, the pack itself; None leaves that part out. `beside` is the
    folder where it hands out layers over their budget, seen from the document; None puts them inside, generalised until
    they fit. `more` is told to the script beside all that, as plain data: the stories of a show. `frames` lets it hold
    other documents of its server. Raises UnknownLayerError, TableError, DocumentError when anything remote is left.
    """
    chosen = payload.check_layers(layers)
    opened = view or View(layers=chosen if layers else View().layers)
    away = without(chosen, beside)
    drawn = made_by_folium(chosen, away)
    told = assets.played(more or {})
    config = payload.config(chosen, view=opened, pages=pages, relief_url=relief, siting=siting, parts=told)
    config |= {"services": services, **(more or {}), **({"beside": outside.config(away, url=beside)} if away else {})}
    parts = told | _parts(chosen, config, away)
    own = assets.joined(assets.names(parts))
    scripts = (assets.leaflet("leaflet.js"), *(assets.tiled() if away else ()), own, drawn.script)
    # StrictUndefined: a slot of the template that nothing fills is an error, not an empty place.
    template = Environment(undefined=StrictUndefined, autoescape=True).from_string(assets.page())
    html = template.render(
        language=opened.language or LANGUAGES[0],
        theme=opened.theme,
        font=font,
        style=assets.style(font, assets.styles(parts)),
        map=drawn.html,
        config=dumps(config),
        scripts=scripts,
        policy=_policy(scripts) + ("; frame-src 'self'" if frames else ""),
        noscript=" ".join(text("document.noscript", language) for language in LANGUAGES),
    )
    if faults := remote_addresses(html):
        raise DocumentError(f"the document would ask for {', '.join(faults)}; it must hold everything itself")
    return MapDocument(html, opened)


def _parts(layers: tuple[str, ...], config: Mapping[str, Any], away: tuple[str, ...]) -> frozenset[str]:
    """Name the parts of the script that the layers of a document ask for."""
    has = {"drapes": any(map(drape.drapes, layers)), "away": bool(away)}
    return frozenset(name for name, there in (has | {n: n in config for n in ("relief", "siting")}).items() if there)


def made_by_folium(layers: tuple[str, ...], away: tuple[str, ...] = ()) -> Drawn:
    """Give the element of the map of some layers over the base, and the script that fills it and starts the document.

    `away` are those whose features it does not hold. Raises TableError for a table that is missing or broken.
    """
    return _drawn(tuple(layer for layer in dict.fromkeys((*_BASE, *layers)) if layer not in away), data_version())


def without(chosen: tuple[str, ...], beside: str | None) -> tuple[str, ...]:
    """Give the layers that the document does not hold as features.

    Without a server areas and lines are inside, coarser; sites over their budget are packed in either case.
    """
    return tuple(layer for layer in outside.layers(chosen) if beside is not None or not drape.drapes(layer))


@dataclass(frozen=True)
class Drawn:
    """What folium makes of some layers: the element of the map and the script that fills it."""

    html: str
    script: str


# A server makes several documents of the same layers: the map, the Present page, each story's file.
@lru_cache(maxsize=4)
def _drawn(layers: tuple[str, ...], version: str) -> Drawn:  # noqa: ARG001 (part of the key: other data, other map)
    """Let folium make the map, its panes and its layers, under names that are the same each time."""
    home = payload.home()
    centre = [(home.south + home.north) / 2, (home.west + home.east) / 2]
    options = {"attribution_control": False, "zoom_snap": 0, "zoom_delta": 0.75, "wheel_px_per_zoom_level": 90}
    map_ = folium.Map(
        location=centre, zoom_start=10, tiles=None, zoom_control=False, max_zoom=_MAX_ZOOM, max_bounds_viscosity=1,
        fade_animation=False, **options,
    )  # fmt: skip
    map_._id = "provence"
    for index, name in enumerate(PANES):
        pane = CustomPane(name, z_index=_FIRST_PANE + _PANE_STEP * index)
        pane._id = name
        pane.add_to(map_)
    for layer in layers:
        VectorLayer(layer, payload.features(layer)).add_to(map_)
    start = _Start()
    start._id = "start"
    start.add_to(map_)
    figure: folium.Figure = map_.get_root()
    figure.render()
    return Drawn(figure.html.render(), figure.script.render())


def _policy(scripts: tuple[str, ...]) -> str:
    """Allow only these very scripts, and nothing from anywhere else: a hostile text that became HTML could not act."""
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; font-src 'self' data:; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


# Another server's address, at the start of an attribute; inside a style sheet; in the lists that some attributes hold.
_ADDRESS = re.compile(r"\s*(?:(?:https?|wss?|ftp):|//)", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:url\(|image-set\(|@import)\s*['\"]?\s*(?:https?:|//)[^)'\"\s]*", re.IGNORECASE)
_IN_LIST = re.compile(r"(?:^|,|url=)\s*(?:https?:|//)", re.IGNORECASE)
_FETCHED = {"src", "poster", "data", "background", "action", "formaction", "xlink:href"}
_FETCHED_BY_HREF = {"link", "use", "image", "base"}


class _Remote(HTMLParser):
    """Collect what a browser would fetch from elsewhere: addresses of elements, not links a person may follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, given in attrs:
            value = given or ""
            fetched = name in _FETCHED or (name == "href" and tag in _FETCHED_BY_HREF)
            listed = name in {"srcset", "imagesrcset"} or (tag == "meta" and name == "content")
            if (fetched and _ADDRESS.match(value)) or (listed and _IN_LIST.search(value)):
                self.found.append(f"<{tag} {name}={value}>")
            elif name == "style":
                self.found += _IN_STYLE.findall(value)

    def handle_data(self, data: str) -> None:
        if self._style:
            self.found += _IN_STYLE.findall(data)


def remote_addresses(html: str) -> list[str]:
    """List every address of another server that opening the page would ask for."""
    parser = _Remote()
    parser.feed(html)
    return parser.found
