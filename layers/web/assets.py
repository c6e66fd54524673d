"""The files the document is made of: our scripts and styles, Leaflet from its package, the typeface."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from geo.errors import GeoError
from layers.style import css_variables

_HERE = Path(__file__).parent
# Later files refine earlier ones.
STYLES: tuple[str, ...] = (
    "document", "panels", "timeline", "cards", "compare", "perception", "scenery", "show", "page", "desk", "plan",
    "siting",
)  # fmt: skip
# Joined in this order, without a bundler: a page opened from disk may not import modules.
SCRIPTS: tuple[str, ...] = (
    "dom", "text", "view", "model", "find", "labels", "names", "icons", "base", "trace", "canvas", "circles", "symbols",
    "map", "describe", "chart", "parts", "grid", "profile", "perception", "cards", "server", "notice", "drawer", "tree",
    "poles", "filters", "panel", "controls", "company", "search", "legend", "timeline", "compare", "shortlist",
    "around", "area_report", "share", "keys", "header", "table", "focus", "actions",
    "framing", "callouts", "scenery_base", "scenery_marks", "pictures", "flight", "scenery",
    "show_state", "slide_chart", "slide_key", "slide", "overview", "show_bar", "show_stage", "show_pointer",
    "speaker", "show",
    "page", "draft", "pick", "scene_form", "composer", "desk",
    "plan_state", "plan_draw", "plan_form", "plan_preview", "plan_jobs", "plan", "app",
)  # fmt: skip
# Only where areas or lines lie over the land (layers/drape.py); before the last, which starts everything.
DRAPED: tuple[str, ...] = ("drape_shapes", "drape_pens", "drape", "drape_cards")
# Only where a layer travels beside the document (layers/budget.py).
BESIDE: tuple[str, ...] = ("beside", "clusters", "tiles", "drape_tiles")
# Read by the script that fetches and draws tiles; see vendor/LICENCES.txt.
_TILED = ("pmtiles", "pbf")
# Only where terrain is present (layers/relief).
RELIEF: tuple[str, ...] = ("relief",)
# Only where the document is told where its criteria of siting are; before the last as well.
SITED: tuple[str, ...] = (
    "siting_grid", "siting_hold", "siting_ranks", "siting_map", "siting_parts", "siting_out", "siting",
)  # fmt: skip
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
def script(*, drapes: bool = False, relief: bool = False, siting: bool = False, beside: bool = False) -> str:
    """Join the document's own scripts in their order; those of areas and lines, relief and siting only where asked."""
    asked = ((DRAPED, drapes), (BESIDE, beside), (RELIEF, relief), (SITED, siting))
    names = (*SCRIPTS[:-1], *(name for group, there in asked if there for name in group), SCRIPTS[-1])
    return "\n".join(_read(_HERE / "js" / f"{name}.js") for name in names)


@cache
def spoken() -> frozenset[str]:
    """Return the groups of texts that any script may say: those named before a dot at the head of a literal.

    The rest of the texts are for the command line, for paper, for files and for services.
    """
    every = "\n".join(_read(_HERE / "js" / f"{name}.js") for name in (*SCRIPTS, *DRAPED, *BESIDE, *RELIEF, *SITED))
    return frozenset(re.findall(r"[\"'`](\w+)\.", every)) | _CHOSEN


def style(font: str | None) -> str:
    """Join tokens, typeface, Leaflet's and our own rules. `font` is an address; None puts the typeface inside."""
    source = font or f"data:font/woff2;base64,{base64.b64encode(FONT.read_bytes()).decode()}"
    parts = (css_variables(), _FONT_FACE.format(source=source), leaflet("leaflet.css"))
    return "\n".join((*parts, *(_read(_HERE / "css" / f"{name}.css") for name in STYLES)))


def page() -> str:
    """Read the template of the document."""
    return _read(_HERE / "document.html")
