"""The usual way: a Panel app that shows a `folium.Map` in `pn.pane.plot.Folium` and rebuilds it on each change.

Run by page_load.py in a process of its own. With the network cut, folium's addresses on CDNs give way to the installed
Leaflet; jQuery, Bootstrap, Font Awesome and awesome-markers are left out, which is to this page's advantage.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import folium
import panel as pn
import same_data
from xstatic.pkg import leaflet

from layers.web import assets

COLOURS = {"aix-marseille": "#2a6bc9", "la-ciotat-cassis": "#6d0f4f", "martigues-fos": "#8f5d0c"}
ROUTE = "leaflet"


@cache
def data() -> dict[str, dict[str, Any]]:
    """Give the features, read once per process."""
    return same_data.features()


def area_style(layer: str) -> Any:
    """Give folium the style of each polygon, by its pole where it has one."""

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        colour = COLOURS.get(feature["properties"].get("pole"), "#8aa0ad")
        fill = layer != "poles"
        return {"className": same_data.CLASSES.get(layer, layer), "color": colour, "weight": 1, "fill": fill}

    return style


def make(shown: bool, only: bool = False) -> folium.Map:
    """Make the whole map, with or without the layer that is toggled, or with one family of it."""
    map_ = folium.Map(location=same_data.centre(), zoom_start=10, tiles=None)
    for layer in same_data.AREAS:
        folium.GeoJson(data()[layer], name=layer, style_function=area_style(layer)).add_to(map_)
    for layer in same_data.POINTS:
        if layer == same_data.TOGGLED and not shown:
            continue
        style = {"className": same_data.CLASSES.get(layer, layer), "radius": 6, "weight": 1, "fill": True}
        marker = folium.CircleMarker(radius=6, weight=1, fill=True)
        features = data()[layer]
        if only and layer == same_data.TOGGLED:
            kept = [one for one in features["features"] if one["properties"]["family"] == same_data.FAMILY]
            features = {"type": "FeatureCollection", "features": kept}
        folium.GeoJson(features, name=layer, marker=marker, style_function=lambda _, s=style: s).add_to(map_)
    return map_


def plain() -> str:
    """Give the page of folium alone, with the installed Leaflet inside in place of its addresses on CDNs."""
    made = make(True)
    folium.LayerControl(collapsed=False).add_to(made)
    html = str(made.get_root().render())
    html = re.sub(r"<script src=[^>]*></script>", "", html)
    html = re.sub(r"<link [^>]*/>", "", html)
    inside = f"<style>{assets.leaflet('leaflet.css')}</style><script>{assets.leaflet('leaflet.js')}</script>"
    return html.replace("<head>", f"<head>{inside}", 1)


def page() -> pn.Column:
    """Assemble the page of one session."""
    shown = pn.widgets.Checkbox(name=same_data.TOGGLED, value=True)
    pane = pn.pane.plot.Folium(make(True), height=820, sizing_mode="stretch_width")
    only = pn.widgets.Checkbox(name="only", value=False)
    for box in (shown, only):
        box.param.watch(lambda _: setattr(pane, "object", make(shown.value, only.value)), "value")
    return pn.Column(shown, only, pane, sizing_mode="stretch_width")


def main() -> None:
    """Serve on a free port and say which."""
    folium.Map.default_js = [("leaflet", f"/{ROUTE}/leaflet.js")]
    folium.Map.default_css = [("leaflet_css", f"/{ROUTE}/leaflet.css")]
    data()
    server = pn.io.server.get_server(
        {"/": page},
        port=0,
        address="127.0.0.1",
        websocket_origin=["*"],
        static_dirs={ROUTE: str(Path(leaflet.BASE_DIR))},
    )
    sys.stderr.write(f"at http://127.0.0.1:{server.port}/\n")
    sys.stderr.flush()
    server.start()
    server.io_loop.start()


if __name__ == "__main__":
    main()
