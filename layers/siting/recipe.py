"""What data/siting.toml says: criteria with their curves, exclusions, profiles; checked, every fault at once."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from layers import editions
from layers.errors import TableError
from layers.view import LANGUAGES, LAYERS, MOST_WEIGHT, Language

FILE = "siting.toml"
# Kinds of criteria and of exclusions, each with the numbers it is stated by.
CRITERIA = {"near": ("full", "zero"), "reach": ("full", "zero", "reach"), "slope": ("full", "zero")}
EXCLUSIONS: dict[str, tuple[str, ...]] = {"areas": (), "steep": ("more",), "dense": ("more",), "within": ("km",)}
# One byte of the packed grid holds one bit of each.
MOST_EXCLUSIONS = 8
# Water is on every map and is no layer that is switched.
_LAYERS = frozenset({*LAYERS, "water"})

Said = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which rows of a layer count: those whose column holds one of the values, of a status, with at least some number.

    `status` is empty, `operating`, or `live`: any but suspended.
    """

    layer: str
    column: str = ""
    values: tuple[str, ...] = ()
    status: str = ""
    least: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a criterion and an exclusion have in common: what it is made from, its numbers, its words."""

    id: str
    kind: str
    origins: tuple[Origin, ...]
    numbers: Mapping[str, float]
    title: Said
    limits: Said


@dataclass(frozen=True, slots=True)
class Criterion(Rule):
    """What is measured and the curve that makes 0..1 of it: 1 up to `full`, 0 from `zero`, straight between.

    Kilometres for near; degrees for slope; people for reach, of whom more are better, within `reach` kilometres.
    """


@dataclass(frozen=True, slots=True)
class Exclusion(Rule):
    """What leaves a cell out: inside areas, steeper, denser, or within so many kilometres than stated."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a kind of investor looks for: weights by criterion, exclusions, words in both languages."""

    id: str
    title: Said
    about: Said
    weights: Mapping[str, float]
    exclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All of the file, in its order."""

    criteria: Mapping[str, Criterion]
    exclusions: Mapping[str, Exclusion]
    profiles: Mapping[str, Profile]


def recipe() -> Recipe:
    """Return what the file of the base data says: an edition brings other tables, never another method.

    Raises TableError with every fault.
    """
    path = editions.base_dir() / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise TableError("siting", [f"{path} is missing"], advice="Take it from the project.") from error
    return _read(path, stamp)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> Recipe:
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Recipe:
    """Read the text of the file.

    Raises TableError with every fault.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("siting", [f"not TOML: {error}"], advice=_ADVICE) from error
    faults: list[str] = []
    criteria = _records(said, "criteria", CRITERIA, faults)
    exclusions = _records(said, "exclusions", EXCLUSIONS, faults)
    if len(exclusions) > MOST_EXCLUSIONS:
        faults.append(f"{len(exclusions)} exclusions: at most {MOST_EXCLUSIONS} fit in a byte")
    profiles = {key: _profile(key, row, faults) for key, row in said.get("profiles", {}).items()}
    for profile in profiles.values():
        unknown = [*(set(profile.weights) - set(criteria)), *(set(profile.exclusions) - set(exclusions))]
        faults += [f"profiles.{profile.id} names {name}, which is not defined" for name in sorted(unknown)]
    if faults:
        raise TableError("siting", faults, advice=_ADVICE)
    return Recipe(
        {key: Criterion(key, *row) for key, row in criteria.items()},
        {key: Exclusion(key, *row) for key, row in exclusions.items()},
        profiles,
    )


_ADVICE = f"Correct data/{FILE} by hand."


def _records(
    said: dict[str, Any], group: str, kinds: Mapping[str, tuple[str, ...]], faults: list[str]
) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for key, row in said.get(group, {}).items():
        name = f"{group}.{key}"
        if not isinstance(row, dict):
            faults.append(f"{name} is {row!r}: a table was expected")
            continue
        kind = str(row.get("kind"))
        if kind not in kinds:
            faults.append(f"{name}: kind {kind!r}, one of {', '.join(kinds)} expected")
            continue
        numbers = {word: _number(row.get(word), f"{name}.{word}", faults) for word in kinds[kind]}
        if "full" in numbers and (numbers["full"] < numbers["zero"]) != (kind != "reach"):
            faults.append(f"{name}: full {numbers['full']:g} and zero {numbers['zero']:g} are the wrong way round")
        elif "full" in numbers and numbers["full"] == numbers["zero"]:
            faults.append(f"{name}: full and zero are both {numbers['full']:g}")
        known = {
            "kind",
            "from",
            *kinds[kind],
            *(f"{word}_{lang}" for word in ("title", "limits") for lang in LANGUAGES),
        }
        faults += [f"{name}.{word} is not known" for word in row if word not in known]
        faults += [
            f"{name}: there is no layer {one.get('layer', '')!r}"
            for one in row.get("from", [])
            if one.get("layer") not in _LAYERS
        ]
        origins = tuple(
            Origin(
                one.get("layer", ""),
                one.get("column", ""),
                tuple(one.get("values", ())),
                one.get("status", ""),
                one.get("least", {}),
            )
            for one in row.get("from", [])
        )
        found[key] = (kind, origins, numbers, _said(row, "title", name, faults), _said(row, "limits", name, faults))
    if not found:
        faults.append(f"no {group}")
    return found


def _profile(key: str, row: dict[str, Any], faults: list[str]) -> Profile:
    name = f"profiles.{key}"
    weights = {word: _number(value, f"{name}.{word}", faults) for word, value in row.get("weights", {}).items()}
    faults += [
        f"{name}.{word} is {weight:g}: at most {MOST_WEIGHT:g}"
        for word, weight in weights.items()
        if weight > MOST_WEIGHT
    ]
    if not any(weights.values()):
        faults.append(f"{name} weighs nothing")
    title, about = _said(row, "title", name, faults), _said(row, "about", name, faults)
    return Profile(key, title, about, weights, tuple(row.get("exclusions", ())))


def _number(value: object, name: str, faults: list[str]) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
        return float(value)
    faults.append(f"{name} is {value!r}: a number that is not negative was expected")
    return 0.0


def _said(row: dict[str, Any], word: str, name: str, faults: list[str]) -> Said:
    faults += [f"{name}.{word}_{language} is missing" for language in LANGUAGES if not row.get(f"{word}_{language}")]
    return {language: str(row.get(f"{word}_{language}", "")) for language in LANGUAGES}
