"""The map as a streamlit-folium app: run by others.py with `streamlit run`, in an environment of its own.

Its Leaflet comes from the address in BENCH_LEAFLET, since folium's lies on a CDN; jQuery, Bootstrap and Font Awesome
are left out, which is to this page's advantage.
"""

import json
import os
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

folium.Map.default_js = [("leaflet", f"{os.environ['BENCH_LEAFLET']}leaflet.js")]
folium.Map.default_css = [("leaflet_css", f"{os.environ['BENCH_LEAFLET']}leaflet.css")]


@st.cache_resource
def same() -> dict:
    """Give what every page of the bench shows, read once per process."""
    return json.loads(Path(os.environ["BENCH_DATA"]).read_text(encoding="utf-8"))


def make(shown: bool, only: bool) -> folium.Map:
    """Make the whole map, with or without the layer that is toggled, with all of its sites or one family."""
    told = same()
    map_ = folium.Map(location=told["centre"], zoom_start=10, tiles=None)
    for layer in told["areas"]:
        look = {"className": told["classes"].get(layer, layer), "weight": 1, "fill": layer != "poles"}
        folium.GeoJson(told["data"][layer], name=layer, style_function=lambda _, s=look: s).add_to(map_)
    for layer in told["points"]:
        if layer == told["toggled"] and not shown:
            continue
        data = told["data"][layer]
        if layer == told["toggled"] and only:
            kept = [one for one in data["features"] if one["properties"]["family"] == told["family"]]
            data = {"type": "FeatureCollection", "features": kept}
        look = {"className": told["classes"].get(layer, layer), "radius": 6, "weight": 1, "fill": True}
        marker = folium.CircleMarker(radius=6, weight=1, fill=True)
        folium.GeoJson(data, name=layer, marker=marker, style_function=lambda _, s=look: s).add_to(map_)
    return map_


st.set_page_config(layout="wide")
everything = st.checkbox("industry", value=True)
metals = st.checkbox("only", value=False)
st_folium(make(everything, metals), height=760, use_container_width=True, returned_objects=[], key="map")
