"""A resolved story written by hand from the contract, for the tests of what is made of one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

COLOPHON = {"version": "9.8.7", "data": "2026-11-23", "data_version": "a1b2c3d4e5f6", "checksum": "0123456789abcdef"}
_SOURCES = [
    {
        "said": {
            "en": "AFP, 2025 · facts cited · medium confidence",
            "fr": "AFP, 2025 · faits cités · confiance moyenne",
        },
        "publisher": {"en": "AFP", "fr": "AFP"},
        "licence": {"en": "facts cited", "fr": "faits cités"},
        "year": 2025,
        "confidence": "medium",
        "url": "https://www.example.org/a-page?of=some&length=1",
    },
    {
        "said": {"en": "Union Registry, 2022 · CC BY 4.0", "fr": "Registre de l’Union, 2022 · CC BY 4.0"},
        "publisher": {"en": "Union Registry", "fr": "Registre de l’Union"},
        "licence": {"en": "CC BY 4.0", "fr": "CC BY 4.0"},
        "year": 2022,
        "confidence": None,
        "url": "https://www.example.org/registry",
    },
]
_FIGURE = {
    "id": "fos-investment",
    "value": {"en": "€20", "fr": "20"},
    "unit": {"en": "bn", "fr": "Md€"},
    "said": {"en": "Potential investment around Fos.", "fr": "Investissements potentiels autour de Fos."},
    "year": 2025,
    "confidence": "medium",
    "note": {"en": "", "fr": ""},
    "source": 0,
}


def item(en: str, fr: str, value: float | None, said: str, colour: str = "green") -> dict[str, Any]:
    """Write one class or year of a chart."""
    return {
        "label": {"en": en, "fr": fr},
        "value": value,
        "said": {"en": said, "fr": said},
        "token": colour,
        "year": None,
    }


def chart(kind: str = "statuses", **changes: Any) -> dict[str, Any]:
    """Write a chart: projects by status, or what the changes say."""
    items = [
        item("Operating", "En service", 24, "24"),
        item("Announced", "Annoncé", 17, "17"),
        item("Suspended", "Suspendu", None, "–", "ink3"),
    ]
    given = {
        "kind": kind,
        "title": {"en": "Projects by status", "fr": "Projets par état"},
        "unit": {"en": "projects", "fr": "projets"},
        "note": {"en": "A selection.", "fr": "Une sélection."},
        "source": 1,
        "items": items,
    }
    return given | changes


def scene(kind: str = "scene", **changes: Any) -> dict[str, Any]:
    """Write a scene with everything that one may have."""
    given = {
        "id": "02-fos",
        "kind": kind,
        "seconds": 45,
        "transition": "fly",
        "view": "layers=poles,communes,industry,decarbonation&bounds=4.72,43.28,5.3,43.7&select=pole:martigues-fos",
        "years": None,
        "highlights": ["project:gravithy-fos", "site:arcelormittal-fos"],
        "topic": {"en": "Industry in transition", "fr": "L’industrie en transition"},
        "title": {
            "en": [["Around Fos and Berre, forty projects", None]],
            "fr": [["Autour de Fos, quarante projets", None]],
        },
        "caption": {
            "en": [["of potential investment, with ", None], ["10,000", 1], [" jobs promised.", None]],
            "fr": [["d’investissements potentiels, avec ", None], ["10\u202f000", 1], [" emplois promis.", None]],
        },
        "figure": copy.deepcopy(_FIGURE),
        "chart": chart(),
        "sources": copy.deepcopy(_SOURCES),
        "credit": {"en": "Map: contours IGN", "fr": "Carte\u202f: contours IGN"},
        "notes": {"en": [[["Say “potential”.", None]]], "fr": [[["Dire « potentiel ».", None]]]},
        "asked": [
            copy.deepcopy(_FIGURE) | {"source": 1, "said": {"en": "A figure asked for.", "fr": "Un chiffre demandé."}}
        ],
        "asked_sources": copy.deepcopy(_SOURCES),
        "picture": None,
    }
    return given | changes


def story(*scenes: dict[str, Any]) -> dict[str, Any]:
    """Write a story: an opening, a scene and a closing, or those given."""
    bare = {"figure": None, "chart": None, "highlights": [], "asked": []}
    told = scenes or (
        scene("opening", id="01-opening", **bare),
        scene(),
        scene("closing", id="03-closing", **bare, notes={"en": [], "fr": []}),
    )
    return {
        "id": "told",
        "title": {"en": "A story told", "fr": "Un récit"},
        "about": {"en": "What it is about.", "fr": "Ce dont il s’agit."},
        "minutes": 5,
        "scenes": copy.deepcopy(list(told)),
    }


class Telling:
    """What tests build stories with."""

    colophon = COLOPHON
    scene = staticmethod(scene)
    chart = staticmethod(chart)
    item = staticmethod(item)
    story: Callable[..., dict[str, Any]] = staticmethod(story)


@pytest.fixture(scope="session")
def told() -> Telling:
    """Give the means to write a resolved story."""
    return Telling()
