"""What one session knows: parameters, no widgets."""

from __future__ import annotations

import logging

import param

from layers.view import View

log = logging.getLogger(__name__)

# As much as a link may say (services.MOST_QUERY); the map itself writes a few dozen characters.
MOST_QUERY = 20_000


class Session(param.Parameterized):
    """The View a person is looking at. The map writes it as a query; pages read it as a View."""

    query = param.String(default="", doc="The View as a URL query, as the map's script writes it.")
    view = param.ClassSelector(class_=View, default=View(), instantiate=False, doc="The View itself, never edited.")

    @param.depends("query", watch=True)
    def _read(self) -> None:
        if len(self.query) > MOST_QUERY:
            log.info("session: a link of %d characters was ignored, at most %d are read", len(self.query), MOST_QUERY)
            return
        self.view, ignored = View.from_query(self.query)
        if ignored:
            # What the link says is the reader's: no line of the log repeats it.
            log.info("session: parts of a link were ignored (%d)", len(ignored))

    def show(self, view: View) -> None:
        """Bring the map to a View."""
        self.query = view.to_query()
