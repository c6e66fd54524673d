"""What the table of a View says of areas and lines that lie over the land, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from layers import numbers
from layers.text import text
from layers.view import Language

Row = Mapping[str, Any]
_LEAST_HA = 0.1


def hectares(area: float, language: Language) -> str:
    """Write a surface in hectares as the cards do."""
    if area < _LEAST_HA:
        return text("drape.less_ha", language)
    return text("drape.ha", language, n=numbers.number(area, language, decimals=1 if area < 10 else 0))


def told(layer: str, row: Row, language: Language) -> dict[str, Any]:
    """Give the cells of a row: its name, what it is, its official words, its state, its figures in words.

    `_figure`: what it is sorted by, hectares or kilovolts.
    """
    return _TOLD[layer](row, language)


def _zone(row: Row, language: Language) -> dict[str, Any]:
    family = text(f"drape.zone_{row['kind']}", language)
    return {"name": row["name"] or family, "family": family, "activity": row["detail"] or None,
            "dated": row["updated"] or None, **_measured(row, language)}  # fmt: skip


def _brownfield(row: Row, language: Language) -> dict[str, Any]:
    pollution = text("drape.pollution", language)
    said = row["pollution"] or text("drape.pollution_unsaid", language)
    colon = "\u202f:" if language == "fr" else ":"
    measured = _measured(row, language)
    return {
        "name": row["name"], "family": text(f"drape.fallow_{row['status']}", language),
        "activity": " · ".join(part for part in (row["kind"], row["activity"]) if part) or None,
        "status": text(f"drape.brownfield_{row['status']}", language),
        **measured, "note": f"{measured['note']} · {pollution}{colon} {said}",
    }  # fmt: skip


def _protected(row: Row, language: Language) -> dict[str, Any]:
    family = text(f"drape.protected_{row['kind']}", language)
    page = {"page": row["url"]} if row["url"] else {}
    return {"name": row["name"], "family": family, "activity": row["official_id"] or None, **page,
            **_measured(row, language)}  # fmt: skip


def _rail(row: Row, language: Language) -> dict[str, Any]:
    family = text(f"drape.rail_{row['kind']}", language)
    colon = "\u202f:" if language == "fr" else ":"
    known = not pd.isna(row["tracks"])
    tracks = str(int(row["tracks"])) if known else text("drape.not_stated", language)
    pairs = (
        ("use", text(f"drape.use_{row['use']}", language)),
        ("electrified", text(f"drape.answer_{row['electrified']}", language)),
        ("tracks", tracks),
    )
    said = " · ".join(f"{text(f'drape.{name}', language)}{colon} {value}" for name, value in pairs)
    return {"name": family, "family": family, "status": _state(row, language), "note": said}


def _power(row: Row, language: Language) -> dict[str, Any]:
    kv: int = 0 if pd.isna(row["voltage_kv"]) else int(row["voltage_kv"])
    voltage: str = text("drape.kv", language, n=kv) if kv else text("drape.power_unsaid", language)
    return {"name": f"{text('kind.power', language)} · {voltage}", "family": text("kind.power", language),
            "operator": row["operator"] or None, "status": _state(row, language), "note": voltage,
            "_figure": kv}  # fmt: skip


def _measured(row: Row, language: Language) -> dict[str, Any]:
    return {"note": hectares(row["area_ha"], language), "_figure": row["area_ha"]}


def _state(row: Row, language: Language) -> str:
    return text(f"drape.state_{row['status']}", language)


_TOLD: dict[str, Callable[[Row, Language], dict[str, Any]]] = {
    "zones": _zone,
    "brownfields": _brownfield,
    "protected": _protected,
    "rail": _rail,
    "power_lines": _power,
}
