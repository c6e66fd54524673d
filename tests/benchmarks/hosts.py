"""The four pages that page_load.py compares, each with its address and the control that toggles the sites."""

from __future__ import annotations

import gzip
import json
import mimetypes
import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import folium_pane as usual
import same_data

from layers.catalogue import DATA_VARIABLE
from layers.web import assets

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Host:
    """One page to measure. `toggle` finds the control; `frame` holds it where that is not the page itself."""

    name: str
    address: str
    toggle: str
    frame: str | None = None
    pid: int | None = None
    live: bool = False
    # What leaves one family of the sites, and what brings that control up.
    only: str | None = None
    before_only: str | None = None


_BARE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare Leaflet</title>
<link rel="icon" href="data:,"><style>{css} html,body,#map{{height:100%;margin:0}}
#box{{position:absolute;right:20px;top:20px;z-index:1000}}</style></head><body><div id="map"></div>
<div id="box"><label><input type="checkbox" id="toggle" checked>industry</label>
<label><input type="checkbox" id="only">only</label></div><script>{leaflet}</script><script>
const data = {data}, classes = {classes}, areas = {areas}, points = {points};
const colours = {{"aix-marseille": "#2a6bc9", "la-ciotat-cassis": "#6d0f4f", "martigues-fos": "#8f5d0c"}};
const map = L.map("map", {{attributionControl: false}}).setView({centre}, 10);
const look = (layer) => (feature) => ({{className: classes[layer] || layer, weight: 1, fill: layer !== "poles",
  color: colours[feature.properties.pole] || "#8aa0ad"}});
for (const layer of areas) L.geoJSON(data[layer], {{style: look(layer)}}).addTo(map);
const made = {{}};
for (const layer of points) made[layer] = L.geoJSON(data[layer], {{pointToLayer: (feature, at) =>
  L.circleMarker(at, {{radius: 6, weight: 1, className: classes[layer] || layer}})}}).addTo(map);
document.getElementById("toggle").addEventListener("change", (event) =>
  event.target.checked ? made.{toggled}.addTo(map) : made.{toggled}.remove());
document.getElementById("only").addEventListener("change", (event) => {{
  made.{toggled}.clearLayers();
  const keep = ({{properties}}) => !event.target.checked || properties.family === "{family}";
  made.{toggled}.addData({{type: "FeatureCollection", features: data.{toggled}.features.filter(keep)}});
}});
</script></body></html>"""


def bare_page() -> bytes:
    """Write the floor: Leaflet, the same features, one checkbox, nothing else."""
    return _BARE.format(
        css=assets.leaflet("leaflet.css"),
        leaflet=assets.leaflet("leaflet.js"),
        data=json.dumps(same_data.features(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        classes=json.dumps(same_data.CLASSES),
        areas=json.dumps(same_data.AREAS),
        points=json.dumps(same_data.POINTS),
        centre=json.dumps(same_data.centre()),
        toggled=same_data.TOGGLED,
        family=same_data.FAMILY,
    ).encode()


@contextmanager
def bare() -> Iterator[Host]:
    """Serve the bare page, compressed once as ours is."""
    files = {"/": ("text/html; charset=utf-8", gzip.compress(bare_page(), 9))}
    for name, kind in (("leaflet.js", "text/javascript"), ("leaflet.css", "text/css")):
        files[f"/{name}"] = (kind, gzip.compress(assets.leaflet(name).encode(), 9))

    with _served(files) as address:
        yield Host("bare Leaflet page", address, "#toggle", only="#only")


@contextmanager
def _served(files: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve files (kind and bytes in gzip, by path) and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path not in files:
                self.send_error(404)
                return
            kind, packed = files[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextmanager
def process(*command: str, root: Path = ROOT, data: Path | None = None) -> Iterator[tuple[str, int]]:
    """Run a server and give its address and process id once it says them."""
    environment = os.environ | ({DATA_VARIABLE: str(data)} if data else {})
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said = []
            for line in process.stderr or ():
                said.append(line.strip())
                if found := re.search(r"http://[\w.]+:(\d+)/", line):
                    # What it says later is read as well, or it would stand still once the pipe is full.
                    threading.Thread(target=lambda: deque(process.stderr or (), maxlen=0), daemon=True).start()
                    yield f"http://127.0.0.1:{found[1]}/", process.pid
                    return
            raise RuntimeError(
                f"{' '.join(command)} stopped before it gave its address: {' / '.join(said) or 'silent'}"
            )
        finally:
            # All of its processes, that of a Folium pane as well as the workers of a server.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


ONLY = "#filters label:has-text('Steel and metals') >> nth=0"
SWITCH = "#tree .group .switch >> nth=0"


@contextmanager
def ours(*, root: Path = ROOT, data: Path | None = None) -> Iterator[Host]:
    """Run the real server by the real command line, of another checkout or with other data when they are named."""
    command = ("-m", "dashboards", "serve", "--host", "127.0.0.1", "--port", "0", "--no-open")
    with process(*command, root=root, data=data) as (address, pid):
        yield Host("Provence Map", address + "?lang=en", SWITCH, "#map", pid, True, ONLY, "#tab-filters")


@contextmanager
def folium_pane() -> Iterator[Host]:
    """Run the Folium pane."""
    with process(str(Path(__file__).with_name("folium_pane.py"))) as (address, pid):
        box = "input[type=checkbox] >> nth="
        yield Host("Folium pane", address, f"{box}0", None, pid, True, f"{box}1")


@contextmanager
def offline(folder: Path) -> Iterator[Host]:
    """Write the single file by the real command line."""
    path = folder / "map.html"
    subprocess.run([sys.executable, "-m", "dashboards", "map", "--out", str(path)], cwd=ROOT, check=True)
    yield Host("offline file", path.as_uri(), SWITCH, only=ONLY, before_only="#tab-filters")


@contextmanager
def plain_folium(folder: Path) -> Iterator[Host]:
    """Write the map with folium alone, as a file with Leaflet inside and folium's own control of layers."""
    path = folder / "folium.html"
    path.write_text(usual.plain(), encoding="utf-8")
    yield Host("plain folium", path.as_uri(), f".leaflet-control-layers label:has-text('{same_data.TOGGLED}')")


def publishes() -> bool:
    """Whether this checkout can write the map as static files."""
    asked = subprocess.run([sys.executable, "-m", "dashboards", "publish", "--help"], cwd=ROOT, capture_output=True)
    return asked.returncode == 0


@contextmanager
def published(folder: Path) -> Iterator[Host]:
    """Write the static site by the real command line and serve it as any web host would, compressed once."""
    site = folder / "site"
    subprocess.run([sys.executable, "-m", "dashboards", "publish", "--out", str(site)], cwd=ROOT, check=True)
    files = {}
    for path in site.rglob("*"):
        if path.is_file():
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            files["/" + path.relative_to(site).as_posix()] = (kind, gzip.compress(path.read_bytes(), 6))
    files |= {name.removesuffix("index.html"): page for name, page in files.items() if name.endswith("/index.html")}
    with _served(files) as address:
        yield Host("published site", address + "en/", SWITCH, only=ONLY, before_only="#tab-filters")
