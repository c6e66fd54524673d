"""Measure the map as its layers grow: `make bench-growth`. `--beside PATH` measures another checkout as well.

Sites are copies of the real ones (many_sites.py), areas a tessellation as large as France (growth_data.py). A real
server, a real page in Chromium. What a checkout cannot answer within the limit is a measure too, and is written down.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import growth_chart
import growth_data
import many_sites
from page_load import CHROMIUM, FLAGS, WINDOW
from playwright.sync_api import Browser, Error, Frame, Page, sync_playwright

from layers.catalogue import DATA_VARIABLE, data_dir

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 240
SITES, AREAS = (121, 1_210, 12_100, 100_000), (350, 3_500, 35_000)
LAYER = {"sites": "industry", "areas": "zones"}
FOLLOWER = Path(__file__).with_name("press.js")
# Whether all rows of a layer are there and nothing of it is on its way.
WHOLE = """([layer, n]) => globalThis.provence?.model?.live?.items[layer]?.length === n
  && !(globalThis.provence.waiting?.() > 0)"""
# From the call to the second frame after it, in ms.
TOGGLE = """(query) => new Promise((done) => {
  const began = performance.now();
  provence.apply(query);
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
FRAMES = """() => { globalThis.frames_ = []; let last = performance.now(); const look = (now) => {
  globalThis.frames_.push(now - last); last = now; globalThis.frames_.length < 5000 && requestAnimationFrame(look); };
  requestAnimationFrame(look); }"""

log = logging.getLogger("bench")


@dataclass
class Seen:
    """What one page gave at one size; None where it was not reached. Bytes as sent, packed; memory in MB."""

    kind: str
    count: int
    where: str
    start_s: float | None = None
    server_mb: float | None = None
    document_kb: float | None = None
    beside_kb: float | None = None
    painted_ms: float | None = None
    whole_ms: float | None = None
    toggle_ms: float | None = None
    pan_ms: float | None = None
    click_ms: float | None = None
    heap_mb: float | None = None
    ended: str = ""


@contextmanager
def _data(kind: str, count: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        target = Path(folder) / "data"
        if kind == "sites":
            yield many_sites.folder(target, count) if count > many_sites.today() else data_dir()
        else:
            base = data_dir()
            shutil.copytree(base, target, ignore=shutil.ignore_patterns("live"))
            yield growth_data.edition(target, count, base=base)


@contextmanager
def _server(root: Path, data: Path, seen: Seen, cache: Path) -> Iterator[str]:
    """Start the real server; `start_s` is how long it takes to say its address."""
    environment = os.environ | {DATA_VARIABLE: str(data), "PROVENCE_MAP_LIVE": "/nonexistent"}
    environment |= {"PROVENCE_MAP_CACHE": str(cache)}
    command = [sys.executable, "-m", "dashboards", "serve", "--host", "127.0.0.1", "--port", "0", "--no-open"]
    with tempfile.TemporaryFile("w+") as said:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=root, env=environment, stderr=said)
        try:
            while not (found := re.search(r"http://[\w.]+:(\d+)/", _read(said))):
                if process.poll() is not None or time.monotonic() - began > LIMIT_S:
                    raise TimeoutError(f"no address in {time.monotonic() - began:.0f} s: {_read(said)[-200:].strip()}")
                time.sleep(0.05)
            seen.start_s = time.monotonic() - began
            yield f"http://127.0.0.1:{found[1]}/"
            seen.server_mb = _resident_mb(process.pid)
        finally:
            process.kill()
            process.wait()


def _read(said: Any) -> str:
    said.seek(0)
    return str(said.read())


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def measure(browser: Browser, root: Path, where: str, kind: str, count: int, data: Path, cache: Path) -> Seen:
    """Open one page once and do everything; what is not reached within the limit stays None."""
    seen = Seen(kind, count, where)
    try:
        with _server(root, data, seen, cache) as address:
            context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
            context.set_default_timeout(LIMIT_S * 1000)
            context.add_init_script(path=FOLLOWER)
            try:
                _look(context.new_page(), address, seen)
            finally:
                context.close()
    except (TimeoutError, Error) as error:
        seen.ended = str(error).splitlines()[0]
    return seen


def _look(page: Page, address: str, seen: Seen) -> None:
    layer = LAYER[seen.kind]
    query = "layers=poles,communes,industry,decarbonation" if layer == "industry" else f"layers=poles,communes,{layer}"
    sizes = {"map/": 0.0, "beside/": 0.0}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]}))

    def loaded(event: dict[str, Any]) -> None:
        for part in sizes:
            if f"/{part}" in names.get(event["requestId"], ""):
                sizes[part] += event["encodedDataLength"] / 1000

    wire.on("Network.loadingFinished", loaded)
    began = time.monotonic()
    page.goto(f"{address}?lang=en&{query}")
    handle = page.wait_for_selector("#map", state="attached")
    doc = handle.content_frame() if handle else None
    assert doc, "the page holds no frame"
    doc.wait_for_selector("html[data-painted]", state="attached")
    seen.painted_ms = (time.monotonic() - began) * 1000
    doc.wait_for_function(WHOLE, arg=[layer, seen.count])
    seen.whole_ms = (time.monotonic() - began) * 1000
    page.wait_for_timeout(1500)
    seen.document_kb, seen.beside_kb = sizes["map/"], sizes["beside/"]
    _use(page, doc, seen, query, layer)
    wire.send("HeapProfiler.collectGarbage")
    seen.heap_mb = wire.send("Runtime.getHeapUsage")["usedSize"] / 2**20


def _use(page: Page, doc: Frame, seen: Seen, query: str, layer: str) -> None:
    without = query.replace(f",{layer}", "")
    seen.toggle_ms = sorted(doc.evaluate(TOGGLE, each) for each in (without, query, without, query))[2]
    box = page.locator("#map").bounding_box()
    assert box, "the map is not shown"
    x, y = box["x"] + 760, box["y"] + 330
    doc.evaluate(FRAMES)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x - 6 * step, y - 2 * step)
    page.mouse.up()
    frames = sorted(doc.evaluate("frames_"))
    seen.pan_ms = frames[int(len(frames) * 0.95)]
    page.wait_for_timeout(800)
    doc.evaluate("Object.assign(press, { armed: true, painted: null })")
    page.mouse.click(x, y)
    doc.wait_for_function("() => press.painted !== null")
    seen.click_ms = doc.evaluate("press.painted")


def main() -> int:
    """Measure, and write what was seen, the table and the picture when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, help="another checkout to measure in the same round")
    parser.add_argument("--sites", type=int, nargs="*", default=SITES)
    parser.add_argument("--areas", type=int, nargs="*", default=AREAS)
    parser.add_argument(
        "--out", type=Path, default=Path(tempfile.gettempdir()) / "growth.jsonl", help="lines are added"
    )
    parser.add_argument(
        "--write", action="store_true", help="write docs/growth.md and its picture from what --out holds"
    )
    options = parser.parse_args()
    places = {"now": ROOT} | ({"before": options.beside.resolve()} if options.beside else {})
    sizes = [("sites", n) for n in options.sites] + [("areas", n) for n in options.areas]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="growth-cache-") as cache:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for kind, count in sizes:
            with _data(kind, count) as data:
                for where, root in places.items():
                    seen = measure(browser, root, where, kind, count, data, Path(cache))
                    log.info("%s", seen)
                    with options.out.open("a", encoding="utf-8") as handle:
                        handle.write(json.dumps(asdict(seen)) + "\n")
        browser.close()
    if options.write:
        log.info("wrote %s", growth_chart.write(options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
