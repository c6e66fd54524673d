"""What one session knows: parameters, no widgets."""

from __future__ import annotations

import logging

import param

from layers.view import View

log = logging.getLogger(__name__)


class Session(param.Parameterized):
    """The View a person is looking at. The map writes it as a query; pages read it as a View."""

    query = param.String(default="", doc="The View as a URL query, as the map's script writes it.")
    view = param.ClassSelector(class_=View, default=View(), instantiate=False, doc="The View itself, never edited.")

    @param.depends("query", watch=True)
    def _read(self) -> None:
        self.view, ignored = View.from_query(self.query)
        if ignored:
            log.info("session: parts of a link were ignored: %s", ", ".join(ignored))

    def show(self, view: View) -> None:
        """Bring the map to a View."""
        self.query = view.to_query()
