"""Measure how soon the suitability surface follows a slider, with today's cells and with 1.2 million of them.

A file as `provence-map map --siting` writes it, a real key on a real slider in Chromium, followed to the second frame
as in interaction.py; the weighing alone beside the same sum in numpy. `--sessions` measures instead what each session
adds to the memory of a server, without the panel and with it. Run it with `python tests/benchmarks/siting_page.py`.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import logging
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import hosts
import numpy as np
import report
from page_load import CHROMIUM, FLAGS, PATIENCE_S, POLL_MS, WINDOW, session_kb
from playwright.sync_api import Browser, Page, sync_playwright

from layers.siting import Cells
from layers.web import make_map, siting

FOLLOWER = Path(__file__).with_name("press.js")
PAUSE_MS, GOAL_MS, GOAL_MB = 600, 150, 5
ROWS, COLUMNS = 1000, 1200
READY = "document.querySelector('.siting-ranking tbody tr') !== null"
# What the script itself takes, without the browser's painting: weighing every cell, and finding cells below px.
COMPUTE = """() => {
  const { sitingGrid } = provence;
  const pack = JSON.parse(document.getElementById("provence-config").textContent).siting.pack;
  return sitingGrid.inflate(pack.planes).then((planes) => {
    const grid = sitingGrid.unpack(pack, planes);
    const into = new Uint16Array(grid.n);
    const parts = sitingGrid.shares(pack.profiles[0].weights, pack.criteria);
    const taken = Array.from({ length: 9 }, () => {
      const began = performance.now();
      sitingGrid.score(grid, parts, 255, into);
      return performance.now() - began;
    });
    return { cells: grid.n, weigh: taken };
  });
}"""

log = logging.getLogger("bench")


def large(pack: dict[str, Any]) -> dict[str, Any]:
    """Give the same criteria over 1.2 million cells, all of them in the metropolis: cells of about 80 m."""
    rows, columns = pack["rows"], pack["columns"]
    flat = np.frombuffer(gzip.decompress(base64.b64decode(pack["planes"])), np.uint8)
    planes = flat.reshape(-1, rows, columns)
    down, across = np.arange(ROWS) * rows // ROWS, np.arange(COLUMNS) * columns // COLUMNS
    made = planes[:, down][:, :, across].copy()
    # Everywhere a commune, and every value known: nothing is passed over.
    made[0] = np.where(made[0] == 0, 1, made[0])
    made[2:] = np.minimum(made[2:], siting.HIGHEST)
    step = max(rows * pack["step"] / ROWS, columns * pack["step"] / COLUMNS)
    cells = Cells(pack["west"], pack["north"], step, ROWS, COLUMNS)
    packed = base64.b64encode(gzip.compress(made.tobytes(), 6, mtime=0)).decode()
    more = {"step": step, "rows": ROWS, "columns": COLUMNS, "lattice": siting.lattice(cells)}
    return {**pack, **more, "bytes": made.size, "planes": packed}


def measure(browser: Browser, path: Path, turns: int) -> tuple[list[float], dict[str, Any]]:
    """Open a file, move a slider step by step, and give the milliseconds to the second frame of each."""
    context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
    context.add_init_script(path=FOLLOWER)
    page = context.new_page()
    page.goto(f"{path.as_uri()}#siting=hydrogen&panel=siting")
    page.wait_for_function(READY, timeout=PATIENCE_S * 1000)
    page.wait_for_timeout(3 * PAUSE_MS)
    page.locator(".weight input").first.focus()
    found = [_timed(page, "ArrowRight" if turn % 2 == 0 else "ArrowLeft") for turn in range(turns)]
    computed = page.evaluate(COMPUTE)
    context.close()
    return found, computed


def _timed(page: Page, key: str) -> float:
    """Press a key and give the milliseconds to the second frame. Raises RuntimeError where the score did not move."""
    before = page.locator(".siting-ranking").inner_text()
    page.evaluate("Object.assign(press, { armed: true, painted: null })")
    page.keyboard.press(key)
    for _ in range(PATIENCE_S * 1000 // POLL_MS):
        if (ms := page.evaluate("press.painted")) is not None:
            break
        page.wait_for_timeout(POLL_MS)
    else:
        raise RuntimeError(f"nothing was painted within {PATIENCE_S} s")
    if page.locator(".siting-ranking").inner_text() == before:
        raise RuntimeError("the ranking is as before, so the slider did not move")
    page.wait_for_timeout(PAUSE_MS)
    return float(ms)


def bare(pack: dict[str, Any], times: int = 9) -> list[float]:
    """Weigh the same cells of the metropolis with numpy, bytes into float32 sums, and give the milliseconds of each."""
    planes = np.frombuffer(gzip.decompress(base64.b64decode(pack["planes"])), np.uint8).reshape(
        2 + len(pack["criteria"]), -1
    )
    inside, weights = planes[0] > 0, pack["profiles"][0]["weights"]
    used = [
        (planes[2 + i][inside], weights[one["id"]]) for i, one in enumerate(pack["criteria"]) if one["id"] in weights
    ]
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        total = np.zeros(int(inside.sum()), np.float32)
        for values, weight in used:
            total += values * np.float32(weight)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def sessions(browser: Browser) -> list[str]:
    """Give the lines of a table: what a session adds to the server's memory, without the panel and with it."""
    lines = ["| page | each session adds (MB) | goal | |", "|---|---|---|---|"]
    for name, query in (("Explore", ""), ("Where exactly", "&siting=hydrogen&panel=siting")):
        with hosts.ours() as host:
            found = session_kb(browser, replace(host, address=host.address + query)) / 1000
        lines.append(f"| {name} | {found:.2f} | at most {GOAL_MB} | {'met' if found <= GOAL_MB else '**missed**'} |")
    return lines


def main() -> int:
    """Measure both sizes and print the table."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20, help="steps of the slider (default 20)")
    parser.add_argument("--sessions", action="store_true", help="measure the server's memory for each session instead")
    options = parser.parse_args()
    if options.sessions:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            sys.stdout.write("\n".join(sessions(browser)) + "\n")
            browser.close()
        return 0
    pack = siting.packed()
    heads = ["cells", "slider to painted (ms)", "goal", "", "of which weighing (ms)", "in numpy (ms)"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, one in (("today", pack), ("large", large(pack))):
            path = make_map(siting={"pack": one}).save(Path(folder) / f"{name}.html")
            found, computed = measure(browser, path, options.turns)
            met = "met" if median(found) <= GOAL_MS else "**missed**"
            cells = [f"{computed['cells']:,}", report.cell(found, 0), f"at most {GOAL_MS}", met]
            lines.append(
                "| " + " | ".join([*cells, report.cell(computed["weigh"], 1), report.cell(bare(one), 1)]) + " |"
            )
        browser.close()
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
