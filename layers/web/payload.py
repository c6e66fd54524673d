"""What the document carries: the features of each layer and the words, sources and figures around them.

Everything here is plain data ready for JSON, in a fixed order. Distances are computed in EPSG:2154, coordinates are
EPSG:4326, to about a metre for points and ten metres for areas.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.types import Bounds
from layers import budget, catalogue, cited, drape, freshness, industry
from layers.relief import terrain
from layers.sources.contours import FRAME
from layers.style import WATERLINES, for_script
from layers.text import texts
from layers.view import FIRST_YEAR, LANGUAGES, LAYERS, Language, View
from layers.web import assets, drapes, figures, labels, relief

_AREA_DECIMALS, _POINT_DECIMALS = 4, 5
# About 300 m: lines between neighbouring communes only say that the land goes on.
_CONTEXT_TOLERANCE_DEG = 0.003
# Figures of a card speak of layers that may not be on the map: their sources are told all the same.
_CITED = ("industry", "decarbonation", "ports", "stations", "airports", "places")
# Texts that only speak of what is there, and those that say why it is not.
_OF_DRAPES, _OF_RELIEF, _OF_SITING, _OF_MANY = "drape.", "relief.", "where.", "cluster."
_ABSENT = ("drape.not_here", "relief.not_here")
_NO_TEXT = dict.fromkeys(LANGUAGES, "")


def check_layers(layers: Sequence[str] | None) -> tuple[str, ...]:
    """Give the layers to show in their fixed order, all when None. Raises UnknownLayerError for any other id."""
    known = catalogue.catalogue()
    for layer in layers or ():
        known.layer(layer)
    return tuple(layer for layer in LAYERS if (layer in known.layers if layers is None else layer in layers))


def home() -> Bounds:
    """Give the extent of the metropolis."""
    return Bounds.of(catalogue.load("communes"))


def features(layer: str) -> dict[str, Any]:
    """Give a layer as GeoJSON with the properties that cards, tooltips and search read."""
    frame = catalogue.load(layer)
    if drape.drapes(layer):
        return drapes.features(layer, frame)
    found = _FEATURES.get(layer, _connections)(frame)
    official = freshness.official_cells(Path(catalogue.catalogue().layer(layer).table).stem)
    for feature in found["features"] if official else ():
        cells = official.get(str(feature["properties"].get("id", "")))
        if cells:
            feature["properties"]["official"] = cells
    return found


def config(
    layers: tuple[str, ...],
    *,
    view: View,
    pages: Iterable[dict[str, object]] = (),
    relief_url: str | None = None,
    siting: Mapping[str, Any] | None = None,
    parts: frozenset[str] = frozenset(assets.PARTS),
) -> dict[str, Any]:
    """Give everything else the script needs: texts, style, sources, figures, emissions, names on the map.

    `relief_url` and `siting` say where the relief and the criteria are, if not inside; see make_map. `parts` are those
    of assets.PARTS that the document plays besides the map: the texts of others are left out.
    """
    known = catalogue.catalogue()
    shown = [known.layers[layer] for layer in dict.fromkeys((*layers, "communes", "poles"))]
    told = list(dict.fromkeys([*shown, *(known.layers[layer] for layer in _CITED)]))
    laid = any(drape.drapes(layer) for layer in layers)
    hills = relief.config(layers, url=relief_url, inside=view.relief)
    many = "industry" in layers and budget.sites_over()
    spoken_of = {
        _OF_DRAPES: laid or many, _OF_MANY: many, _OF_RELIEF: hills is not None, _OF_SITING: siting is not None,
    }  # fmt: skip
    cited = [known.sources[name] for layer in told for name in layer.sources]
    cited += [there.source] if hills and (there := terrain.in_force()) else []
    return {
        "query": view.to_query(),
        "pages": list(pages),
        "included": [layer.id for layer in shown],
        "texts": {language: _texts(language, spoken_of, parts) for language in LANGUAGES},
        "style": for_script() | ({"drapes": drape.for_script()} if laid else {}),
        "families": figures.families(),
        "layers": {layer.id: _layer(layer) for layer in told},
        "sources": {source.id: _source(source) for source in cited},
        **figures.near_poles(),
        "first_year": FIRST_YEAR,
        "last_year": catalogue.last_year(),
        "scope_widened": industry.SCOPE_WIDENED,
        "emissions": figures.emissions() if "industry" in layers and not budget.sites_over() else {},
        "ets": figures.ets_sources(),
        "people": figures.people_sources(),
        "labels": labels.names(),
        "home": home().to_leaflet(),
        "frame": FRAME.to_leaflet(),
        "data_years": figures.data_years(),
        "version": catalogue.data_version(),
        **({"siting": siting} if siting is not None else {}),
        **({"relief": hills} if hills else {}),
    }


def _texts(language: Language, spoken_of: Mapping[str, bool], parts: frozenset[str]) -> dict[str, str]:
    """Give the texts the scripts may say; a group that speaks of what is not there is left out."""
    found, said = texts(language), assets.spoken(assets.names(parts | {"drapes", "away", "relief", "siting"}))
    without = tuple(group for group, there in spoken_of.items() if not there)
    kept = {k: words for k, words in found.items() if k.partition(".")[0] in said and not k.startswith(without)}
    return kept | {key: found[key] for key in _ABSENT}


def _both(record: Any, name: str) -> dict[str, str]:
    """Give a text that the record has in both languages."""
    return {language: _plain(getattr(record, f"{name}_{language}")) or "" for language in LANGUAGES}


def _layer(layer: catalogue.Layer) -> dict[str, Any]:
    words = {name: _both(layer, name) for name in ("title", "method", "limits")}
    return {**words, "vintage": _words(layer, "vintage"), "sources": list(layer.sources), "refreshed": layer.refreshed}


def _source(source: catalogue.Source) -> dict[str, Any]:
    plain = {name: getattr(source, name) for name in ("licence_url", "url", "retrieved")}
    return plain | {n: _words(source, n) for n in ("title", "publisher", "licence", "attribution", "vintage")}


def _words(record: catalogue.Source | catalogue.Layer, name: str) -> dict[str, str]:
    """Give a word of a record in both languages."""
    return {language: record.word(name, language) for language in LANGUAGES}


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows one by one, with a name for each column."""
    return iter(frame.itertuples())


def _plain(value: Any) -> Any:
    """Turn a cell into what JSON holds; anything missing is None."""
    if value is None or (not isinstance(value, (list, tuple, dict)) and pd.isna(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _kept(properties: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent, empty or false; zero is a figure and stays."""
    return {k: v for k, v in properties.items() if v is not None and v is not False and v not in ("", [], _NO_TEXT)}


def _feature(geometry: shapely.Geometry | None, properties: dict[str, Any], decimals: int) -> dict[str, Any]:
    shape = None
    if geometry is not None:
        rounded = shapely.transform(geometry, lambda xy: np.round(xy, decimals) + 0.0)
        shape = json.loads(shapely.to_geojson(rounded))
    return {"type": "Feature", "properties": _kept(properties), "geometry": shape}


def _collection(found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(found)}


def _points(properties: Callable[[Any], dict[str, Any]]) -> Callable[[GeoDataFrame], dict[str, Any]]:
    def build(frame: GeoDataFrame) -> dict[str, Any]:
        found = (_feature(row.geometry, properties(row), _POINT_DECIMALS) for row in _rows(frame))
        return _collection(found)

    return build


def _names(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _communes(frame: GeoDataFrame) -> dict[str, Any]:
    halls = figures.town_halls(frame)
    reached, beside, lived = figures.access(halls), figures.beside(halls), figures.lived(halls)
    without_hall = set(halls["id"][~halls["stated"]])
    return _collection(
        _feature(
            row.geometry,
            {
                "id": row.code, "insee": row.code, "arrondissement": row.arrondissement_name, "canton": row.canton_name,
                **_names(row, ("name", "pole", "population", "population_year", "area_km2")),
                **reached[row.code], "lived": lived[row.code], "beside": beside[row.code],
                "no_hall": row.code in without_hall,
            },
            _AREA_DECIMALS,
        )
        for row in _rows(frame)
    )  # fmt: skip


def _poles(frame: GeoDataFrame) -> dict[str, Any]:
    year = int(catalogue.load("communes")["population_year"].iloc[0])
    return _collection(
        _feature(
            row.geometry,
            {
                **_names(row, ("id", "name", "communes", "population", "area_km2")),
                "pole": row.id, "population_year": year, "definition": _both(row, "definition"),
            },
            _AREA_DECIMALS,
        )
        for row in _rows(frame)
    )  # fmt: skip


def _neighbours(frame: GeoDataFrame) -> dict[str, Any]:
    # One shape for the land and one for the lines in it: they are context, and 760 elements would slow every redraw.
    polygons = frame.geometry.to_numpy()
    land = shapely.coverage_union_all(polygons)
    edges = shapely.difference(shapely.union_all(shapely.boundary(polygons)), shapely.boundary(land))
    lines = shapely.simplify(shapely.line_merge(edges), _CONTEXT_TOLERANCE_DEG)
    return _collection(
        [_feature(land, {"part": "land"}, _AREA_DECIMALS), _feature(lines, {"part": "lines"}, _AREA_DECIMALS - 1)]
    )


def _water(frame: GeoDataFrame) -> dict[str, Any]:
    bands = frame[frame["kind"] == "waterline"].sort_values("offset_km", ascending=False)
    ranks = range(len(WATERLINES["light"]), 0, -1)
    return _collection(
        _feature(geometry, {"rank": rank}, _AREA_DECIMALS) for rank, geometry in zip(ranks, bands.geometry, strict=True)
    )


def industry_features(frame: GeoDataFrame) -> dict[str, Any]:
    """Give some of the sites with all that their cards say."""
    reached, projects = figures.access(frame), figures.within(frame, "decarbonation")
    alike = figures.alike(frame, among=catalogue.load("industry"))
    declared, lived = figures.declared_in(), figures.lived(frame)
    pages = _grouped("site_sources", "site_id", ("source_title", "source_url"))
    names: tuple[str, ...] = (
        "id",
        "name",
        "operator",
        "sector",
        "family",
        "insee",
        "commune",
        "pole",
        "status",
        "status_year",
        "co2_t",
        "co2_year",
    )
    names += ("seveso", "seveso_source", "ets_id", "irep_id", "icpe_id", "approximate")

    def properties(row: Any) -> dict[str, Any]:
        own = pages.get(row.id, [])
        return {
            **_names(row, names), **_position(row, row.position_confidence),
            "evidence": dict.fromkeys(LANGUAGES, row.status_evidence),
            "basis": _plain(row.co2_basis), "biogenic_t": _plain(row.co2_biogenic_t), "group": _plain(row.place_group),
            "activity": _both(row, "activity"), "capacity": _both(row, "capacity"), "note": _both(row, "note"),
            "seveso_url": next((url for title, url in own if title == row.seveso_source), None),
            "sources": row.sources.split(";"), "pages": own, **reached[row.id], "lived": lived[row.id],
            "projects": projects[row.id], "alike": alike[row.id],
            "capacity_from": figures.capacity_sources(row.capacity_en, own),
            "declared_in": declared.get((row.id, row.co2_year)) if _plain(row.co2_basis) == "irep" else None,
        }  # fmt: skip

    return _points(properties)(frame)


def _decarbonation(frame: GeoDataFrame) -> dict[str, Any]:
    reached, lived = figures.access(frame), figures.lived(frame)
    more = _grouped("project_sources", "project_id", ("source_url", "supports_en", "supports_fr"))
    units = catalogue.table("units").set_index("key")
    names: tuple[str, ...] = (
        "id",
        "holder",
        "technology",
        "family",
        "insee",
        "commune",
        "pole",
        "status",
        "status_date",
        "approximate",
    )
    names += ("capacity_value", "investment_meur", "jobs", "source", "source_url", "confidence", "outside")

    def properties(row: Any) -> dict[str, Any]:
        unit = _plain(row.capacity_unit)
        return {
            **_names(row, names), **_position(row, row.confidence),
            "name": row.name, "name_fr": row.name_fr,
            "unit": unit,
            "capacity_unit": {language: units.at[unit, language] for language in LANGUAGES} if unit else None,
            "start": _plain(row.start_year), "scope": _plain(row.investment_scope),
            "summary": _both(row, "summary"),
            "more": [[url, {"en": en, "fr": fr}] for url, en, fr in more.get(row.id, [])],
            **reached[row.id], "lived": lived[row.id],
        }  # fmt: skip

    return _points(properties)(frame)


def _position(row: Any, confidence: str) -> dict[str, Any]:
    return {"precision": row.position_precision, "confidence": confidence}


def _place(row: Any) -> dict[str, Any]:
    names = ("id", "name", "category", "insee", "commune", "pole", "approximate", "source", "source_url")
    return {
        **_names(row, names), **_position(row, row.confidence),
        "class": figures.PLACE_CLASS[row.category], "note": _both(row, "note"),
    }  # fmt: skip


def _perceptions(frame: GeoDataFrame) -> dict[str, Any]:
    """Give the cards in the order they are read; a card without a place has no geometry."""
    units = cited.unit_words()
    names = ("id", "rank", "verdict", "insee", "commune", "pole", "approximate", "confidence", "at")

    def feature(row: Any) -> dict[str, Any]:
        figures = cited.figures(row.facts, row.computed)
        properties = {
            **_names(row, names), "name": row.belief_en, "name_fr": row.belief_fr, "reality": _both(row, "reality"),
            "precision": _plain(row.position_precision), "layers": row.layers.split(";"),
            "figures": [_figure(figure, units) for figure in figures],
            "sources": list(dict.fromkeys(figure.origin for figure in figures)),
        }  # fmt: skip
        return _feature(row.geometry, properties, _POINT_DECIMALS)

    return _collection(feature(row) for row in _rows(frame.sort_values("rank")))


def _figure(figure: cited.Figure, units: dict[str, cited.Words]) -> dict[str, Any]:
    """Give one figure of a card; what is absent is left out."""
    found = {
        "id": figure.id, "said": figure.said, "value": _plain(figure.value), "unit": figure.unit,
        "unit_words": units[figure.unit] if figure.unit else None, "year": figure.year, "source": figure.source,
        "source_url": figure.source_url, "confidence": figure.confidence, "note": figure.note,
        "computed": figure.computed,
    }  # fmt: skip
    return _kept(found)


def _places(frame: GeoDataFrame) -> dict[str, Any]:
    reached = figures.access(frame)
    return _points(lambda row: {**_place(row), **reached[row.id]})(frame)


def _connections(frame: GeoDataFrame) -> dict[str, Any]:
    # Of sites over their budget the script measures those near: a list of thousands at each stop would be as heavy.
    sites = {} if budget.sites_over() else figures.within(frame, "industry")
    projects = figures.within(frame, "decarbonation")
    return _points(lambda row: {**_access(row), "sites_near": sites.get(row.id), "projects": projects[row.id]})(frame)


def _access(row: Any) -> dict[str, Any]:
    minor = row.kind in {"station", "airfield", "air base"}
    return {
        **_names(row, ("id", "name", "code", "insee", "commune", "pole", "outside")),
        "iata": _plain(getattr(row, "iata", None)),
        "type": row.kind.replace(" ", "-"), "sources": row.sources.split(";"), "minor": minor or None,
    }  # fmt: skip


_FEATURES: dict[str, Callable[[GeoDataFrame], dict[str, Any]]] = {
    "communes": _communes,
    "poles": _poles,
    "neighbours": _neighbours,
    "water": _water,
    "industry": industry_features,
    "decarbonation": _decarbonation,
    "places": _places,
    "perceptions": _perceptions,
}


def _grouped(table: str, key: str, columns: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Give the values of some columns for each value of another."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in _rows(catalogue.table(table)):
        found.setdefault(getattr(row, key), []).append(tuple(getattr(row, column) for column in columns))
    return found
