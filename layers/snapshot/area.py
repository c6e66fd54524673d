"""The area of a snapshot: the metropolis, poles, communes, or what was drawn; what lies in it is kept or cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self, get_args

import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo import area as ground
from geo import crs
from geo.errors import GeometryError
from geo.types import Bounds, LonLat
from layers import catalogue
from layers.errors import ChoiceError
from layers.numbers import plain
from layers.sources.contours import FRAME
from layers.text import both, text
from layers.view import LEAST_KM, MOST_CORNERS, MOST_KM, Language
from layers.vocabulary import POLES

Kind = Literal["everything", "metropolis", "pole", "communes", "rectangle", "polygon", "circle"]
Rule = Literal["intersect", "clip"]
RULES: tuple[Rule, ...] = get_args(Rule)
DRAWN: tuple[Kind, ...] = ("rectangle", "polygon", "circle")
Said = dict[Language, str]

_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?\Z")
_CODE = re.compile(r"[0-9]{5}\Z")
_MOST_WORDS, _MOST_SHOWN, _MOST_NAMED = 200, 40, 3
# A parallel bends by 30 m over 40 km in Lambert-93: the edges of a rectangle follow it in steps of so many degrees.
_STEP_DEG = 0.01


@dataclass(frozen=True, slots=True)
class Area:
    """Where the rows of a snapshot lie.

    `kind`: everything on the map, the metropolis (its 92 communes, and what has no place), poles, communes, or a drawn
    rectangle, polygon or circle. `ids` are poles or codes of communes; `coords` are EPSG:4326: west, south, east, north
    or lon, lat, lon, lat... or lon, lat, km. `rule` keeps rows that lie in the area whole ("intersect") or cuts them at
    its edge ("clip").

    Raises ChoiceError with every fault.
    """

    kind: Kind = "metropolis"
    ids: tuple[str, ...] = ()
    coords: tuple[float, ...] = ()
    rule: Rule = "intersect"

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise ChoiceError(faults)

    @classmethod
    def parse(cls, words: str, *, rule: str = "intersect") -> Self:
        """Read an area as an address or a command holds it, numbers with a point for decimals.

        `metropolis`, `everything`, ids of poles, codes of communes, `west,south,east,north`, `lon,lat,km`, or the
        corners `lon,lat,lon,lat,lon,lat...`. Raises ChoiceError with every fault.
        """
        parts = tuple(word.strip() for word in words.split(",") if word.strip())[:_MOST_WORDS]
        named: Rule = rule  # type: ignore[assignment]  # checked with the rest
        if not parts or parts == ("metropolis",):
            return cls(rule=named)
        if parts == ("everything",):
            return cls("everything", rule=named)
        if all(_CODE.match(part) for part in parts):
            return cls("communes", ids=tuple(dict.fromkeys(parts)), rule=named)
        if not any(_like_number(part) for part in parts):
            return cls("pole", ids=tuple(dict.fromkeys(parts)), rule=named)
        wrong = [part for part in parts if not _NUMBER.match(part)]
        if wrong:
            raise ChoiceError([both("snapshot.no_number", word=_short(word)) for word in wrong])
        numbers = tuple(float(part) for part in parts)
        kind: Kind = {3: "circle", 4: "rectangle"}.get(len(numbers), "polygon")  # type: ignore[assignment]
        return cls(kind, coords=numbers, rule=named)

    def __str__(self) -> str:
        """Write the area as `parse` reads it."""
        if self.kind in DRAWN:
            return ",".join(f"{value:.12f}".rstrip("0").rstrip(".") for value in self.coords)
        return ",".join(self.ids) or self.kind

    @property
    def drawn(self) -> bool:
        """Tell whether the area was drawn, rather than named."""
        return self.kind in DRAWN

    def geometry(self) -> shapely.Geometry:
        """Return the area as one shape in EPSG:4326, longitude first."""
        return _shapes(catalogue.data_dir(), self)[0]

    def metres(self) -> shapely.Geometry:
        """Return the area as one shape in EPSG:2154."""
        return _shapes(catalogue.data_dir(), self)[1]

    def bounds(self) -> Bounds:
        """Return the extent of the area in EPSG:4326."""
        return Bounds(*(float(value) for value in self.geometry().bounds))

    def words(self, language: Language) -> str:
        """Name the area for a reader."""
        if not self.ids:
            return text(f"snapshot_area.{self.kind}", language)
        names = _names(catalogue.data_dir(), "poles" if self.kind == "pole" else "communes")
        listed = ", ".join(str(names[found]) for found in self.ids[:_MOST_NAMED])
        if len(self.ids) > _MOST_NAMED:
            return text("snapshot.more_communes", language, names=listed, n=len(self.ids) - _MOST_NAMED)
        return listed


@lru_cache(maxsize=8)
def _names(_: Path, layer: str) -> dict[str, str]:
    rows = catalogue.load(layer)
    return dict(zip(rows["id" if layer == "poles" else "code"], rows["name"], strict=True))


def _like_number(word: str) -> bool:
    return bool(re.match(r"-?[0-9.]|nan\Z|inf", word, re.IGNORECASE))


def _short(word: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in word)
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


def _faults(area: Area) -> list[Said]:
    """Say everything that is wrong with an area, in both languages."""
    if area.kind not in get_args(Kind):
        return [both("snapshot.no_area_kind", came=_short(str(area.kind)), known=", ".join(get_args(Kind)))]
    faults: list[Said] = []
    if area.rule not in RULES:
        faults.append(both("snapshot.no_rule", came=_short(str(area.rule)), known=", ".join(RULES)))
    if area.kind in ("pole", "communes"):
        known = POLES if area.kind == "pole" else set(catalogue.load("communes")["code"])
        strange = [found for found in area.ids if found not in known]
        if area.kind == "pole" and (strange or not area.ids):
            came = ", ".join(_short(found) for found in strange)
            faults.append(both("snapshot.no_pole", came=came, known=", ".join(("metropolis", *POLES))))
        elif strange or not area.ids:
            faults.append(both("snapshot.no_commune", came=", ".join(strange)))
        return faults
    return faults + (_drawn_faults(area) if area.kind in DRAWN else [])


def _drawn_faults(area: Area) -> list[Said]:
    coords, n = area.coords, len(area.coords)
    expected = {"rectangle": n == 4, "circle": n == 3, "polygon": n % 2 == 0 and 3 <= n // 2 <= MOST_CORNERS}
    if not expected[area.kind]:
        return [both("snapshot.no_coords", n=n, most=MOST_CORNERS)]
    pairs = coords[:2] if area.kind == "circle" else coords
    faults = [
        both("snapshot.out_of_frame", lon=f"{lon:g}", lat=f"{lat:g}", west=FRAME.west, east=FRAME.east,
             south=FRAME.south, north=FRAME.north)
        for lon, lat in zip(pairs[::2], pairs[1::2], strict=True)
        # Written so that NaN, which is neither less nor more than anything, is refused as well.
        if not (FRAME.west <= lon <= FRAME.east and FRAME.south <= lat <= FRAME.north)
    ]  # fmt: skip
    if faults:
        return faults
    if area.kind == "circle" and not LEAST_KM <= coords[2] <= MOST_KM:
        said = {language: plain(coords[2], language, most=3) for language in ("en", "fr")}
        return [both("snapshot.no_radius", km=lambda language: said[language])]
    if area.kind == "rectangle" and not (coords[0] < coords[2] and coords[1] < coords[3]):
        return [both("snapshot.no_rectangle", came=str(area))]
    if area.kind == "polygon":
        try:
            _polygon(coords)
        except GeometryError:
            return [both("snapshot.crossing")]
    return []


def _polygon(coords: tuple[float, ...]) -> GeoDataFrame:
    return ground.polygon([LonLat(lon, lat) for lon, lat in zip(coords[::2], coords[1::2], strict=True)])


# Room for every commune: an atlas asks for each several times.
@lru_cache(maxsize=256)
def _shapes(_: Path, area: Area) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Give the shape of an area in degrees and in metres, made once per folder of data."""
    if area.kind == "circle":
        return _both_ways(ground.circle(LonLat(area.coords[0], area.coords[1]), area.coords[2]))
    if area.kind == "polygon":
        return _both_ways(_polygon(area.coords))
    if area.kind == "rectangle":
        box = shapely.segmentize(shapely.box(*area.coords), _STEP_DEG)
    elif area.kind == "everything":
        box = FRAME.polygon()
    elif area.kind == "pole":
        poles = catalogue.load("poles")
        box = poles[poles["id"].isin(area.ids)].union_all()
    else:
        communes = catalogue.load("communes")
        box = (communes[communes["code"].isin(area.ids)] if area.ids else communes).union_all()
    return _both_ways(GeoDataFrame(geometry=[box], crs=crs.WGS84))


def _both_ways(frame: GeoDataFrame) -> tuple[shapely.Geometry, shapely.Geometry]:
    shapes: GeoSeries = frame.geometry
    return shapes.to_crs(crs.WGS84).iloc[0], shapes.to_crs(crs.LAMBERT93).iloc[0]
