"""The View: what is on the map. Explore edits one, a link is one, a story plays a list of them.

A View goes to and from a URL query without loss. Its twin in the browser is `web/js/view.js`; the cases in
`tests/layers/view_cases.json` are run against both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qsl, quote

from geo.errors import GeoError
from geo.types import Bounds
from layers.style import THEMES, Theme

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LAYERS: tuple[str, ...] = (
    "poles", "communes", "industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions",
)  # fmt: skip
DEFAULT_LAYERS: tuple[str, ...] = LAYERS[:7]
FILTERS: tuple[str, ...] = ("pole", "commune", "family", "technology", "status")
KINDS: tuple[str, ...] = ("site", "project", "commune", "pole", "place", "port", "station", "airport", "perception")
# Classes of older links, and what they were split into.
ALIASES: dict[str, tuple[str, ...]] = {
    "places.learning": ("places.university", "places.research"),
    "places.business": ("places.park", "places.platform", "places.terminal", "places.brownfield"),
    "places.nature": ("places.landscape", "places.beach"),
}
BASEMAPS: tuple[str, ...] = ("own",)
FIRST_YEAR, LAST_YEAR = 2005, 2022

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?\Z")
# Five decimals of a degree are about one metre: finer than any position on the map.
_DECIMALS = 5


class ViewError(GeoError):
    """A View was given a value it cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is on the map.

    `layers` are shown; `hidden` names classes of a shown layer that are not (`industry.metal`). `bounds` (EPSG:4326,
    kept to five decimals) is None for the whole metropolis. `year` is that of the verified emissions. `filters` keeps
    features whose column holds one of the values. `selection` is `kind:id`. `language` and `theme` are None where the
    reader's own preference decides. Raises ViewError naming every value that cannot be held.
    """

    layers: tuple[str, ...] = DEFAULT_LAYERS
    hidden: tuple[str, ...] = ()
    bounds: Bounds | None = None
    year: int = LAST_YEAR
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    selection: str | None = None
    basemap: str = "own"
    language: Language | None = None
    theme: Theme | None = None

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise ViewError("; ".join(faults))
        put = object.__setattr__
        put(self, "layers", tuple(sorted(set(self.layers), key=LAYERS.index)))
        put(self, "hidden", tuple(sorted({now for name in self.hidden for now in ALIASES.get(name, (name,))})))
        put(self, "filters", {k: tuple(sorted(set(self.filters[k]))) for k in FILTERS if self.filters.get(k)})
        if self.bounds is not None:
            put(self, "bounds", Bounds(*(_rounded(v) for v in _edges(self.bounds))))

    def __hash__(self) -> int:
        return hash(self.to_query())

    def with_(self, **changes: Any) -> Self:
        """Give the same View with some values changed."""
        return replace(self, **changes)

    def to_query(self) -> str:
        """Write the View as a URL query without `?`; what has its default value is left out."""
        pairs: list[tuple[str, str]] = []
        if self.language:
            pairs.append(("lang", self.language))
        if self.theme:
            pairs.append(("theme", self.theme))
        if self.layers != DEFAULT_LAYERS:
            pairs.append(("layers", ",".join(self.layers)))
        if self.hidden:
            pairs.append(("hidden", ",".join(self.hidden)))
        if self.bounds is not None:
            pairs.append(("bounds", ",".join(_short(v) for v in _edges(self.bounds))))
        if self.year != LAST_YEAR:
            pairs.append(("year", str(self.year)))
        pairs += [(key, ",".join(values)) for key, values in self.filters.items()]
        if self.selection:
            pairs.append(("select", self.selection))
        return "&".join(f"{key}={quote(value, safe=',:')}" for key, value in pairs)

    @classmethod
    def from_query(cls, query: str) -> tuple[Self, tuple[str, ...]]:
        """Read a URL query, with or without `?`; give the View and the parts that were ignored, as `name=value`.

        A hand-broken part never breaks the rest: it falls back to its default and is named.
        """
        view, ignored = cls(), []
        for key, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
            try:
                view = view.with_(**_parse(key, value, view))
            except (ViewError, GeoError, ValueError, KeyError):
                ignored.append(f"{key}={value}")
        return view, tuple(ignored)


def _parse(key: str, value: str, view: View) -> dict[str, Any]:
    words = tuple(word for word in value.split(",") if word)
    readers: dict[str, Any] = {
        "lang": lambda: {"language": value},
        "theme": lambda: {"theme": value},
        "layers": lambda: {"layers": words},
        "hidden": lambda: {"hidden": words},
        "bounds": lambda: {"bounds": _bounds(words)},
        "year": lambda: {"year": _year(value)},
        "select": lambda: {"selection": value},
    }
    if key in FILTERS:
        return {"filters": {**view.filters, key: words}}
    changes: dict[str, Any] = readers[key]()
    return changes


def _year(value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        raise ViewError(f"year {value!r} is not four digits")
    return int(value)


def _bounds(words: tuple[str, ...]) -> Bounds:
    if len(words) != 4 or not all(_NUMBER.match(word) for word in words):
        raise ViewError(f"bounds {','.join(words)!r} are not four degrees west,south,east,north")
    return Bounds(*(float(word) for word in words))


def _edges(bounds: Bounds) -> tuple[float, float, float, float]:
    return bounds.west, bounds.south, bounds.east, bounds.north


def _rounded(value: float) -> float:
    # Halves go away from zero, as in the browser: round() would send them to the even neighbour.
    exact = Decimal(value).quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_UP)
    return float(exact) + 0.0


def _short(value: float) -> str:
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def _unknown(name: str, values: Iterable[str], known: Iterable[str]) -> list[str]:
    allowed = tuple(known)
    return [f"{name} {value!r} is not one of {', '.join(allowed)}" for value in values if value not in allowed]


def _faults(view: View) -> list[str]:
    faults = _unknown("layer", view.layers, LAYERS)
    faults += _unknown("filter", view.filters, FILTERS)
    faults += _unknown("basemap", [view.basemap], BASEMAPS)
    faults += _unknown("language", [] if view.language is None else [view.language], LANGUAGES)
    faults += _unknown("theme", [] if view.theme is None else [view.theme], THEMES)
    if not FIRST_YEAR <= view.year <= LAST_YEAR:
        faults.append(f"year {view.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    for value in view.hidden:
        layer, _, name = value.partition(".")
        if layer not in LAYERS or not _WORD.match(name):
            faults.append(f"hidden class {value!r} is not written layer.class")
    for key, values in view.filters.items():
        faults += [f"{key} {value!r} is not an identifier" for value in values if not _WORD.match(value)]
    if view.selection is not None:
        kind, _, name = view.selection.partition(":")
        if kind not in KINDS or not _WORD.match(name):
            faults.append(f"selection {view.selection!r} is not written kind:id with a kind of {', '.join(KINDS)}")
    return faults
