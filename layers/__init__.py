"""The territory's layers: where each comes from, its columns, how it looks and how it is drawn and saved.

In a notebook:

    import layers

    layers.load("industry")                                # a checked GeoDataFrame in EPSG:4326
    layers.make_map(["poles", "industry"]).save("map.html")  # one file that opens with the network cut
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.catalogue import load
    from layers.view import View
    from layers.web.document import MapDocument, make_map

__all__ = ["MapDocument", "View", "load", "make_map"]


def __getattr__(name: str) -> Any:
    # Asked for only when used: building the tables must not wait for folium.
    if name == "load":
        from layers.catalogue import load

        return load
    if name == "View":
        from layers.view import View

        return View
    if name in {"MapDocument", "make_map"}:
        from layers.web import document

        return getattr(document, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
