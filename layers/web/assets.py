"""The files the document is made of: our scripts and styles, Leaflet from its package, the typeface."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from geo.errors import GeoError
from layers.style import css_variables
from layers.web.lean import lean

_HERE = Path(__file__).parent
# Later files refine earlier ones.
STYLES: tuple[str, ...] = (
    "document", "panels", "timeline", "cards", "compare", "perception", "scenery", "show", "page", "desk", "plan",
    "siting",
)  # fmt: skip
# Joined in this order, without a bundler: a page opened from disk may not import modules. Those of every document;
# the last starts everything.
SCRIPTS: tuple[str, ...] = (
    "dom", "text", "view", "model", "find", "labels", "names", "icons", "framing", "base", "trace", "canvas", "circles",
    "symbols", "map", "describe", "chart", "parts", "grid", "profile", "perception", "cards", "server", "notice",
    "drawer", "tree", "poles", "filters", "panel", "controls", "company", "search", "legend", "timeline", "compare",
    "shortlist", "around", "area_report", "share", "keys", "header", "table", "focus", "room", "actions", "app",
)  # fmt: skip
# Those of some documents only, before the last: a reader of the map need not wait for the composer's.
SHOWN: tuple[str, ...] = (
    "callouts", "scenery_base", "scenery_marks", "pictures", "flight", "scenery",
    "show_state", "slide_chart", "slide_key", "slide", "overview", "show_bar", "show_stage", "show_pointer",
    "speaker", "show",
)  # fmt: skip
BESIDE: tuple[str, ...] = ("page", "pick")
DESK: tuple[str, ...] = ("draft", "scene_form", "composer", "desk")
PLANNED: tuple[str, ...] = ("plan_state", "plan_draw", "plan_form", "plan_preview", "plan_jobs", "plan")
# Where areas or lines lie over the land (layers/drape.py).
DRAPED: tuple[str, ...] = ("drape_shapes", "drape_pens", "drape", "drape_cards")
# Where a layer travels beside the document (layers/budget.py).
AWAY: tuple[str, ...] = ("beside", "clusters", "tiles", "drape_tiles")
# Read by the script that fetches and draws tiles; see vendor/LICENCES.txt.
_TILED = ("pmtiles", "pbf")
# Where terrain is present (layers/relief).
RELIEF: tuple[str, ...] = ("relief",)
# Where the document is told where its criteria of siting are.
SITED: tuple[str, ...] = (
    "siting_grid", "siting_hold", "siting_ranks", "siting_map", "siting_parts", "siting_out", "siting",
)  # fmt: skip
# Only in a published site (layers/publish), after the one that starts everything.
SITE: tuple[str, ...] = ("site",)
# What a document may have besides the map, in the order of the scripts.
PARTS: dict[str, tuple[str, ...]] = {
    "show": SHOWN, "beside": BESIDE, "desk": DESK, "plan": PLANNED,
    "drapes": DRAPED, "away": AWAY, "relief": RELIEF, "siting": SITED,
}  # fmt: skip
_EVERY = frozenset(PARTS)
# Rules that speak of nothing but such a part.
_STYLES_OF = {
    "scenery": "show", "show": "show", "page": "beside", "desk": "desk", "plan": "plan", "siting": "siting",
}  # fmt: skip
# Groups of texts that scripts choose between without a dot behind the name.
_CHOSEN = frozenset({"fresh", "sector", "tech", "seveso", "status"})
FONT = _HERE / "fonts" / "inter.woff2"
_FONT_FACE = '@font-face{{font-family:Inter;src:url({source}) format("woff2");font-weight:400 700;font-display:swap}}'


class AssetError(GeoError):
    """A file the document needs is missing from the installation."""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AssetError(
            f"cannot read {path}: {error.strerror}; install the project again with `make setup`"
        ) from error


@cache
def leaflet(name: str) -> str:
    """Read a file of Leaflet (`leaflet.js`, `leaflet.css`) from the installed package XStatic-Leaflet.

    What would make a browser ask for another file is taken out: the address of the source map, and the pictures of
    controls that this map does not have.
    """
    try:
        path = Path(str(distribution("XStatic-Leaflet").locate_file(f"xstatic/pkg/leaflet/data/{name}")))
    except PackageNotFoundError as error:
        raise AssetError("XStatic-Leaflet is not installed: run `make setup`") from error
    content = re.sub(r"//# sourceMappingURL=\S+", "", _read(path))
    return re.sub(r"url\([^)]*\)", "none", content) if name.endswith(".css") else content


@cache
def tiled() -> tuple[str, ...]:
    """Read the scripts of other people that tiles are read with, without the addresses of their source maps."""
    return tuple(re.sub(r"//# sourceMappingURL=\S+", "", _read(_HERE / "vendor" / f"{name}.js")) for name in _TILED)


@cache
def joined(names: tuple[str, ...]) -> str:
    """Join some of the document's scripts in the order given, without what only their authors read."""
    return "\n".join(lean(_read(_HERE / "js" / f"{name}.js")) for name in names)


def played(more: Iterable[str]) -> frozenset[str]:
    """Name the parts that a document is to play besides the map, by what it is told of."""
    asked = frozenset(more) & {"show", "desk", "plan"}
    return asked | {"beside"} if asked & {"desk", "plan"} else asked


def names(parts: frozenset[str] = _EVERY) -> tuple[str, ...]:
    """Name the scripts of a document with some parts, by default of all, in the order in which they are joined."""
    return (*SCRIPTS[:-1], *(name for part in PARTS if part in parts for name in PARTS[part]), SCRIPTS[-1])


def styles(parts: frozenset[str] = _EVERY) -> tuple[str, ...]:
    """Name the style sheets of a document with some parts, by default of all, in their order."""
    return tuple(name for name in STYLES if _STYLES_OF.get(name) is None or _STYLES_OF[name] in parts)


@cache
def spoken(scripts: tuple[str, ...] = names()) -> frozenset[str]:
    """Return the groups of texts that scripts, all by default, may say: those before a dot at the head of a literal.

    The rest of the texts are for the command line, for paper, for files and for services.
    """
    return frozenset(re.findall(r"[\"'`](\w+)\.", joined(scripts))) | _CHOSEN


def style(font: str | None, sheets: tuple[str, ...] = STYLES) -> str:
    """Join tokens, typeface, Leaflet's and our own rules. `font` is an address; None puts the typeface inside."""
    source = font or f"data:font/woff2;base64,{base64.b64encode(FONT.read_bytes()).decode()}"
    head = (css_variables(), _FONT_FACE.format(source=source), leaflet("leaflet.css"))
    return "\n".join((*head, *(_read(_HERE / "css" / f"{name}.css") for name in sheets)))


def page() -> str:
    """Read the template of the document."""
    return _read(_HERE / "document.html")


def frame() -> str:
    """Give what the template of the document shows: its body, without what is for readers without scripts."""
    return page().partition("<body>")[2].partition("<noscript>")[0]
