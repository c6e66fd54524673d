"""The View: what is on the map. Explore edits one, a link is one, a story plays a list of them.

A View goes to and from a URL query without loss. Its twin in the browser is `web/js/view.js`; the cases in
`tests/layers/view_cases.json` are run against both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
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
    "zones", "brownfields", "protected", "rail", "power_lines",
)  # fmt: skip
# Areas and lines that lie over the land, below the symbols: there only where official services have filled them.
DRAPES: tuple[str, ...] = LAYERS[9:]
DEFAULT_LAYERS: tuple[str, ...] = LAYERS[:7]
FILTERS: tuple[str, ...] = ("pole", "commune", "family", "technology", "status", "seveso")
RANGES: tuple[str, ...] = ("co2", "capacity", "investment", "start")
# The one range whose numbers mean nothing without their unit: megawatts are no tonnes.
WITH_UNIT = "capacity"
KINDS: tuple[str, ...] = (
    "site", "project", "commune", "pole", "place", "port", "station", "airport", "perception",
    "zone", "brownfield", "protected", "rail", "power",
)  # fmt: skip
# Classes of older links, and what they were split into.
ALIASES: dict[str, tuple[str, ...]] = {
    "places.learning": ("places.university", "places.research"),
    "places.business": ("places.park", "places.platform", "places.terminal", "places.brownfield"),
    "places.nature": ("places.landscape", "places.beach"),
}
BASEMAPS: tuple[str, ...] = ("own",)
# An idea and its figures are read on the map; a shortlist is of places and projects.
KEPT: tuple[str, ...] = KINDS[:8]
COMPARED: tuple[str, ...] = ("site", "commune")
PANELS: tuple[str, ...] = ("compare", "shortlist", "siting")
COLUMNS: tuple[str, ...] = ("name", "figure", "kind", "family", "status", "commune", "pole")
# Emissions are verified from the first year to `catalogue.last_year()`; projects are announced up to the horizon.
FIRST_YEAR, HORIZON = 2005, 2035
MOST_COMPARED, MOST_KEPT, MOST_CORNERS = 3, 12, 60
MOST_WEIGHT, MOST_WEIGHTS = 10.0, 24
LEAST_KM, MOST_KM = 0.1, 50.0

_ON = "on"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?\Z")
_RANGE = re.compile(
    r"(?:([A-Za-z0-9][A-Za-z0-9._-]*):)?([0-9]{1,9}(?:\.[0-9]{1,3})?)?\.\.([0-9]{1,9}(?:\.[0-9]{1,3})?)?\Z"
)
_SITING = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:;(.*))?\Z", re.DOTALL)
_WEIGHT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*):([0-9]{1,2}(?:\.[0-9])?)\Z")
# Five decimals of a degree are about one metre: finer than any position on the map.
_DECIMALS = 5


class ViewError(GeoError):
    """A View was given a value it cannot hold."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `least` to `most`, both included; None leaves that side open. `unit` is a key of the units, for capacity."""

    least: float | None = None
    most: float | None = None
    unit: str | None = None

    def __str__(self) -> str:
        unit = f"{self.unit}:" if self.unit else ""
        return f"{unit}{_decimal(self.least)}..{_decimal(self.most)}"


@dataclass(frozen=True, slots=True)
class Siting:
    """A ready profile of the siting page, and the weights that differ from its own (0 to 10, kept to one decimal)."""

    profile: str
    weights: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        weights = ",".join(f"{name}:{_decimal(self.weights[name])}" for name in sorted(self.weights))
        return f"{self.profile};{weights}" if weights else self.profile


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is on the map, and what is laid beside it.

    `layers` are shown; `hidden` names classes of a shown layer that are not (`industry.metal`). `bounds` (EPSG:4326,
    kept to five decimals) is None for the whole metropolis. `year` is None for the overview: the last verified
    emissions and every project; a year, the last verified one included, shows what stood or is to stand then.
    `filters` keeps features whose column holds one of the values, `ranges` those whose figure lies within (tonnes,
    the unit named, millions of euros, years). `selection` is `kind:id`. `area` is a circle (lon, lat, km) or the
    corners of a polygon (lon, lat, lon, lat...), EPSG:4326. `compare` (one kind) and `keep`, the shortlist, are
    `kind:id`. `siting` is the suitability surface on the map. `panel` is what stands beside the map when nothing is
    selected; `table` the column an open table is sorted by, after a minus when downwards. `relief` lays hills over the
    land, where terrain is present. `language` and `theme` are None where the reader's own preference decides. Raises
    ViewError naming every value that cannot be held.
    """

    layers: tuple[str, ...] = DEFAULT_LAYERS
    hidden: tuple[str, ...] = ()
    bounds: Bounds | None = None
    year: int | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    selection: str | None = None
    area: tuple[float, ...] = ()
    compare: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    siting: Siting | None = None
    panel: str | None = None
    table: str | None = None
    relief: bool = False
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
        put(self, "ranges", {k: self.ranges[k] for k in RANGES if k in self.ranges and not _open(self.ranges[k])})
        put(self, "area", tuple(_rounded(v) for v in self.area))
        put(self, "compare", tuple(dict.fromkeys(self.compare)))
        put(self, "keep", tuple(dict.fromkeys(self.keep)))
        if self.bounds is not None:
            put(self, "bounds", Bounds(*(_rounded(v) for v in _edges(self.bounds))))

    def __hash__(self) -> int:
        return hash(self.to_query())

    @property
    def verified_year(self) -> int:
        """Give the year whose verified emissions are shown: that of the View, never after the last of the data."""
        # A View is read before any data are; the catalogue stands above it.
        from layers.catalogue import last_year

        return min(self.year or last_year(), last_year())

    def with_(self, **changes: Any) -> Self:
        """Give the same View with some values changed."""
        return replace(self, **changes)

    def to_query(self) -> str:
        """Write the View as a URL query without `?`; what has its default value is left out."""
        bounds = "" if self.bounds is None else ",".join(_short(v) for v in _edges(self.bounds))
        pairs: list[tuple[str, str | None]] = [
            ("lang", self.language),
            ("theme", self.theme),
            ("hidden", ",".join(self.hidden)),
            ("bounds", bounds),
            ("year", str(self.year or "")),
            *((key, ",".join(values)) for key, values in self.filters.items()),
            *((key, str(value)) for key, value in self.ranges.items()),
            ("select", self.selection),
            ("area", ",".join(_short(v) for v in self.area)),
            ("compare", ",".join(self.compare)),
            ("keep", ",".join(self.keep)),
            ("siting", str(self.siting or "")),
            ("panel", self.panel),
            ("table", self.table),
            ("relief", _ON if self.relief else ""),
        ]
        written = [(key, value) for key, value in pairs if value]
        # An empty list of layers says something: nothing is shown.
        if self.layers != DEFAULT_LAYERS:
            at = sum(key in {"lang", "theme"} for key, _ in written)
            written.insert(at, ("layers", ",".join(self.layers)))
        return "&".join(f"{key}={quote(value, safe=',:;')}" for key, value in written)

    @classmethod
    def from_query(cls, query: str) -> tuple[Self, tuple[str, ...]]:
        """Read a URL query, with or without `?`; give the View and the parts that were ignored, as `name=value`.

        A hand-broken part never breaks the rest: it falls back to its default and is named.
        """
        view, ignored = cls.explain(query)
        return view, tuple(part for part, _ in ignored)

    @classmethod
    def explain(cls, query: str) -> tuple[Self, tuple[tuple[str, str], ...]]:
        """Read a URL query as `from_query` does, and say of each ignored part why."""
        view, ignored = cls(), []
        for key, value in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
            try:
                view = view.with_(**_parse(key, value, view))
            except (GeoError, ValueError) as error:
                ignored.append((f"{key}={value}", str(error)))
            except KeyError:
                ignored.append((f"{key}={value}", f"{key!r} is nothing a View holds"))
        return view, tuple(ignored)


def _parse(key: str, value: str, view: View) -> dict[str, Any]:
    words = tuple(word for word in value.split(",") if word)
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "lang": lambda: {"language": value},
        "theme": lambda: {"theme": value},
        "layers": lambda: {"layers": words},
        "hidden": lambda: {"hidden": words},
        "bounds": lambda: {"bounds": _bounds(words)},
        "year": lambda: {"year": _year(value)},
        "select": lambda: {"selection": value},
        "area": lambda: {"area": _numbers(words)},
        "compare": lambda: {"compare": words},
        "keep": lambda: {"keep": words},
        "siting": lambda: {"siting": _siting(value)},
        "panel": lambda: {"panel": value},
        "table": lambda: {"table": value},
        "relief": lambda: {"relief": _switched(value)},
    }
    if key in FILTERS:
        return {"filters": {**view.filters, key: words}}
    if key in RANGES:
        return {"ranges": {**view.ranges, key: _range(value)}}
    return readers[key]()


def _range(value: str) -> Range:
    found = _RANGE.match(value)
    if not found:
        raise ViewError(f"range {value!r} is not written least..most, as in 2026..2030, with either side left out")
    unit, least, most = found.groups()
    return Range(float(least) if least else None, float(most) if most else None, unit)


def _siting(value: str) -> Siting | None:
    """Read a profile and its weights, as in hydrogen;port:3,rail:1; nothing at all is none."""
    if not value:
        return None
    found = _SITING.match(value)
    words = [word for word in (found.group(2) or "").split(",") if word] if found else []
    weights = [_WEIGHT.match(word) for word in words]
    if not found or not all(weights):
        raise ViewError(f"siting {value!r} is not written profile;criterion:weight,... as in hydrogen;port:3,rail:1")
    return Siting(found.group(1), {match.group(1): float(match.group(2)) for match in weights if match})


def _open(value: Range) -> bool:
    """Tell whether a range keeps everything: capacity in some unit is a choice even without numbers."""
    return value.least is None and value.most is None and value.unit is None


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _year(value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        raise ViewError(f"year {value!r} is not four digits")
    return int(value)


def _switched(value: str) -> bool:
    if value != _ON:
        raise ViewError(f"relief {value!r} is not written {_ON!r}; without it there is none")
    return True


def _bounds(words: tuple[str, ...]) -> Bounds:
    if len(words) != 4:
        raise ViewError(f"bounds {','.join(words)!r} are not four degrees west,south,east,north")
    return Bounds(*_numbers(words))


def _numbers(words: tuple[str, ...]) -> tuple[float, ...]:
    if not all(_NUMBER.match(word) for word in words):
        raise ViewError(f"{','.join(words)!r} are not plain numbers")
    return tuple(float(word) for word in words)


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
    faults += _unknown("range", view.ranges, RANGES)
    faults += _unknown("basemap", [view.basemap], BASEMAPS)
    faults += _unknown("language", [] if view.language is None else [view.language], LANGUAGES)
    faults += _unknown("theme", [] if view.theme is None else [view.theme], THEMES)
    faults += _unknown("panel", [] if view.panel is None else [view.panel], PANELS)
    faults += _unknown("table column", [] if view.table is None else [view.table.removeprefix("-")], COLUMNS)
    if view.year is not None and not FIRST_YEAR <= view.year <= HORIZON:
        faults.append(f"year {view.year} is not between {FIRST_YEAR} and {HORIZON}")
    for value in view.hidden:
        layer, _, name = value.partition(".")
        if layer not in LAYERS or not _WORD.match(name):
            faults.append(f"hidden class {value!r} is not written layer.class")
    for key, values in view.filters.items():
        faults += [f"{key} {value!r} is not an identifier" for value in values if not _WORD.match(value)]
    for key, limits in view.ranges.items():
        faults += _range_faults(key, limits)
    return faults + _siting_faults(view.siting) + _area_faults(view.area) + _key_faults(view)


def _range_faults(key: str, limits: Range) -> list[str]:
    faults = []
    if (key == WITH_UNIT) != (limits.unit is not None) and not _open(limits):
        faults.append(f"range {key} {str(limits)!r} {'lacks its unit' if key == WITH_UNIT else 'takes no unit'}")
    if limits.least is not None and limits.most is not None and limits.least > limits.most:
        faults.append(f"range {key} {str(limits)!r} ends before it begins")
    return faults


def _siting_faults(siting: Siting | None) -> list[str]:
    if siting is None:
        return []
    words = (siting.profile, *siting.weights)
    faults = [f"siting {word!r} is not an identifier" for word in words if not _WORD.match(word)]
    faults += [
        f"weight {weight} of {name} is not between 0 and {MOST_WEIGHT:g}"
        for name, weight in siting.weights.items()
        if not 0 <= weight <= MOST_WEIGHT
    ]
    if len(siting.weights) > MOST_WEIGHTS:
        faults.append(f"{len(siting.weights)} weights are given, at most {MOST_WEIGHTS} can be")
    return faults


def _area_faults(area: tuple[float, ...]) -> list[str]:
    if not area:
        return []
    corners = area[:2] if len(area) == 3 else area
    if len(area) != 3 and (len(area) % 2 or not 3 <= len(area) // 2 <= MOST_CORNERS):
        return [f"area of {len(area)} numbers is neither lon,lat,km nor the corners of a polygon, 3 to {MOST_CORNERS}"]
    faults = [f"longitude {v} of the area is not within 180 degrees" for v in corners[::2] if not -180 <= v <= 180]
    faults += [f"latitude {v} of the area is not within 90 degrees" for v in corners[1::2] if not -90 <= v <= 90]
    if len(area) == 3 and not LEAST_KM <= area[2] <= MOST_KM:
        faults.append(f"radius {area[2]} km is not between {LEAST_KM} and {MOST_KM}")
    return faults


def _key_faults(view: View) -> list[str]:
    """Name what is not `kind:id`, and lists that are too long or of several kinds."""
    faults = []
    selected = () if view.selection is None else (view.selection,)
    named = (("selection", selected, KINDS), ("compared", view.compare, COMPARED), ("kept", view.keep, KEPT))
    for what, keys, kinds in named:
        for key in keys:
            kind, _, name = key.partition(":")
            if kind not in kinds or not _WORD.match(name):
                faults.append(f"{what} {key!r} is not written kind:id with a kind of {', '.join(kinds)}")
    if len({key.partition(":")[0] for key in view.compare}) > 1:
        faults.append("compared features are not all of one kind")
    for what, keys, most in (("compared", view.compare, MOST_COMPARED), ("kept", view.keep, MOST_KEPT)):
        if len(set(keys)) > most:
            faults.append(f"{len(set(keys))} features are {what}, at most {most} can be")
    return faults
