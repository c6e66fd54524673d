"""QGIS's own metadata of a layer, as it stands in a project and in a GeoPackage; and its way to name a system."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from pyproj import CRS

from geo.types import Bounds
from layers.qgis.markup import node
from layers.snapshot.described import Described


def spatial_reference(crs: CRS) -> Element:
    """Write a coordinate system: QGIS reads its code, other programs the definition."""
    code = crs.to_epsg()
    geographic = str(bool(crs.is_geographic)).lower()
    return node(
        "spatialrefsys",
        {"nativeFormat": "Wkt"},
        node("wkt", text=crs.to_wkt()),
        node("srid", text=str(code)),
        node("authid", text=f"EPSG:{code}"),
        node("description", text=str(crs.name)),
        node("geographicflag", text=geographic),
    )


def metadata(said: Described, box: Bounds | None, crs: CRS) -> list[Element]:
    """Write what QGIS shows of a layer: title, abstract, lineage, licences, rights, extent, system; no contact."""
    parts = [
        node("identifier", text=f"provence-map:{said.id}"),
        node("parentidentifier"),
        node("language", text="FRE" if said.language == "fr" else "ENG"),
        node("type", text="dataset"),
        node("title", text=said.title),
        node("abstract", text=said.abstract),
        node("fees"),
    ]
    licences = dict.fromkeys(source.word("licence", said.language) for source in said.sources)
    parts += [node("license", text=licence) for licence in licences]
    parts += [node("rights", text=source.word("attribution", said.language)) for source in said.sources]
    links = [
        node("link", {"name": source.word("title", said.language), "type": "WWW:LINK", "url": source.url,
                      "description": source.word("vintage", said.language), "format": "", "mimeType": "", "size": ""})
        for source in said.sources
    ]  # fmt: skip
    parts.append(node("links", None, *links))
    parts.append(node("history", text=said.method))
    parts.append(node("dates", None, node("date", {"type": "Revised", "value": f"{said.date}T00:00:00"})))
    parts.append(node("encoding", text="UTF-8"))
    parts.append(node("crs", None, spatial_reference(crs)))
    if box is not None:
        spatial = {"minx": box.west, "miny": box.south, "maxx": box.east, "maxy": box.north, "minz": 0, "maxz": 0,
                   "crs": "EPSG:4326", "dimensions": 2}  # fmt: skip
        parts.append(node("extent", None, node("spatial", spatial)))
    return parts
