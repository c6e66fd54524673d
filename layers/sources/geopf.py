"""IGN Géoplateforme: activity zones, rail and power lines of BD TOPO, protected areas of PatriNat.

BD TOPO is a live view: what is told of its age is the day it was asked and the newest change it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame, Series

from geo import crs, join, measure
from layers import numbers
from layers.sources import geojson, geopf_words, protected, wfs
from layers.sources.connector import Client, Connector, Contribution, Fetched, Received, Smoke, Territory, Told
from layers.sources.fields import Said
from layers.sources.geo_api import PARTS
from layers.text import both

SOURCE = "ign-bdtopo"

ZONES = wfs.Layer(
    "BDTOPO_V3:zone_d_activite_ou_d_interet",
    "cleabs",
    {
        "cleabs": "text",
        "categorie": "text",
        "nature": "text?",
        "nature_detaillee": "text?",
        "toponyme": "text?",
        "nom_commercial": "text?",
        "fictif": "flag",
        "etat_de_l_objet": "text?",
        "insee_commune": "text?",
        "date_modification": "text?",
    },
    known=(
        *geopf_words.EVERYWHERE,
        *("statut_du_toponyme", "importance", "commune", "adresse_postale", "identifiant_voie_ban"),
    ),
    where="categorie='Industriel et commercial'",
)
RAIL = wfs.Layer(
    "BDTOPO_V3:troncon_de_voie_ferree",
    "cleabs",
    {
        "cleabs": "text",
        "nature": "text?",
        "usage": "text?",
        "electrifie": "flag?",
        "nombre_de_voies": "integer?",
        "etat_de_l_objet": "text?",
    },
    known=(
        *geopf_words.EVERYWHERE,
        *("largeur", "vitesse_maximale", "position_par_rapport_au_sol", "cpx_toponyme", "nombre_voies_principales"),
        *("liens_vers_voie_ferree_nommee", "cpx_numero", "cpx_toponyme_voie_ferree", "numero", "toponyme"),
    ),
)
POWER = wfs.Layer(
    "BDTOPO_V3:ligne_electrique",
    "cleabs",
    {"cleabs": "text", "voltage": "text?", "gestionnaire": "text?", "etat_de_l_objet": "text?"},
    known=(*geopf_words.EVERYWHERE, "siren_gestionnaire"),
)
LAYERS = (ZONES, RAIL, POWER, *protected.LAYERS)


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Fetch all layers within the bounds of the territory, each counted first and checked to be whole.

    Raises UnreachableError, AnswerError.
    """
    received: list[Received] = []
    rows = 0
    for layer in LAYERS:
        more, matched = wfs.fetch(client, folder, layer, territory.bounds, partial(told, f"IGN: {layer.typename}"))
        received += more
        rows += matched
    return Fetched(tuple(received), rows, min(one.fetched_at for one in received)[:10])


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say what zones, lines and protected areas there are; lines are cut at the limit, areas that touch it are whole.

    Raises AnswerError for fields that are not as described, missing rows, or rows that all lie elsewhere.
    """
    notes: list[Said] = []
    tables: dict[str, DataFrame] = {}
    newest = ""
    readers: Mapping[str, tuple[wfs.Layer, Callable[[GeoDataFrame, Territory, list[Said]], GeoDataFrame]]] = {
        "zones": (ZONES, _zones),
        "rail": (RAIL, _rail),
        "power_lines": (POWER, _power),
    }
    for table, (layer, reader) in readers.items():
        read = wfs.read(folder, layer, territory)
        notes += read.notes
        made = reader(read.frame, territory, notes)
        newest = max([newest, *made["updated"]]) if "updated" in made else newest
        tables[table] = _tidy(made)
    tables["protected"] = _tidy(protected.areas(folder, territory, notes))
    return Contribution(
        tables=tables,
        notes=tuple(notes),
        vintages={
            SOURCE: both("geopf.vintage", day=fetched.vintage, newest=newest or "?"),
            protected.SOURCE: both("geopf.vintage_protected", day=fetched.vintage),
        },
    )


def _tidy(table: GeoDataFrame) -> GeoDataFrame:
    """Put rows in the order of their ids, and coordinates to the decimals of exchange."""
    return crs.rounded(table.sort_values("id", ignore_index=True))


def _zones(found: GeoDataFrame, territory: Territory, notes: list[Said]) -> GeoDataFrame:
    """Make the table of zones; outlines that stand for none (`fictif`) are left out, states other than in use are said.

    Areas are measured in EPSG:2154, in hectares, of the whole zone.
    """
    fictive = found["fictif"].fillna(value=False).astype(bool)
    if fictive.any():
        notes.append(both("geopf.fictive", n=partial(numbers.number, int(fictive.sum()))))
    found = found[~fictive].reset_index(drop=True)
    words = found[["nature", "nature_detaillee"]].fillna("")
    unknown = sorted(set(words["nature"]) - set(geopf_words.NATURES) - {""})
    _tell_unknown(unknown, "nature", notes)
    state = found["etat_de_l_objet"].fillna("")
    said = words["nature_detaillee"].where(words["nature_detaillee"] != "", words["nature"])
    said = said.where(state.isin(["", geopf_words.IN_SERVICE]), said + " (" + state.str.lower() + ")")
    insee = commune_of(found, territory)
    communes = territory.communes.set_index("code")
    names = found["toponyme"].fillna("")
    return GeoDataFrame(
        {
            "id": found["cleabs"].str.lower(),
            "name": names.where(names != "", found["nom_commercial"].fillna("")),
            "kind": [geopf_words.kind_of_zone(*pair) for pair in words.itertuples(index=False)],
            "detail": said,
            "insee": insee,
            "commune": insee.map(communes["name"]),
            "pole": insee.map(communes["pole"]),
            "area_ha": (measure.area_km2(found) * 100).round(2),
            "updated": found["date_modification"].fillna("").str[:10],
            "source": SOURCE,
        },
        geometry=found.geometry,
    )


def commune_of(found: GeoDataFrame, territory: Territory) -> Series[str]:
    """Return the commune of each row: the one it names when that is of the territory, else where its middle lies.

    A row whose middle lies outside belongs to the nearest commune of the territory.
    """
    known = found["insee_commune"].replace(PARTS)
    code: Series[str] = known.where(known.isin(territory.communes["code"]))
    if code.isna().any():
        metric = crs.to_metres(found[code.isna()])
        middle = metric.set_geometry(metric.representative_point())
        code = code.fillna(join.within(middle, territory.communes, "code"))
    if code.isna().any():
        code = code.fillna(join.nearest(found[code.isna()], territory.communes, "code")["code"])
    return code


def _rail(found: GeoDataFrame, territory: Territory, notes: list[Said]) -> GeoDataFrame:
    """Make the table of rail, cut at the limit; each track says its state."""
    found = geojson.cut(found, territory)
    _tell_unknown(sorted(set(found["etat_de_l_objet"].dropna()) - set(geopf_words.STATES)), "etat_de_l_objet", notes)
    _tell_unknown(sorted(set(found["nature"].dropna()) - set(geopf_words.RAIL)), "nature", notes)
    _tell_unknown(sorted(set(found["usage"].dropna()) - set(geopf_words.USES)), "usage", notes)
    electrified: dict[Any, str] = {True: "yes", False: "no"}
    return GeoDataFrame(
        {
            "id": found["cleabs"].str.lower(),
            "kind": [geopf_words.RAIL.get(nature, "other") for nature in found["nature"]],
            "use": [geopf_words.USES.get(use, "unknown") for use in found["usage"]],
            "electrified": [electrified.get(value, "unknown") for value in found["electrifie"]],
            "tracks": pd.array(pd.to_numeric(found["nombre_de_voies"]), dtype="Int64"),
            "status": [geopf_words.STATES.get(state, "unknown") for state in found["etat_de_l_objet"]],
            "source": SOURCE,
        },
        geometry=found.geometry,
    )


def _power(found: GeoDataFrame, territory: Territory, notes: list[Said]) -> GeoDataFrame:
    """Make the table of power lines, cut at the limit; a voltage that is a range or not known is null (kV)."""
    found = geojson.cut(found, territory)
    _tell_unknown(sorted(set(found["etat_de_l_objet"].dropna()) - set(geopf_words.STATES)), "etat_de_l_objet", notes)
    return GeoDataFrame(
        {
            "id": found["cleabs"].str.lower(),
            "voltage_kv": pd.array([geopf_words.kilovolts(said) for said in found["voltage"]], dtype="Int64"),
            "operator": found["gestionnaire"].fillna(""),
            "status": [geopf_words.STATES.get(state, "unknown") for state in found["etat_de_l_objet"]],
            "source": SOURCE,
        },
        geometry=found.geometry,
    )


def _tell_unknown(words: list[str], field: str, notes: list[Said]) -> None:
    """Tell official words that are not known here: a person adds them to `geopf_words`."""
    if words:
        notes.append(both("geopf.unknown_words", field=field, words=", ".join(words[:10])))


CONNECTOR = Connector(
    id="geopf",
    tables=("zones", "rail", "power_lines", "protected"),
    sources=(SOURCE, protected.SOURCE),
    # 30 requests a second are allowed.
    hosts={"data.geopf.fr": 0.2},
    fetch=fetch,
    normalise=normalise,
    smoke=(
        Smoke(
            f"{wfs.URL}?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=BDTOPO_V3:aerodrome&RESULTTYPE=hits"
            "&BBOX=4.65,43.14,5.85,43.83,EPSG:4326",
            both("geopf.smoke"),
        ),
    ),
)
