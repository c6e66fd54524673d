"""The web map: one folium document for the Panel page, for a static host and for a file opened from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.web.document import MapDocument, make_map
    from layers.web.show import make_show

__all__ = ["MapDocument", "make_map", "make_show"]


def __getattr__(name: str) -> Any:
    # Asked for only when used: a sheet or a brief takes figures and names from here, and must not wait for folium.
    if name in {"MapDocument", "make_map"}:
        from layers.web import document

        return getattr(document, name)
    if name == "make_show":
        from layers.web.show import make_show

        return make_show
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
