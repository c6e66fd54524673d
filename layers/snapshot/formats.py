"""The formats of a snapshot: what each is called, what it cannot carry, how many layers go into one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.text import both
from layers.view import Language


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one format of a snapshot.

    `ending` is that of its files; `driver` GDAL's name for it, "" where another library writes it; `several` tells
    whether one file holds several layers, else they come as a zip of one file a layer; `zipped` that even one layer is
    a zip; `crs` the only system it knows; `decimals` what it writes of coordinates in degrees and in metres, None for
    all of them; `attributes` and `system` whether it carries columns and says its system itself.
    """

    id: str
    title: str
    ending: str
    driver: str = ""
    several: bool = False
    zipped: bool = False
    crs: int | None = None
    decimals: tuple[int, int] | None = None
    attributes: bool = True
    system: bool = True

    def limits(self) -> dict[Language, str]:
        """Say in both languages what the format cannot carry."""
        return both(f"snapshot_format.{self.id}")

    def file_ending(self, layers: int) -> str:
        """Return the ending of what is written for so many layers, as `.gpkg` or `.zip`."""
        return ".zip" if self.zipped or (layers > 1 and not self.several) else self.ending


FORMATS: Mapping[str, Format] = {
    record.id: record
    for record in (
        Format("gpkg", "GeoPackage", ".gpkg", "GPKG", several=True),
        Format("parquet", "GeoParquet", ".parquet"),
        Format("fgb", "FlatGeobuf", ".fgb", "FlatGeobuf"),
        Format("geojson", "GeoJSON", ".geojson", "GeoJSON", crs=4326, decimals=(7, 7)),
        Format("shp", "Shapefile", ".shp", "ESRI Shapefile", zipped=True),
        Format("kml", "KML", ".kml", several=True, crs=4326, decimals=(9, 9), system=False),
        Format("dxf", "DXF", ".dxf", "DXF", several=True, attributes=False, system=False),
        Format("csv", "CSV", ".csv", decimals=(7, 3), system=False),
        Format("xlsx", "Excel", ".xlsx", several=True, decimals=(7, 3), system=False),
    )
}
