"""Which rows a View shows: the twin of what the document's script does in `web/js/model.js`.

The cases in `tests/layers/filter_cases.json` are run against both, on the real data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from geopandas import GeoDataFrame
from pandas import Series

from layers import catalogue, industry
from layers.drape import UNPLACED
from layers.style import PLACE_CLASSES
from layers.view import Range, View
from layers.vocabulary import SECTOR_FAMILY, TECHNOLOGY_FAMILY

SITES, PROJECTS, PLACES = "industry", "decarbonation", "places"

_PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}
_FAMILIES = {SITES: frozenset(SECTOR_FAMILY.values()), PROJECTS: frozenset(TECHNOLOGY_FAMILY.values())}
# A filter that is not named here speaks of every layer, those named only of these: the others are left alone.
_SPEAKS_OF: dict[str, frozenset[str]] = {
    "family": frozenset({SITES, PROJECTS}),
    "technology": frozenset({PROJECTS}),
    "status": frozenset({PROJECTS}),
    "seveso": frozenset({SITES}),
    "co2": frozenset({SITES}),
    "capacity": frozenset({PROJECTS}),
    "investment": frozenset({PROJECTS}),
    "start": frozenset({PROJECTS}),
}


_PLACES = ("pole", "commune")


def visible(layer: str, view: View) -> GeoDataFrame:
    """Return the rows of a layer that a View shows, in the order and with the index of its table, in EPSG:4326.

    None when the View does not show the layer: an empty frame with its columns. A missing value passes no filter and
    no range that speaks of it.

    Raises UnknownLayerError.
    """
    rows = catalogue.load(layer)
    if layer not in view.layers:
        return rows.iloc[:0]
    hidden = {name.partition(".")[2] for name in view.hidden if name.startswith(f"{layer}.")}
    keep = ~classes(layer, rows).isin(hidden) & _timely(layer, rows, view)
    for key, values in view.filters.items():
        keep &= _one_of(key, values, layer=layer, rows=rows)
    for key, limits in view.ranges.items():
        if layer in _SPEAKS_OF[key]:
            keep &= _within(_figure(key, rows, view), limits)
    return cast("GeoDataFrame", rows[keep])


def classes(layer: str, rows: GeoDataFrame) -> Series[str]:
    """Return the class of each row in the layer tree, the word that `hidden` names after the dot."""
    if layer in _FAMILIES:
        return cast("Series[str]", rows["family"])
    if layer == PLACES:
        return cast("Series[str]", rows["category"].map(_PLACE_CLASS))
    return Series(layer, index=rows.index, dtype="str")


def verified(rows: GeoDataFrame, year: int) -> Series[Any]:
    """Return the verified EU ETS tonnes of each site in a year, null where nothing was verified."""
    found = industry.emissions()
    tonnes = found[found["year"] == year].set_index("site_id")["co2_t"]
    return cast("Series[Any]", rows["id"].map(tonnes).astype("Int64"))


def _timely(layer: str, rows: GeoDataFrame, view: View) -> Series[bool]:
    """Tell what stands, or is to stand, in the year of the View; the overview shows all."""
    if layer != PROJECTS or view.year is None:
        return Series(True, index=rows.index)
    return _true((rows["start_year"] <= view.year) & (rows["status"] != "suspended"))


def _one_of(key: str, values: tuple[str, ...], *, layer: str, rows: GeoDataFrame) -> Series[bool]:
    if layer not in _SPEAKS_OF.get(key, {layer}) or (layer in UNPLACED and key in _PLACES):
        return Series(True, index=rows.index)
    if key == "family":
        # Families of industry say nothing of a project, and the other way round.
        values = tuple(value for value in values if value in _FAMILIES[layer])
        if not values:
            return Series(True, index=rows.index)
    column = {"pole": _pole, "commune": _insee}.get(key, lambda found: found[key])(rows)
    return column.isin(values)


def _pole(rows: GeoDataFrame) -> Series[str]:
    return cast("Series[str]", rows["pole"] if "pole" in rows else rows["id"])


def _insee(rows: GeoDataFrame) -> Series[str]:
    """Give the commune's code of each row; a pole lies in many communes and has none."""
    for name in ("insee", "code"):
        # A station has a code of its own: the commune's comes first.
        if name in rows:
            return cast("Series[str]", rows[name])
    return Series("", index=rows.index, dtype="str")


def _figure(key: str, rows: GeoDataFrame, view: View) -> Series[Any]:
    """Give the figure a range speaks of: tonnes, millions of euros, a year, or a capacity in the unit asked for."""
    read: dict[str, Callable[[], Series[Any]]] = {
        "co2": lambda: verified(rows, view.verified_year),
        "investment": lambda: rows["investment_meur"],
        "start": lambda: rows["start_year"],
        "capacity": lambda: rows["capacity_value"].where(_true(rows["capacity_unit"] == view.ranges[key].unit)),
    }
    return read[key]()


def _within(values: Series[Any], limits: Range) -> Series[bool]:
    keep = values.notna()
    if limits.least is not None:
        keep &= _true(values >= limits.least)
    if limits.most is not None:
        keep &= _true(values <= limits.most)
    return keep


def _true(found: Series[Any]) -> Series[bool]:
    """Read an unknown answer as no."""
    return found.fillna(False).astype("bool")
