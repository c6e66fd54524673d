"""The formats of a snapshot: what each is called, what it cannot carry, how many layers go into one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import vector
from layers.text import both
from layers.view import Language

if TYPE_CHECKING:
    from layers.snapshot.choice import Choice

_RECORDS = {record.extension: record for record in (*vector.FORMATS, *vector.HANDED_ON)}


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one format of a snapshot.

    `ending` is that of its files; `record` that of the vector library, None where another writes it; `several` tells
    whether one file holds several layers, else they come as a zip of one file a layer; `zipped` that even one layer is
    a zip; `crs` the only system it knows; `decimals` what it writes of coordinates in degrees and in metres, None for
    all of them; `attributes`, `system` and `styled` whether it carries columns, says its system itself, and says how
    its layers are drawn.
    """

    id: str
    title: str
    ending: str
    record: vector.Format | None = None
    several: bool = False
    zipped: bool = False
    crs: int | None = None
    decimals: tuple[int, int] | None = None
    attributes: bool = True
    system: bool = True
    styled: bool = False

    def limits(self) -> dict[Language, str]:
        """Say in both languages what the format cannot carry."""
        said = both(f"snapshot_format.{self.id}")
        if self.styled:
            return said
        plain = both("snapshot_format.no_style")
        return {language: f"{words} {plain[language]}" for language, words in said.items()}

    def write(self, frames: Mapping[str, Any], path: Path, choice: Choice) -> tuple[dict[Language, str], ...]:
        """Write frames to a file, and return what was changed or left out on the way; nothing is read back.

        The file is written where it is to be, bit by bit: write into a folder of your own and move it, as `export`.

        Raises FormatError when it cannot be written.
        """
        from layers.snapshot import write

        return write.write(frames, path, choice, record=self)

    def file_ending(self, layers: int) -> str:
        """Return the ending of what is written for so many layers, as `.gpkg` or `.zip`."""
        return ".zip" if self.zipped or (layers > 1 and not self.several) else self.ending


FORMATS: Mapping[str, Format] = {
    record.id: record
    for record in (
        Format("gpkg", "GeoPackage", ".gpkg", _RECORDS[".gpkg"], several=True, styled=True),
        Format("parquet", "GeoParquet", ".parquet", _RECORDS[".parquet"]),
        Format("fgb", "FlatGeobuf", ".fgb", _RECORDS[".fgb"]),
        Format("geojson", "GeoJSON", ".geojson", _RECORDS[".geojson"], crs=4326, decimals=(7, 7)),
        Format("shp", "Shapefile", ".shp", _RECORDS[".shp"], zipped=True),
        Format("kml", "KML", ".kml", _RECORDS[".kml"], several=True, crs=4326, decimals=(9, 9), system=False),
        Format("dxf", "DXF", ".dxf", _RECORDS[".dxf"], several=True, attributes=False, system=False),
        Format("csv", "CSV", ".csv", decimals=(7, 3), system=False),
        Format("xlsx", "Excel", ".xlsx", several=True, decimals=(7, 3), system=False),
    )
}
