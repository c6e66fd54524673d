"""The words a column may hold, and what they are grouped into for the map."""

from __future__ import annotations

POLES = ("aix-marseille", "la-ciotat-cassis", "martigues-fos")
OUTSIDE = "outside"
CONFIDENCE = ("high", "medium", "low")

# What each sector or technology is drawn as; the map has one colour and one icon per family.
SECTOR_FAMILY = {
    "steel": "metal",
    "metals": "metal",
    "refining": "fuel",
    "gas-terminal": "fuel",
    "chemicals": "chem",
    "pharma": "chem",
    "power": "power",
    "waste-to-energy": "power",
    "cement-lime": "miner",
    "mining-minerals": "miner",
    "aerospace": "adv",
    "shipbuilding": "adv",
    "microelectronics": "adv",
    "port-terminal": "port",
    "logistics": "port",
    "food": "other",
    "other": "other",
}
TECHNOLOGY_FAMILY = {
    "hydrogen": "h2",
    "e-fuels": "h2",
    "low-carbon-steel": "proc",
    "industrial-programme": "proc",
    "ccus": "ccus",
    "solar-pv": "renew",
    "solar-manufacturing": "renew",
    "offshore-wind": "renew",
    "heat-network": "heat",
    "bioenergy": "heat",
    "grid": "grid",
    "gas-network": "grid",
    "mobility": "mob",
    "shore-power": "mob",
    "fusion-nuclear": "oth",
    "other": "oth",
}
SITE_STATUSES = ("operating", "construction", "closed", "unknown")
PROJECT_STATUSES = ("operating", "under-construction", "permitted", "public-consultation", "announced", "suspended")
# What an amount is for: works on the territory, works that also lie beyond it, or an item that is no decarbonation.
INVESTMENT_SCOPES = ("site", "wider", "context")
PLACE_CATEGORIES = (
    "university",
    "research",
    "hospital",
    "business-park",
    "industrial-platform",
    "brownfield",
    "data-centre",
    "port-terminal",
    "heritage",
    "nature",
    "beach",
)
# What the figures say of an idea people may have: they bear it out, in part, or they say something else.
VERDICTS = ("holds", "partly", "otherwise")
# Figures of the cards that are computed from the tables (layers/cited.py), not carried from a page.
COMPUTED_FIGURES = (
    "co2-martigues-fos-2013",
    "co2-martigues-fos-2022",
    "projects-operating",
    "projects-under-construction",
    "projects-not-built",
)

# Tables that only official services fill (layers/schema_optional.py).
ZONE_KINDS = ("industrial", "business", "plant", "quarry", "saltworks", "power-plant", "other")
PROTECTIONS = (
    "park-core", "park-buffer", "natura-habitats", "natura-birds", "reserve", "biotope", "coastal", "ramsar",
    "classified-site", "znieff1", "znieff2",
)  # fmt: skip
BROWNFIELD_STATUSES = ("without-project", "with-project", "potential", "converted")
RAIL_KINDS = ("high-speed", "main", "service", "tram", "metro", "other")
RAIL_USES = ("freight", "passengers", "mixed", "unknown")
# Whether something is done, said, or not known.
ANSWERS = ("yes", "no", "unknown")
# The state of a line on the ground; BD TOPO says it of rail and of power lines alike.
LINE_STATES = ("in-service", "under-construction", "planned", "unused", "unknown")
