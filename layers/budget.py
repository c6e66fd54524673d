"""How much of a layer the document may carry, and how a layer travels that is more than that.

Said once, for every layer. A document is read whole before the map is painted, and its first load is to stay under a
megabyte on the wire, of which half is the map as it is. What is left is shared by the layers that a refresh or another
table may bring. Measured (docs/growth.md): a site costs 230 bytes of it, packed, an area or line 35 and 3.3 for each of
its corners; so the figures below are some 450 kB at most for a layer, and a pan that stays within two frames.

A layer over budget travels beside the document: its rows in one file that is fetched when the layer is shown, and the
shapes of areas and lines as tiles. A file that is opened from disk can fetch nothing: it takes the short form.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import shapely
from geopandas import GeoDataFrame

from geo.errors import GeoError
from layers import catalogue, drape

# A number that the budget is multiplied by: `inf` puts every layer into the document, 0.01 next to none.
VARIABLE = "PROVENCE_MAP_BUDGET"


class BudgetError(GeoError):
    """The budget was set to what is no number."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Rows and corners of shapes that one layer may have inside the document."""

    rows: float
    corners: float

    def holds(self, frame: GeoDataFrame) -> bool:
        """Tell whether a layer, its shapes as they would travel, may be inside."""
        return (
            len(frame) <= self.rows
            and int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()) <= self.corners
        )


SITES = Budget(rows=2_000, corners=math.inf)
DRAPES = Budget(rows=5_000, corners=100_000)
# Layers that may travel beside the document; the others are the map itself, or a person keeps them by hand.
GROWING = ("industry", *drape.AREAS, *drape.LINES)


def sites_over() -> bool:
    """Tell whether the sites are more than the document may carry. Raises BudgetError, TableError."""
    return len(catalogue.load("industry")) > of("industry").rows


def of(layer: str) -> Budget:
    """Return the budget of a layer, multiplied by what PROVENCE_MAP_BUDGET says. Raises BudgetError."""
    said = os.environ.get(VARIABLE, "1")
    try:
        factor = float(said)
    except ValueError:
        factor = math.nan
    if not factor >= 0:
        raise BudgetError(f"{VARIABLE} is {said!r}, expected a number such as 1, 0.5 or inf; correct or unset it")
    full = SITES if layer == "industry" else DRAPES
    if layer not in GROWING or math.isinf(factor):
        return Budget(math.inf, math.inf)
    return Budget(full.rows * factor, full.corners * factor)
