"""What a format makes of the frames: each loss is done here, in the open, and told; nothing is left to a library.

The writer writes what this gives, and `verify` compares the file with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series

from geo import crs
from layers.snapshot.area import Said
from layers.snapshot.formats import FORMATS, Format
from layers.text import both

MOST_CELL = 32_767
_MOST_NAME, _MOST_BYTES = 10, 254
# Signs that XML cannot hold or that end a text in C.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_INT32 = 2**31
_TEXT = {"str", "object", "string"}
# The library puts texts between marks of which this is the closing one, and does not look whether a text holds it.
_CDATA_END = "]]>"


@dataclass(frozen=True, slots=True)
class Carried:
    """Hold the frames as a format can carry them, and what was changed or left out on the way, in both languages."""

    frames: dict[str, Any]
    notes: tuple[Said, ...]


def carried(frames: Mapping[str, Any], format_id: str, *, decimals: int | None = None) -> Carried:
    """Return the frames as a format can carry them; what it loses is in the notes.

    decimals: those that were asked for, None for the format's own.
    """
    record = FORMATS[format_id]
    found: dict[str, Any] = {}
    notes: list[Said] = []
    for layer, frame in frames.items():
        made = _told(frame, layer, notes) if record.attributes else frame
        made = _rounded(made, record, decimals)
        made = _OWN.get(format_id, _as_is)(made, layer, notes)
        if made is not None:
            found[layer] = made
    return Carried(found, tuple(notes))


def geometric(frame: Any) -> bool:
    """Tell whether a frame has shapes; the table of emissions has none."""
    return isinstance(frame, GeoDataFrame)


def texts_of(frame: DataFrame) -> list[str]:
    """Return the columns that hold text."""
    return [str(name) for name, kind in frame.dtypes.items() if str(kind) in _TEXT]


def is_text(values: Series[Any]) -> bool:
    """Tell whether a column holds text."""
    return str(values.dtype) in _TEXT


def dbf_names(columns: list[str]) -> dict[str, str]:
    """Return the name each column takes in a shapefile: ten letters at most, each once."""
    names: dict[str, str] = {}
    for column in columns:
        short, number = column[:_MOST_NAME], 1
        while short in names.values():
            number += 1
            short = f"{column[: _MOST_NAME - len(str(number)) - 1]}_{number}"
        names[column] = short
    return names


def _told(frame: Any, layer: str, notes: list[Said]) -> Any:
    """Replace signs that no file carries, and line ends of other systems."""
    texts = {name: frame[name].tolist() for name in texts_of(frame)}
    # All of a column in one look: there is hardly ever one.
    texts = {name: all_of for name, all_of in texts.items() if _strange("".join(filter(_is_text, all_of)))}
    if not texts:
        return frame
    strange = {name: [_strange(value) for value in all_of] for name, all_of in texts.items()}
    out = frame.copy()
    for name in strange:
        out[name] = out[name].map(_clean, na_action="ignore")
    notes.append(both("snapshot_note.signs", layer=layer, n=sum(map(sum, strange.values()))))
    return out


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _strange(value: object) -> bool:
    return isinstance(value, str) and ("\r" in value or _CONTROLS.search(value) is not None)


def _clean(value: object) -> str:
    return _CONTROLS.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _rounded(frame: Any, record: Format, decimals: int | None) -> Any:
    """Round coordinates to what the format writes, or to fewer where that was asked for."""
    if record.decimals is None or not geometric(frame):
        return frame
    own = record.decimals[0 if frame.crs.is_geographic else 1]
    return crs.snapped(frame, decimals=own if decimals is None else min(own, decimals) if record.crs else decimals)


def _as_is(frame: Any, layer: str, notes: list[Said]) -> Any:  # noqa: ARG001  # the form of the others
    return frame


def _shapefile(frame: Any, layer: str, notes: list[Said]) -> Any:
    columns = [str(name) for name in frame.columns if name != "geometry"]
    names = dbf_names(columns)
    renamed = [f"{old} → {new}" for old, new in names.items() if old != new]
    if renamed:
        notes.append(both("snapshot_note.renamed", layer=layer, names=", ".join(renamed)))
    out = frame.copy()
    for name in texts_of(out):
        cut = out[name].map(_cut_bytes, na_action="ignore")
        changed = int((out[name].notna() & out[name].astype(object).ne(cut.astype(object))).sum())
        if changed:
            notes.append(both("snapshot_note.cut", layer=layer, column=name, n=changed, most=_MOST_BYTES))
        out[name] = cut
    return out.rename(columns=names)


def _cut_bytes(value: str) -> str:
    # A table of this format fills its cells with spaces: those at the ends of a text are lost among them.
    return value.strip(" ").encode("utf-8")[:_MOST_BYTES].decode("utf-8", errors="ignore").rstrip(" ")


def _features(frame: Any, layer: str, notes: list[Said]) -> Any:  # noqa: ARG001
    """Give a table features without a shape: this format has nothing else."""
    return frame if geometric(frame) else GeoDataFrame(frame, geometry=[None] * len(frame), crs=crs.WGS84)


def _kml(frame: Any, layer: str, notes: list[Said]) -> Any:
    """Give whole numbers the only type KML has for them, where they fit, and part what would end a text in it."""
    out = frame.copy()
    for name in texts_of(out):
        ends = out[name].str.contains(_CDATA_END, regex=False, na=False)
        if ends.any():
            out[name] = out[name].str.replace(_CDATA_END, "]] >", regex=False)
            notes.append(both("snapshot_note.signs", layer=layer, n=int(ends.sum())))
    for name in out.columns:
        if str(out[name].dtype) in {"int64", "Int64"} and (out[name].abs() < _INT32).all():
            out[name] = out[name].astype("Int32" if str(out[name].dtype) == "Int64" else "int32")
    return out


def _drawing(frame: Any, layer: str, notes: list[Said]) -> Any:
    """Leave the shapes alone, surfaces as their outlines, each under the name of its layer."""
    if not geometric(frame):
        notes.append(both("snapshot_note.no_shapes", layer=layer))
        return None
    shapes = frame.geometry
    there = shapes.notna() & ~shapes.is_empty
    if not there.all():
        notes.append(both("snapshot_note.no_position", layer=layer, n=int((~there).sum())))
    lines = shapes[there].map(lambda shape: shape.boundary if shapely.get_dimensions(shape) == 2 else shape)
    parts = GeoSeries(lines, crs=frame.crs).explode(ignore_index=True)
    # A drawing has one width of a number; a thousandth of a millimetre is far below any source.
    return GeoDataFrame({"Layer": [layer] * len(parts)}, geometry=parts.to_numpy(), crs=frame.crs)


def _sheet(frame: Any, layer: str, notes: list[Said]) -> Any:
    """Cut what no cell can hold."""
    out = frame.copy()
    for name in texts_of(out):
        long = out[name].str.len().gt(MOST_CELL).fillna(False).astype("bool")
        if long.any():
            notes.append(both("snapshot_note.long_text", layer=layer, column=name, n=int(long.sum())))
            out.loc[long, name] = out.loc[long, name].str.slice(0, MOST_CELL)
    if geometric(frame):
        wkt: Series[Any] = shapely_wkt(out)
        long = wkt.str.len().gt(MOST_CELL).fillna(False).astype("bool")
        if long.any():
            notes.append(both("snapshot_note.long_shape", layer=layer, n=int(long.sum())))
            out = out.set_geometry(out.geometry.where(~long, None))
    return out


def shapely_wkt(frame: GeoDataFrame) -> Series[Any]:
    """Return the shapes as WKT, each coordinate as short as reads back the same; null where there is none."""
    return Series(
        shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1, trim=True), index=frame.index, dtype="object"
    )


_OWN: dict[str, Callable[[Any, str, list[Said]], Any]] = {
    "geojson": _features, "shp": _shapefile, "kml": _kml, "dxf": _drawing, "xlsx": _sheet,
}  # fmt: skip
