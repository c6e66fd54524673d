"""Where exactly: a weighted, explainable suitability surface over the metropolis, and what can be told of it.

A first screening by weighted linear combination (Malczewski, GIS and Multicriteria Decision Analysis, 1999): each
criterion is normalised to 0..1 by a stated curve, the score is their weighted mean, exclusions leave cells out. What to
look for stands in data/siting.toml. It weighs what the map holds; land, permits and capacity it does not know.
"""

from __future__ import annotations

from layers.siting.grid import STEP, Cells
from layers.siting.model import Siting, at
from layers.siting.ranking import Ranked, ranked
from layers.siting.recipe import Criterion, Exclusion, Profile, Recipe, recipe
from layers.siting.score import weighted
from layers.siting.sensitivity import sensitivity

__all__ = [
    "STEP",
    "Cells",
    "Criterion",
    "Exclusion",
    "Profile",
    "Ranked",
    "Recipe",
    "Siting",
    "at",
    "ranked",
    "recipe",
    "sensitivity",
    "weighted",
]
