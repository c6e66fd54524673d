"""The document of the Plan page: the form of an export and its preview, without a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.web.document import MapDocument, make_map


def make_plan(offer: Mapping[str, Any], *, font: str | None = None, **config: Any) -> MapDocument:
    """Make the document of the Plan page; `offer` is what its form is made of, as plain data.

    The options and what is raised are those of `make_map`.
    """
    return make_map(font=font, more={"plan": dict(offer)}, **config)
