"""The official words of BD TOPO, and the words of our tables for them."""

from __future__ import annotations

import re

IN_SERVICE = "En service"

# What BD TOPO says of every object, and is not used here.
EVERYWHERE = (
    *("date_creation", "date_modification", "date_d_apparition", "date_de_confirmation"),
    *("sources", "identifiants_sources", "methode_d_acquisition_planimetrique", "precision_planimetrique"),
    *("methode_d_acquisition_altimetrique", "precision_altimetrique"),
)

# Natures of the category "Industriel et commercial".
NATURES = {
    "Zone industrielle": "industrial",
    "Usine": "plant",
    "Carrière": "quarry",
    "Mine": "quarry",
    "Marais salant": "saltworks",
    "Centrale électrique": "power-plant",
    "Divers commercial": "business",
    "Marché": "business",
    "Divers industriel": "other",
    "Déchèterie": "other",
    "Aquaculture": "other",
    "Haras": "other",
}
# Details that say more than their nature: zones where offices, shops and crafts stand.
_BUSINESS = ("Zone d'activités", "Zone commerciale", "Zone artisanale", "Centre commercial", "Parc des expositions")

RAIL = {
    "LGV": "high-speed",
    "Voie ferrée principale": "main",
    "Voie de service": "service",
    "Tramway": "tram",
    "Métro": "metro",
    "Funiculaire ou crémaillère": "other",
    "Sans objet": "other",
}
USES = {
    "Fret": "freight",
    "Voyageur": "passengers",
    "Voyageurs": "passengers",
    "Voyageur et fret": "mixed",
    "Voyageurs et fret": "mixed",
    "Sans objet": "unknown",
}
STATES = {
    IN_SERVICE: "in-service",
    "En construction": "under-construction",
    "En projet": "planned",
    "Non exploité": "unused",
    "En ruine": "unused",
}

_KILOVOLTS = re.compile(r"\s*(\d+)\s*(?:kV)?\s*", re.IGNORECASE)


def kind_of_zone(nature: str, detail: str) -> str:
    """Return our kind for the nature and the detail of a zone."""
    plain = detail.replace("’", "'")
    return "business" if plain in _BUSINESS and nature in ("Zone industrielle", "") else NATURES.get(nature, "other")


def kilovolts(said: str | None) -> int | None:
    """Return a voltage in kV; None where BD TOPO says a range (`<63 kV`), out of tension, or nothing."""
    found = _KILOVOLTS.fullmatch(said or "")
    return int(found[1]) if found else None
