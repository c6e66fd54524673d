"""Protected areas of PatriNat (INPN), as the IGN's WFS gives them: one row per site and kind, in one piece."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from pathlib import Path

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import crs, measure
from layers import numbers
from layers.sources import AnswerError, wfs
from layers.sources.connector import Territory
from layers.sources.fields import Said
from layers.text import both

SOURCE = "patrinat"
_FIELDS = {"nom_site": "text", "id_mnhn": "text?", "url_fiche": "text?"}

_KNOWN = (
    *("id_local", "date_crea", "modif_adm", "modif_geo", "acte_deb", "acte_fin", "gest_site", "operateur"),
    *("precision", "src_geom", "src_annee", "marin", "area_sig", "territoire", "gid", "ppn_asso", "zone"),
)

# Layer to our kind; a national park is told apart by its zone.
_PARK = "patrinat_pn:parc_national"
_KINDS = {
    _PARK: "park",
    "patrinat_sic:sic": "natura-habitats",
    "patrinat_zps:zps": "natura-birds",
    "patrinat_rnn:rnn": "reserve",
    "patrinat_rnr:rnr": "reserve",
    "patrinat_apb:apb": "biotope",
    "patrinat_cdl:conservatoire_littoral": "coastal",
    "patrinat_ramsar:ramsar": "ramsar",
    "patrinat_sc:sc": "classified-site",
    "patrinat_znieff1:znieff1": "znieff1",
    "patrinat_znieff2:znieff2": "znieff2",
}
# A kind may be absent from a territory, but not all of them.
LAYERS = tuple(
    wfs.Layer(
        typename,
        "id_mnhn",
        {**_FIELDS, **({"zone": "text?"} if kind == "park" else {})},
        known=_KNOWN,
        named=False,
        needed=False,
    )
    for typename, kind in _KINDS.items()
)


def areas(folder: Path, territory: Territory, notes: list[Said]) -> GeoDataFrame:
    """Read all protected areas that touch the territory, whole, in EPSG:4326; `area_ha` is measured in EPSG:2154.

    Parts of one site are united. Notes are added to the list. Raises AnswerError, also when there is none at all.
    """
    parts = []
    for layer in LAYERS:
        read = wfs.read(folder, layer, territory)
        notes += read.notes
        kind = _KINDS[layer.typename]
        found = read.frame
        found["kind"] = [_park(zone) for zone in found["zone"]] if kind == "park" else kind
        strange = found["kind"] == ""
        if strange.any():
            words = ", ".join(sorted({str(zone) for zone in found["zone"][strange]}))
            notes.append(both("geopf.unknown_zone", words=words, n=partial(numbers.number, int(strange.sum()))))
        if not strange.all():
            parts.append(found[~strange])
    if not parts:
        raise AnswerError(both("fields.none", subject="data.geopf.fr (patrinat)"))
    return _united(GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=crs.WGS84))


def _park(zone: object) -> str:
    """Tell the core of a national park from what lies around it, land or sea; empty for another word."""
    plain = _plain(zone)
    if plain.startswith(("coeur", "zone-coeur", "zone-de-coeur")):
        return "park-core"
    return "park-buffer" if "adhesion" in plain or "adjacente" in plain else ""


def _united(table: GeoDataFrame) -> GeoDataFrame:
    """Unite the parts of each site: the service gives some sites in pieces, and some pieces twice."""
    table["official_id"] = table["id_mnhn"].fillna("").astype("str").str.strip()
    site = table["official_id"].where(table["official_id"] != "", table["nom_site"])
    table["id"] = table["kind"] + "-" + site.map(lambda said: _plain(said) or "unnamed")
    rows = []
    for key, pieces in table.groupby("id", sort=True):
        first = pieces.iloc[0]
        links = [url for url in pieces["url_fiche"].dropna() if re.match(r"https?://\S+$", str(url))]
        shape = shapely.union_all(pieces.geometry.to_numpy()) if len(pieces) > 1 else first.geometry
        rows.append(
            {
                "id": str(key),
                "name": first["nom_site"],
                "kind": first["kind"],
                "official_id": first["official_id"],
                "url": str(links[0]) if links else "",
                "geometry": shape,
            }
        )
    made = GeoDataFrame(DataFrame(rows), geometry="geometry", crs=table.crs)
    made.insert(5, "area_ha", (measure.area_km2(made) * 100).round(2))
    made.insert(6, "source", SOURCE)
    return made


def _plain(said: object) -> str:
    """Write a text as an id: lower case, no accents, hyphens between words."""
    letters = unicodedata.normalize("NFKD", str(said or "").lower().replace("œ", "oe"))
    ascii_only = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
