"""The web map: one folium document for the Panel page, for a static host and for a file opened from disk."""

from layers.web.document import MapDocument, make_map
from layers.web.show import make_show

__all__ = ["MapDocument", "make_map", "make_show"]
