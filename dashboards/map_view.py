"""The Panel component beside the map: it keeps the session's View in step with the document's, both ways.

The document itself stands in the page template, so that it paints before BokehJS is even fetched; this component only
carries a query of a few dozen bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from dashboards.state import Session


class MapView(JSComponent):
    """Mirror `query` of the document: what a person does in the map arrives here, what is set here shows there."""

    query = param.String(default="", doc="The View as a URL query.")
    counted = param.Boolean(default=False, doc="Whether the page is to say once how wide it is (dashboards/usage.py).")
    width_class = param.String(
        default="", doc="`narrow` or `wide`, then `framed` in another page; empty where not asked."
    )

    _esm = Path(__file__).parent / "map_view.js"

    @classmethod
    def of(cls, session: Session, **params: Any) -> MapView:
        """Make the component of a session, linked both ways."""
        view = cls(query=session.query, width=0, height=0, margin=0, **params)
        view.link(session, query="query", bidirectional=True)
        return view

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        """Leave out Panel's style sheets: nothing of the component is seen, and they would be fetched all the same."""
        properties: dict[str, Any] = super()._process_param_change(params)
        properties.pop("stylesheets", None)
        return properties
