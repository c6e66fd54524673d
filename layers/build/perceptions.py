"""The cards of perceptions: each stands where the feature it names stands, and is as sure as its least sure fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo.crs import WGS84
from layers import rows
from layers.errors import TableError
from layers.schema import columns_of, typed, validate
from layers.style import PLACE_CLASSES
from layers.view import LAYERS
from layers.vocabulary import COMPUTED_FIGURES, CONFIDENCE

TABLE = "perceptions"
_PLACE = ("insee", "commune", "pole", "position_precision", "position_source", "approximate", "geometry")
_NOWHERE = {"insee": "", "commune": "", "position_source": "", "approximate": False}

Tables = Mapping[str, DataFrame | GeoDataFrame]


def build(hand: Path, tables: Tables) -> GeoDataFrame:
    """Return the table of perceptions in EPSG:4326, sorted by id, from the hand-kept cards and the other tables.

    `at` names the feature a card stands at (`places:amu-campus-luminy`); position, commune and pole are that
    feature's. A card without `at` has no geometry. `confidence` is the lowest of the card's facts.

    Raises `TableError` with every fact, figure, layer or feature that does not exist.
    """
    cards = rows.read(hand / f"{TABLE}.csv", ("id", "facts", "computed", "layers", "at"))
    faults = [fault for card in _records(cards) for fault in _faults(card, tables)]
    if faults:
        raise TableError(TABLE, faults, advice="Correct the file by hand.")
    confidence = dict(zip(tables["facts"]["id"], tables["facts"]["confidence"], strict=True))
    lowest = [max((confidence[f] for f in cell.split(";")), key=CONFIDENCE.index) for cell in cards["facts"]]
    places = DataFrame([_place(cell, tables) for cell in cards["at"]], columns=list(_PLACE), index=cards.index)
    shapes = places.pop("geometry")
    frame = GeoDataFrame(cards.assign(confidence=lowest).join(places), geometry=list(shapes), crs=WGS84)
    known = [column for column in columns_of(TABLE) if column in frame]
    strange = [column for column in frame.columns if column not in known]
    return validate(typed(frame[[*known, *strange]], TABLE).sort_values("id").reset_index(drop=True), TABLE)


def _records(cards: DataFrame) -> Iterator[dict[str, str]]:
    """Give each card as a record of text."""
    return iter([{str(k): str(v) for k, v in record.items()} for record in cards.to_dict("records")])


def _faults(card: dict[str, str], tables: Tables) -> list[str]:
    """Name what a card points at and nobody knows."""
    layers = {*LAYERS, *(f"places.{name}" for name in PLACE_CLASSES)}
    links = (
        ("facts", set(tables["facts"]["id"]), "no fact"),
        ("computed", set(COMPUTED_FIGURES), f"not one of {', '.join(COMPUTED_FIGURES)}"),
        ("layers", layers, "no layer and no class of one"),
    )
    faults = [
        f"{column} of {card['id']}: {name!r} is {what}"
        for column, known, what in links
        for name in card[column].split(";")
        if name not in known and (name or column != "computed")
    ]
    table, _, feature = card["at"].partition(":")
    if card["at"] and feature not in set(tables[table]["id"] if table in tables else ()):
        faults.append(f"at of {card['id']}: {card['at']!r} is no feature, expected layer:id")
    return faults


def _place(at: str, tables: Tables) -> dict[str, object]:
    """Return where a feature stands and how well that is known; nulls where no feature is named."""
    if not at:
        return {**dict.fromkeys(_PLACE), **_NOWHERE}
    table, _, feature = at.partition(":")
    found = tables[table].set_index("id").loc[feature]
    # Stations and ports are points of a register: their table has no column of precision.
    precise = "position_precision" in found
    return {
        **{name: found[name] for name in ("insee", "commune", "pole", "geometry")},
        "position_precision": found["position_precision"] if precise else "site",
        "position_source": found["position_source"] if precise else str(found["sources"]).split(";")[0],
        "approximate": bool(found["approximate"]) if precise else False,
    }
