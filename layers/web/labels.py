"""The names on the map: which, where, from which zoom on, and in what order they give way to one another."""

from __future__ import annotations

from typing import Any

from layers import catalogue, rows

# Metres in a pixel of the web map at zoom 0 and 43.5°N.
METRES_AT_0 = 113_550.0
# From this zoom every commune over the threshold is named, one level later all of them.
_TOWN_ZOOM, _ALL_ZOOM, _TOWN_INHABITANTS = 11.0, 12.0, 5000
# Mean width of a letter in px, by which the script reserves room before it draws.
_EM = {"city": 8.6, "town": 6.5, "water": 6.6}
_COLUMNS = ("code", "name", "kind", "lon", "lat", "rank", "zoom")


def names() -> list[dict[str, Any]]:
    """Give the names on the map, in EPSG:4326: id, name, kind, lon, lat, rank (the lower stays), zoom, until, em.

    Cities, towns and waters have a hand-set anchor in a free place at small scales (data/hand/labels.csv); from zoom
    11 on a commune is named at its town hall.
    """
    communes = catalogue.load("communes").set_index("code")
    hand: list[Any] = rows.read(catalogue.data_dir() / "hand" / "labels.csv", _COLUMNS).to_dict("records")
    cities = {row["code"] for row in hand if row["kind"] == "city"}
    return [_anchored(row, communes["name"].to_dict()) for row in hand] + _at_town_halls(communes, cities)


def _anchored(row: dict[str, Any], known: dict[Any, Any]) -> dict[str, Any]:
    """Give a hand-set name; that of a commune ends where its town hall takes over, that of a water never does."""
    place = {key: float(row[key]) for key in ("lon", "lat", "zoom")}
    label = {
        "id": row["code"] or row["name"],
        "kind": row["kind"],
        "rank": int(row["rank"]),
        "em": _EM[row["kind"]],
        **place,
    }
    if row["code"] in known:
        return {**label, "name": known[row["code"]], "until": _TOWN_ZOOM}
    return {**label, "name": row["name"].replace("|", "\n")}


def _at_town_halls(communes: Any, cities: set[str]) -> list[dict[str, Any]]:
    # Three communes have no town hall position in the source: their name goes to a point inside them.
    inside = communes.geometry.representative_point()
    lons, lats = communes["mairie_lon"].fillna(inside.x), communes["mairie_lat"].fillna(inside.y)
    found = []
    for rank, code in enumerate(communes.sort_values("population", ascending=False).index, start=100):
        kind = "city" if code in cities else "town"
        large = communes.at[code, "population"] >= _TOWN_INHABITANTS
        place = {"lon": round(float(lons[code]), 5), "lat": round(float(lats[code]), 5)}
        order = rank - 90 if kind == "city" else rank
        label = {"id": f"{code}-town-hall", "name": communes.at[code, "name"], "kind": kind, "rank": order}
        found.append({**label, **place, "em": _EM[kind], "zoom": _TOWN_ZOOM if large else _ALL_ZOOM})
    return found
