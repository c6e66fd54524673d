"""The map as a dash-leaflet app: run by others.py in an environment of its own; says its address on stderr."""

import json
import os
import sys
from pathlib import Path

import dash_leaflet as dl
from dash import Dash, Input, Output, dcc, html
from dash_extensions.javascript import assign

told = json.loads(Path(os.environ["BENCH_DATA"]).read_text(encoding="utf-8"))
app = Dash(__name__, serve_locally=True, assets_folder=os.environ["BENCH_ASSETS"])
POINTS = {
    layer: assign(
        "(feature, at) => L.circleMarker(at, {radius: 6, weight: 1, className: "
        f"{json.dumps(told['classes'].get(layer, layer))}}})"
    )
    for layer in told["points"]
}


def areas(layer: str) -> dl.GeoJSON:
    """Give a layer of polygons."""
    style = {"className": told["classes"].get(layer, layer), "weight": 1, "fill": layer != "poles"}
    return dl.GeoJSON(data=told["data"][layer], style=style)


def points(layer: str) -> dl.GeoJSON:
    """Give a layer of circles; the one that is toggled and filtered has a name."""
    return dl.GeoJSON(data=told["data"][layer], pointToLayer=POINTS[layer], id=f"layer-{layer}")


app.layout = html.Div(
    [
        dcc.Checklist(["industry", "only"], ["industry"], id="boxes", inline=True),
        dl.Map(
            [*map(areas, told["areas"]), *map(points, told["points"])],
            center=told["centre"], zoom=10, style={"height": "820px"},
        ),
    ]
)  # fmt: skip


@app.callback(Output(f"layer-{told['toggled']}", "data"), Input("boxes", "value"), prevent_initial_call=True)
def show(boxes: list[str]) -> dict:
    """Send the sites that are to be shown: the usual way of dash-leaflet."""
    kept = told["data"][told["toggled"]]["features"] if "industry" in boxes else []
    if "only" in boxes:
        kept = [one for one in kept if one["properties"]["family"] == told["family"]]
    return {"type": "FeatureCollection", "features": kept}


if __name__ == "__main__":
    port = int(os.environ["BENCH_PORT"])
    sys.stderr.write(f"at http://127.0.0.1:{port}/\n")
    sys.stderr.flush()
    app.run(host="127.0.0.1", port=port, debug=False)
