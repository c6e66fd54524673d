"""A QGIS project of a snapshot: the layers of its GeoPackage, grouped as in the tree, named, styled and described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
from geopandas import GeoDataFrame

from layers import catalogue
from layers.print.words import Words
from layers.qgis import qml
from layers.qgis.markup import document, node
from layers.qgis.pictures import paint
from layers.qgis.symbols import rgb
from layers.snapshot.choice import EMISSIONS, Choice
from layers.snapshot.described import describe, extent, system
from layers.snapshot.geopackage import styled
from layers.snapshot.resource import metadata, spatial_reference

# What is listed first is drawn last, as on the map: ideas over projects over sites over chips over the ground.
_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("story", "group.story", ("perceptions",)),
    ("decarbonation", "group.decarbonation", ("decarbonation",)),
    ("industry", "group.industry", ("industry", EMISSIONS)),
    ("access", "group.access", ("ports", "airports", "stations")),
    ("places", "kind.place_other", ("places",)),
    ("networks", "group.networks", ("rail", "power_lines")),
    ("ground", "group.ground", ("brownfields", "zones", "protected")),
    ("territory", "group.territory", ("poles", "communes", "neighbours", "water")),
)
_GEOMETRIES = {"point": ("Point", 0), "line": ("Line", 1), "polygon": ("Polygon", 2)}


def write(frames: Mapping[str, Any], geopackage: str, choice: Choice) -> str:
    """Write the project; geopackage: the path of the data from the folder of the project, with `/`."""
    title = f"Provence Map \u2013 {choice.area.words(choice.language)}"
    about = Words(choice.language).text("snapshot_file.about")
    layers = [(layer, frames[layer]) for _, _, names in _GROUPS for layer in names if layer in frames]
    root = node(
        "qgis",
        {"projectname": title, "version": qml.VERSION},
        node("homePath", {"path": ""}),
        node("title", text=title),
        node("projectCrs", None, spatial_reference(system(choice))),
        _tree(frames, geopackage, choice),
        _relations(frames),
        _canvas(layers, choice),
        node("projectlayers", None, *(_layer(layer, frame, geopackage, choice) for layer, frame in layers)),
        node("layerorder", None, *(node("layer", {"id": _id(layer)}) for layer, _ in layers)),
        _properties(frames),
        node("projectMetadata", None, node("title", text=title), node("abstract", text=about)),
    )
    return document(root, doctype=qml.DOCTYPE)


def _id(layer: str) -> str:
    return f"provence_map_{layer}"


def _source(layer: str, geopackage: str) -> str:
    return f"./{geopackage}|layername={layer}"


def _tree(frames: Mapping[str, Any], geopackage: str, choice: Choice) -> Element:
    root = node("layer-tree-group", None, node("customproperties"))
    for _, key, names in _GROUPS:
        held = [name for name in names if name in frames]
        if not held:
            continue
        group = node(
            "layer-tree-group",
            {"name": Words(choice.language).text(key), "checked": "Qt::Checked", "expanded": 1},
            node("customproperties"),
        )
        for layer in held:
            shown = {
                "id": _id(layer),
                "name": describe(layer, choice.language).title,
                "source": _source(layer, geopackage),
                "providerKey": "ogr",
                "checked": "Qt::Checked",
                # The ground explains itself; a legend of its parts would push the rest away.
                "expanded": int(layer in {"industry", "decarbonation"}),
                "legend_exp": "",
                "legend_split_behavior": 0,
            }
            group.append(node("layer-tree-layer", shown, node("customproperties")))
        root.append(group)
    return root


def _relations(frames: Mapping[str, Any]) -> Element:
    """Join the table of emissions to its sites, where both are there."""
    if EMISSIONS not in frames or "industry" not in frames:
        return node("relations")
    joined = {
        "id": "provence_map_site_emissions",
        "name": "site_id \u2192 id",
        "strength": "Association",
        "referencingLayer": _id(EMISSIONS),
        "referencedLayer": _id("industry"),
    }
    field = node("fieldRef", {"referencingField": "site_id", "referencedField": "id"})
    return node("relations", None, node("relation", joined, field))


def _bounds(layers: list[tuple[str, Any]], least: float) -> tuple[float, float, float, float] | None:
    """Give the extent of what is not context, in the system of the choice, with a margin; all if there is only that."""
    named = [frame for layer, frame in layers if layer not in {"neighbours", "water"}] or [f for _, f in layers]
    boxes = [f.total_bounds for f in named if isinstance(f, GeoDataFrame) and np.isfinite(f.total_bounds).all()]
    if not boxes:
        return None
    west, south = (min(float(box[i]) for box in boxes) for i in (0, 1))
    east, north = (max(float(box[i]) for box in boxes) for i in (2, 3))
    margin = max(0.04 * max(east - west, north - south), least)
    return west - margin, south - margin, east + margin, north + margin


def _canvas(layers: list[tuple[str, Any]], choice: Choice) -> Element:
    crs = system(choice)
    canvas = node("mapcanvas", {"name": "theMapCanvas", "annotationsVisible": 1})
    canvas.append(node("units", text="degrees" if crs.is_geographic else "meters"))
    # A single place has no extent: a kilometre or so around it is shown.
    bounds = _bounds(layers, 0.01 if crs.is_geographic else 1000.0)
    if bounds is not None:
        names = ("xmin", "ymin", "xmax", "ymax")
        edges = [node(name, text=f"{value:.6f}") for name, value in zip(names, bounds, strict=True)]
        canvas.append(node("extent", None, *edges))
    canvas.append(node("rotation", text="0"))
    canvas.append(node("destinationsrs", None, spatial_reference(crs)))
    return canvas


def _layer(layer: str, frame: Any, geopackage: str, choice: Choice) -> Element:
    said, crs = describe(layer, choice.language), system(choice)
    record = catalogue.catalogue().layers.get(layer)
    geometry = record.geometry if record is not None and isinstance(frame, GeoDataFrame) else ""
    name, kind = _GEOMETRIES.get(geometry, ("No geometry", 4))
    asked = next(styled({layer: frame}, choice), None)
    attributes = {
        "type": "vector",
        "geometry": name,
        "hasScaleBasedVisibilityFlag": 0,
        "labelsEnabled": int(asked is not None and qml.labelled(asked)),
        "readOnly": 0,
    }
    made = node(
        "maplayer", attributes, node("id", text=_id(layer)), node("datasource", text=_source(layer, geopackage))
    )
    made.append(node("keywordList", None, *(node("value", text=word) for word in ("Provence Map", said.id))))
    made.append(node("layername", text=said.title))
    if geometry:
        made.append(node("srs", None, spatial_reference(crs)))
    made.append(node("title", text=said.title))
    made.append(node("abstract", text=said.abstract))
    made.append(node("attribution", text=said.attribution))
    made.append(node("resourceMetadata", None, *metadata(said, extent([frame]), crs)))
    made.append(node("provider", {"encoding": "UTF-8"}, text="ogr"))
    made.extend(_looks(asked, kind))
    return made


def _looks(asked: Any, kind: int) -> list[Element]:
    """Give the style of a layer; a table has none."""
    looks = [] if asked is None else qml.parts(asked)
    return [*looks, node("blendMode", text="0"), node("layerGeometryType", text=str(kind))]


def _properties(frames: Mapping[str, Any]) -> Element:
    """Set the background, and paths that are relative to the project."""
    # Sea only where the land around is drawn over it: else what lies inland of the metropolis would look like water.
    ground = "sea" if "neighbours" in frames else "neigh" if "water" in frames else "surface"
    red, green, blue = rgb(paint(ground))
    colours = (("Red", red), ("Green", green), ("Blue", blue))
    gui = node(
        "Gui",
        None,
        *(node(f"CanvasColor{name}Part", {"type": "int"}, text=str(value)) for name, value in colours),
    )
    paths = node("Paths", None, node("Absolute", {"type": "bool"}, text="false"))
    # Without it QGIS does not look at the project's coordinate system.
    projected = node("SpatialRefSys", None, node("ProjectionsEnabled", {"type": "int"}, text="1"))
    return node("properties", None, gui, paths, projected)
