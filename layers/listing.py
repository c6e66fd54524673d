"""The table of a View: every symbol it shows as a record in the reader's language, in the order of the map's table.

Numbers stay numbers, in the unit the column's head names; positions are EPSG:4326. What applies to a record and is not
known says so; what does not apply to it is None.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from layers import catalogue, cited, drape, filters, listing_drapes, living, numbers
from layers.catalogue import Catalogue, Source
from layers.relief import terrain
from layers.style import STATUSES
from layers.text import text
from layers.view import Language, View
from layers.vocabulary import OUTSIDE

Value = str | int | float | None
Record = dict[str, Value]

# Layers whose features are rows of the table, in the order in which the map's table lists them, and the kind of each.
KIND_OF = {
    "industry": "site",
    "decarbonation": "project",
    "ports": "port",
    "stations": "station",
    "airports": "airport",
    "places": "place",
    "perceptions": "perception",
    "zones": "zone",
    "brownfields": "brownfield",
    "protected": "protected",
    "rail": "rail",
    "power_lines": "power",
}
PUBLIC_PAGES = "public-pages"
_POSITION_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id names its head (`column.<id>`); width in characters; what its cells hold."""

    id: str
    width: float
    holds: Literal["text", "whole", "amount", "plain", "degrees", "link"] = "text"


COLUMNS: tuple[Column, ...] = (
    Column("name", 38),
    Column("kind", 15),
    Column("family", 24),
    Column("activity", 34),
    Column("operator", 28),
    Column("commune", 20),
    Column("insee", 9),
    Column("pole", 18),
    Column("status", 19),
    Column("status_date", 17),
    Column("status_evidence", 22),
    Column("co2", 17, "whole"),
    Column("declared", 17, "whole"),
    Column("declared_year", 11, "plain"),
    Column("seveso", 16),
    Column("seveso_source", 24),
    Column("capacity", 13, "plain"),
    Column("capacity_unit", 22),
    Column("capacity_said", 28),
    Column("investment", 15, "amount"),
    Column("investment_scope", 24),
    Column("jobs", 10, "whole"),
    Column("start", 10, "plain"),
    Column("lon", 12, "degrees"),
    Column("lat", 12, "degrees"),
    Column("precision", 30),
    Column("position_source", 34),
    Column("confidence", 19),
    Column("source", 44),
    Column("page", 44, "link"),
    Column("pages", 44),
    Column("dated", 26),
    Column("retrieved", 18),
    Column("licence", 28),
    Column("note", 50),
    Column("key", 36),
)
# Only where terrain is present, behind the latitude.
ELEVATION: tuple[Column, ...] = (Column("elevation", 12, "whole"), Column("elevation_source", 34))


def columns() -> tuple[Column, ...]:
    """Return the columns of the table: those of elevation are there only where terrain is."""
    if terrain.in_force() is None:
        return COLUMNS
    at = [column.id for column in COLUMNS].index("lat") + 1
    return (*COLUMNS[:at], *ELEVATION, *COLUMNS[at:])


def records(view: View, language: Language) -> list[Record]:
    """Return what a View shows of every layer of its table, sorted as that is: by kind unless it says otherwise."""
    reader = _Reader.of(view, language)
    there = [layer for layer in KIND_OF if layer in reader.known.layers]
    found = [
        reader.record(layer, row) for layer in there for row in filters.visible(layer, view).to_dict(orient="records")
    ]
    return _sorted(found, view.table or "kind")


def _sorted(found: list[Record], column: str) -> list[Record]:
    """Sort as the map's table does: equals by figure, the highest first, then by name."""
    down, name = column.startswith("-"), column.removeprefix("-")
    special = {"kind": "_kind", "figure": "_figure", "status": "_status"}.get(name)
    found.sort(key=lambda record: (-_number(record["_figure"]), _collated(record["name"])))
    if special:
        found.sort(key=lambda record: _number(record[special]), reverse=down)
    else:
        found.sort(key=lambda record: _collated(record[name]), reverse=down)
    return found


def _number(value: Value) -> float:
    return float(value or 0)


def _collated(value: Value) -> tuple[str, str]:
    """Give what a text is sorted by: letters without accents and case first."""
    plain = unicodedata.normalize("NFKD", str(value or ""))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold(), str(value or "")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of the layers as records in one language, for one year of verified emissions."""

    language: Language
    known: Catalogue
    poles: Mapping[str, str]
    units: Mapping[str, str]
    tonnes: Mapping[str, int]
    pages: Mapping[str, list[str]]

    @classmethod
    def of(cls, view: View, language: Language) -> _Reader:
        """Gather what the rows are read with."""
        poles, sites = catalogue.load("poles"), catalogue.load("industry")
        verified = filters.verified(sites, view.verified_year)
        pairs = zip(sites["id"], verified, strict=True)
        return cls(
            language,
            catalogue.catalogue(),
            dict(zip(poles["id"], poles["name"], strict=True)) | {OUTSIDE: text("pole.outside", language)},
            living.units(language),
            {site: int(value) for site, value in pairs if pd.notna(value)},
            _pages(),
        )

    def record(self, layer: str, row: Mapping[str, Any]) -> Record:
        """Give a row as a record; keys that begin with `_` are what it is sorted by."""
        kind = KIND_OF[layer]
        key = f"{kind}:{row['id']}"
        record: Record = dict.fromkeys(column.id for column in columns())
        # A perception may have no place of its own; what lies over the land has more than one.
        if row["geometry"] is not None and not drape.drapes(layer):
            record |= {
                axis: round(getattr(row["geometry"], name), _POSITION_DECIMALS)
                for axis, name in (("lon", "x"), ("lat", "y"))
            }
        if stands := terrain.heights(tuple(KIND_OF)).get(key):
            record |= {"elevation": stands[0], "elevation_source": terrain.told(self.language)}
        record |= {
            "key": key, "name": row.get("name"), "kind": text(f"kind.{kind}", self.language),
            "commune": row.get("commune") or None, "insee": row.get("insee") or None,
            "pole": None if pd.isna(row.get("pole")) else self.poles[row["pole"]],
            "_kind": list(KIND_OF).index(layer), "_figure": 0, "_status": _status_rank(row.get("status")),
        }  # fmt: skip
        readers = {
            "site": self._site, "project": self._project, "place": self._place, "perception": self._perception,
        }  # fmt: skip
        record |= self._draped(layer, row) if drape.drapes(layer) else readers.get(kind, self._access)(row)
        return {name: numbers.formulas(value) if isinstance(value, str) else value for name, value in record.items()}

    def _site(self, row: Mapping[str, Any]) -> Record:
        tonnes, declared = self.tonnes.get(row["id"]), row["co2_basis"] == "irep"
        pages = self.pages.get(f"site:{row['id']}", [])
        sources = [self.known.sources[source] for source in row["sources"].split(";")]
        unknown = text("missing.figure", self.language)
        return {
            "family": text(f"family.{row['family']}", self.language), "activity": self._own(row, "activity"),
            "operator": row["operator"] or None, "status": text(f"site_status.{row['status']}", self.language),
            "status_date": str(self._or_unknown(row["status_year"], text("missing.year", self.language))),
            "status_evidence": row["status_evidence"],
            "co2": unknown if tonnes is None else tonnes,
            "declared": int(row["co2_t"]) if declared else None,
            "declared_year": int(row["co2_year"]) if declared else None,
            "seveso": text(f"seveso.{row['seveso']}", self.language), "seveso_source": row["seveso_source"] or None,
            "capacity_said": self._own(row, "capacity"), "note": self._own(row, "note"),
            **self._position(row, row["position_confidence"]),
            "source": " · ".join(source.word("title", self.language) for source in sources),
            **self._sourced(sources, pages or [sources[0].url]),
            "_figure": -1 if tonnes is None else tonnes,
        }  # fmt: skip

    def _project(self, row: Mapping[str, Any]) -> Record:
        unknown = text("missing.short", self.language)
        unit, scope = row["capacity_unit"], row["investment_scope"]
        pages = [row["source_url"], *self.pages.get(f"project:{row['id']}", [])]
        return {
            "name": row["name_fr"] if self.language == "fr" else row["name"],
            "family": text(f"technology.{row['family']}", self.language),
            "activity": text(f"tech.{row['technology']}", self.language), "operator": row["holder"],
            "status": text(f"status.{row['status']}", self.language),
            "status_date": numbers.date(row["status_date"], self.language),
            "capacity": self._or_unknown(row["capacity_value"], unknown),
            "capacity_unit": None if pd.isna(unit) else self.units[unit],
            "investment": self._or_unknown(row["investment_meur"], unknown),
            "investment_scope": None if pd.isna(scope) else self._scope(scope),
            "jobs": self._or_unknown(row["jobs"], unknown), "start": self._or_unknown(row["start_year"], unknown),
            "note": self._own(row, "summary"), **self._position(row, row["confidence"]), "source": row["source"],
            **self._sourced(self._cited(row), list(dict.fromkeys(pages))),
            "dated": numbers.date(row["status_date"], self.language),
            "_figure": 0 if pd.isna(row["start_year"]) else int(row["start_year"]),
        }  # fmt: skip

    def _place(self, row: Mapping[str, Any]) -> Record:
        return {
            "activity": text(f"category.{row['category']}", self.language),
            "family": text(f"category.{row['category']}", self.language), "note": self._own(row, "note"),
            **self._position(row, row["confidence"]), "source": row["source"],
            **self._sourced(self._cited(row), [row["source_url"]]),
        }  # fmt: skip

    def _perception(self, row: Mapping[str, Any]) -> Record:
        figures = cited.figures(row["facts"], row["computed"])
        sources = list(dict.fromkeys(self.known.sources[figure.origin] for figure in figures))
        pages = [figure.source_url for figure in figures if figure.source_url]
        verdict = text(f"verdict.{row['verdict']}", self.language)
        placed = self._position(row, row["confidence"]) if row["geometry"] is not None else {}
        return {
            "name": row[f"belief_{self.language}"], "family": verdict, "activity": verdict,
            "note": row[f"reality_{self.language}"], **placed,
            "confidence": text(f"confidence.{row['confidence']}", self.language),
            "source": " · ".join(dict.fromkeys(figure.source[self.language] for figure in figures)),
            **self._sourced(sources, list(dict.fromkeys(pages)) or [sources[0].url]),
            "dated": " · ".join(str(year) for year in sorted({figure.year for figure in figures})),
        }  # fmt: skip

    def _access(self, row: Mapping[str, Any]) -> Record:
        sources = [self.known.sources[source] for source in row["sources"].split(";")]
        port = row["kind"] == "port"
        said = text("kind.port", self.language) if port else text(f"access.{_hyphened(row['kind'])}", self.language)
        return {
            "family": said, "activity": said,
            "source": " · ".join(source.word("title", self.language) for source in sources),
            **self._sourced(sources, [sources[0].url]),
        }  # fmt: skip

    def _draped(self, layer: str, row: Mapping[str, Any]) -> Record:
        source = self.known.sources[row["source"]]
        cells = listing_drapes.told(layer, row, self.language)
        return {
            "source": source.word("title", self.language), **self._sourced([source], [source.url]),
            **{name: value for name, value in cells.items() if value is not None},
        }  # fmt: skip

    def _position(self, row: Mapping[str, Any], confidence: str) -> Record:
        return {
            "precision": text(f"precision.{row['position_precision']}", self.language),
            "position_source": self.known.sources[row["position_source"]].word("title", self.language),
            "confidence": text(f"confidence.{confidence}", self.language),
        }

    def _sourced(self, sources: Iterable[Source], pages: list[str]) -> Record:
        """Give the pages, the age and the licences of what a record rests on."""
        said = list(sources)
        first, *more = pages
        days = dict.fromkeys(source.retrieved for source in said)
        return {
            "page": first,
            "pages": " · ".join(more) or None,
            "dated": " · ".join(dict.fromkeys(source.word("vintage", self.language) for source in said)),
            "retrieved": " · ".join(numbers.date(day, self.language) for day in days),
            "licence": " · ".join(dict.fromkeys(source.word("licence", self.language) for source in said)),
        }

    def _cited(self, row: Mapping[str, Any]) -> list[Source]:
        """Give the sources of a row that cites a page: the one declared at that address, else public pages."""
        declared = [source for source in self.known.sources.values() if source.url == row["source_url"]]
        sources = declared[:1] or [self.known.sources[PUBLIC_PAGES]]
        position = self.known.sources[row["position_source"]]
        return sources if position in sources else [*sources, position]

    def _own(self, row: Mapping[str, Any], name: str) -> str | None:
        """Give a text of a row in the reader's language, in the other where one is missing."""
        other = "fr" if self.language == "en" else "en"
        return row[f"{name}_{self.language}"] or row[f"{name}_{other}"] or None

    def _scope(self, scope: str) -> str:
        return text("listing.scope_site", self.language) if scope == "site" else text(f"scope.{scope}", self.language)

    @staticmethod
    def _or_unknown(value: Any, unknown: str) -> Value:
        if pd.isna(value):
            return unknown
        return int(value) if float(value).is_integer() else float(value)


def _pages() -> dict[str, list[str]]:
    """Give the pages behind sites and further pages behind projects, by key; those without an address are left out."""
    found: dict[str, list[str]] = {}
    for kind in ("site", "project"):
        rows = catalogue.table(f"{kind}_sources")
        for name, url in zip(rows[f"{kind}_id"], rows["source_url"], strict=True):
            if url:
                found.setdefault(f"{kind}:{name}", []).append(url)
    return found


def _status_rank(status: str | None) -> int:
    """Rank a status as the map's table does: words of sites alone first, then the most certain, what has none last."""
    order = [style.id for style in STATUSES]
    if not status:
        return len(order) + 1
    return 1 + order.index(status) if status in order else 0


def _hyphened(kind: str) -> str:
    return kind.replace(" ", "-")
