"""The choice of a snapshot: which layers, where, filtered by what, in which system and format. Every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode

from geo import systems
from geo.errors import GeoError
from geo.types import Bounds
from layers import catalogue, industry
from layers.errors import ChoiceError
from layers.schema import columns_of
from layers.snapshot import formats
from layers.snapshot.area import Area, Said
from layers.text import both
from layers.view import FILTERS, LANGUAGES, LAYERS, RANGES, Language, View

# The table of verified emissions, site by year, beside the layers; BUNDLE is a zip with styles, project and licences.
EMISSIONS, BUNDLE = "emissions", "bundle"
USUAL_CRS: tuple[int, ...] = (2154, 4326, 3857, 3944, 25831, 32631)
DEFAULT_CRS, MOST_DECIMALS = 2154, 12
_FILTERING = ("hidden", "year", *FILTERS, *RANGES)
_SHOWN, _MOST_NAMED = 60, 3


def choosable() -> tuple[str, ...]:
    """Return the ids that can be chosen: the layers of the catalogue, then the table of emissions."""
    return (*catalogue.catalogue().layers, EMISSIONS)


def _all() -> tuple[str, ...]:
    """Return the layers that the map shows or can show."""
    return tuple(layer for layer in LAYERS if layer in choosable())


def table_of(layer: str) -> str:
    """Return the name of the table that a chosen layer is read from, as the schema names it."""
    return layer if layer == EMISSIONS else catalogue.catalogue().layer(layer).table.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a snapshot holds.

    `layers` come in the order of the catalogue. Of `view` only hidden classes, filters, ranges and the year count.
    `attributes` names the columns of a layer; a layer that is not named keeps all. `crs` is an EPSG code; a format
    that has only one system sets it. `decimals` rounds coordinates in the unit of the system, None leaves them as the
    format writes them.

    Raises ChoiceError with every fault, in both languages.
    """

    layers: tuple[str, ...]
    area: Area = field(default_factory=Area)
    view: View = field(default_factory=View)
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: Language = "en"
    crs: int = DEFAULT_CRS
    format: str = "gpkg"
    decimals: int | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        forced = formats.FORMATS[self.format].crs if self.format in formats.FORMATS else None
        put(self, "crs", forced or self.crs)
        faults = _faults(self)
        if faults:
            raise ChoiceError(faults)
        put(self, "layers", tuple(layer for layer in choosable() if layer in self.layers))
        put(self, "attributes", {k: tuple(self.attributes[k]) for k in self.layers if self.attributes.get(k)})
        put(self, "view", _filters_only(self.view))

    def __hash__(self) -> int:
        return hash(self.to_query())

    def to_query(self) -> str:
        """Write the choice as a URL query without `?`; `from_query` reads it back without loss."""
        pairs: list[tuple[str, str]] = [
            ("layers", ",".join(self.layers)),
            ("area", str(self.area)),
            ("rule", self.area.rule),
            ("crs", str(self.crs)),
            ("format", self.format),
            ("lang", self.language),
            ("decimals", "" if self.decimals is None else str(self.decimals)),
            ("columns", ";".join(f"{layer}:{','.join(names)}" for layer, names in self.attributes.items())),
        ]
        own = "&".join(f"{key}={quote(value, safe=',:;')}" for key, value in pairs if value)
        filters = self.view.to_query()
        return f"{own}&{filters}" if filters else own

    @classmethod
    def from_query(cls, query: str) -> Self:
        """Read a URL query, with or without `?`.

        Raises ChoiceError with every fault.
        """
        # A semicolon stands between the columns of two layers, never between two parts.
        parts = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
        known = {"layers", "area", "rule", "crs", "format", "lang", "decimals", "columns"}
        made: Self = choose(
            kind=cls,
            layers=_words(parts.get("layers", "")),
            area=parts.get("area", ""),
            rule=parts.get("rule", "intersect"),
            where=urlencode({key: value for key, value in parts.items() if key not in known}),
            columns=parts.get("columns", ""),
            language=parts.get("lang", LANGUAGES[0]),
            crs=parts.get("crs", str(DEFAULT_CRS)),
            format=parts.get("format", "gpkg"),
            decimals=parts.get("decimals") or None,
        )
        return made

    def name(self) -> str:
        """Return a name for the file, without its ending: product, area, layers, system, date of the data."""
        return f"provence-map_{self._place()}_{self._shown()}_{self.crs}_{self.date()}"

    def date(self) -> str:
        """Return the day the youngest source of the layers was carried into the data, as 2026-11-23."""
        return max(catalogue.catalogue().sources[source].retrieved for source in self.sources())

    def sources(self) -> tuple[str, ...]:
        """Return the ids of the sources of all chosen layers, each once, in their order."""
        return tuple(dict.fromkeys(source for layer in self.layers for source in sources_of(layer)))

    def _place(self) -> str:
        if self.area.kind == "pole" or (self.area.kind == "communes" and len(self.area.ids) <= _MOST_NAMED):
            return "+".join(self.area.ids)
        return f"{len(self.area.ids)}-communes" if self.area.kind == "communes" else self.area.kind

    def _shown(self) -> str:
        if set(self.layers) >= set(_all()):
            return "all"
        return "+".join(self.layers) if len(self.layers) <= _MOST_NAMED else f"{len(self.layers)}-layers"


def sources_of(layer: str) -> tuple[str, ...]:
    """Return the ids of the sources of a chosen layer, the main one first."""
    return industry.ets_sources() if layer == EMISSIONS else catalogue.catalogue().layer(layer).sources


def choose(
    *,
    layers: Iterable[str],
    area: Area | str = "",
    rule: str = "intersect",
    where: str = "",
    view: View | None = None,
    columns: str | Mapping[str, Iterable[str]] = "",
    language: str = "en",
    crs: int | str = DEFAULT_CRS,
    format: str = "gpkg",  # noqa: A002  # the word of the command line and of the page
    decimals: int | str | None = None,
    kind: type[Choice] = Choice,
) -> Any:
    """Make a Choice of plain words.

    layers: ids of the catalogue, or "emissions"; "all" for every layer of the map. area: as Area.parse reads it.
    where: filters as a link has them, `status=operating&pole=martigues-fos`, on top of `view`. columns:
    `industry:name,co2_t;ports:name`. crs: an EPSG code. decimals: of the coordinates, in the unit of the system.

    Raises ChoiceError with every fault.
    """
    faults: list[Said] = []
    named = tuple(layer for word in layers for layer in (_all() if word == "all" else (word,)))
    found: dict[str, Any] = {"layers": named, "language": language, "format": format}
    try:
        found["area"] = area if isinstance(area, Area) else Area.parse(area, rule=rule)
    except ChoiceError as error:
        faults += error.faults
    found["view"], strange = _filtered(view or View(), where)
    faults += strange
    found["crs"], found["decimals"] = _code(crs, faults), _decimals(decimals, faults)
    found["attributes"] = _columns(columns, faults)
    try:
        made = kind(**found)
    except ChoiceError as error:
        raise ChoiceError([*faults, *error.faults]) from None
    if faults:
        raise ChoiceError(faults)
    return made


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _short(value: object) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _filtered(view: View, where: str) -> tuple[View, list[Said]]:
    """Add the filters of a link to a View; say of each part that is none why."""
    more, ignored = View.explain(where)
    strange = [part for part, _ in ignored]
    strange += [
        part for part in where.removeprefix("?").split("&") if part and part.partition("=")[0] not in _FILTERING
    ]
    faults = [
        both("snapshot.no_filter", part=_short(part), known=", ".join(_FILTERING)) for part in dict.fromkeys(strange)
    ]
    merged = view.with_(
        hidden=(*view.hidden, *more.hidden),
        filters={**view.filters, **more.filters},
        ranges={**view.ranges, **more.ranges},
        year=more.year or view.year,
    )
    return merged, faults


def _filters_only(view: View) -> View:
    """Leave of a View what says which rows are kept."""
    return View(hidden=view.hidden, filters=view.filters, ranges=view.ranges, year=view.year)


def _code(value: int | str, faults: list[Said]) -> int:
    word = str(value).strip().upper().removeprefix("EPSG:")
    if re.fullmatch(r"[0-9]{1,6}", word):
        return int(word)
    faults.append(both("snapshot.no_code", came=_short(value), example=f"EPSG:{DEFAULT_CRS}"))
    return DEFAULT_CRS


def _decimals(value: int | str | None, faults: list[Said]) -> int | None:
    if value is None:
        return None
    word = str(value).strip()
    if re.fullmatch(r"[0-9]{1,2}", word) and int(word) <= MOST_DECIMALS:
        return int(word)
    faults.append(both("snapshot.no_decimals", came=_short(value), most=MOST_DECIMALS))
    return None


def _columns(value: str | Mapping[str, Iterable[str]], faults: list[Said]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, str):
        return {layer: tuple(names) for layer, names in value.items()}
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (word.strip() for word in value.split(";"))):
        layer, colon, names = part.partition(":")
        if not colon:
            faults.append(both("snapshot.no_columns", came=_short(part), form="industry:name,co2_t"))
            continue
        found[layer.strip()] = _words(names)
    return found


def _faults(choice: Choice) -> list[Said]:
    known = choosable()
    faults = [
        both("snapshot.no_layer", came=_short(layer), known=", ".join(known))
        for layer in choice.layers
        if layer not in known
    ]
    if not choice.layers:
        faults.append(both("snapshot.nothing_chosen", known=", ".join(known)))
    if choice.format not in (*formats.FORMATS, BUNDLE):
        offered = ", ".join((*formats.FORMATS, BUNDLE))
        faults.append(both("snapshot.no_format", came=_short(choice.format), known=offered))
    if choice.language not in LANGUAGES:
        faults.append(both("snapshot.no_language", came=_short(choice.language)))
    if choice.decimals is not None and not 0 <= choice.decimals <= MOST_DECIMALS:
        faults.append(both("snapshot.no_decimals", came=choice.decimals, most=MOST_DECIMALS))
    for layer, names in choice.attributes.items():
        faults += _column_faults(layer, names, choice=choice)
    return faults + _system_faults(choice)


def _column_faults(layer: str, names: Iterable[str], *, choice: Choice) -> list[Said]:
    if layer not in choice.layers or layer not in choosable():
        return [both("snapshot.columns_of_none", layer=_short(layer))]
    known = [name for name in columns_of(table_of(layer)) if name != "geometry"]
    return [
        both("snapshot.no_column", came=_short(name), layer=layer, known=", ".join(known))
        for name in names
        if name not in known
    ]


def _system_faults(choice: Choice) -> list[Said]:
    kind = systems.kind(choice.crs)
    if kind not in ("flat", "degrees"):
        return [both(f"snapshot_system.{kind}", code=f"EPSG:{choice.crs}")]
    system = systems.system(choice.crs)
    extent = _extent(choice)
    if extent is None or system.use is None or system.holds(extent):
        return []
    use = ", ".join(f"{value:g}" for value in system.use)
    return [
        both("snapshot.outside_use", code=f"EPSG:{choice.crs}", name=system.name, use=use, area=choice.area.words,
             extent=", ".join(f"{v:.2f}" for v in (extent.west, extent.south, extent.east, extent.north)))
    ]  # fmt: skip


def _extent(choice: Choice) -> Bounds | None:
    """Give the extent a system must hold: that of the area, or of every row where the area is everything."""
    if choice.area.kind != "everything":
        return choice.area.bounds()
    boxes = []
    for layer in choice.layers:
        try:
            boxes.append(Bounds.of(catalogue.load(layer)))
        except GeoError:  # a layer that is unknown is told elsewhere; a table has no extent
            continue
    if not boxes:
        return None
    return Bounds(
        min(box.west for box in boxes), min(box.south for box in boxes),
        max(box.east for box in boxes), max(box.north for box in boxes),
    )  # fmt: skip
