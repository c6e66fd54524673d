"""Measure how a story changes scene: `make bench-scenes`.

The pitch is opened from its file in Chromium without a GPU, and played by the keys of a clicker. What is counted is
what the browser's compositor drew and handed to the screen (its own trace), not what the script believes: time from the
key to the first picture, and pictures a second until the scene has landed. Beside it the same Views on the explorer's
map, with Leaflet's own flight.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import report
from page_load import CHROMIUM, FLAGS, PATIENCE_S, POLL_MS
from playwright.sync_api import Browser, Page, sync_playwright

from layers import stories
from layers.view import View
from layers.web.document import make_map
from layers.web.show import make_show

SIZES = ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080})
STORY = "pitch"
# Years that play by themselves and idle moments in which the next scene is painted come after a landing.
SETTLE_MS = 1500
GOAL_FIRST_MS, GOAL_FPS = 50, 50
OURS, THEIRS = "show", "Leaflet's flight"
LANDED = "Boolean(provence.show.state()?.landed)"
# Marks the key itself, and the frame in which the flight is over.
FOLLOWER = """
addEventListener("keydown", (event) => {
  performance.mark("bench-key", { startTime: event.timeStamp });
  const began = performance.now();
  globalThis.benchOver = new Promise((over) => {
    const look = () => {
      // The flight begins in the key's own task.
      if (performance.now() - began > 100 && globalThis.benchLanded()) {
        performance.mark("bench-landed");
        over();
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}, true);
"""
# The explorer's map, taken from View to View by Leaflet as long as a flight of the show.
FLIGHT = """(queries) => {
  let at = 0;
  let still = true;
  map_provence.on("movestart", () => { still = false; }).on("moveend", () => { still = true; });
  globalThis.benchLanded = () => still;
  const { home } = JSON.parse(document.getElementById("provence-config").textContent);
  addEventListener("keydown", (event) => {
    if (event.key !== "PageDown") return;
    const { view } = provence.view.fromQuery(queries[at++]);
    const bounds = view.bounds ? [[view.bounds[1], view.bounds[0]], [view.bounds[3], view.bounds[2]]] : home;
    map_provence.flyToBounds(bounds, { duration: 1.2 });
  });
}"""

log = logging.getLogger("bench")


@dataclass
class Seen:
    """What the changes of scene looked like: ms to the first picture, and pictures a second of each flight."""

    first_ms: list[float] = field(default_factory=list)
    fps: list[float] = field(default_factory=list)
    longest_ms: list[float] = field(default_factory=list)


def changes(browser: Browser, page: Page, trace: Path, count: int) -> Seen:
    """Press the clicker `count` times and read what was drawn each time. Raises RuntimeError when nothing was."""
    seen = Seen()
    for _ in range(count):
        page.wait_for_timeout(SETTLE_MS)
        browser.start_tracing(page=page, path=trace, categories=["viz", "blink.user_timing"])
        page.keyboard.press("PageDown")
        page.evaluate("benchOver")
        browser.stop_tracing()
        _read(json.loads(trace.read_text(encoding="utf-8"))["traceEvents"], seen)
    return seen


def _read(events: list[dict[str, Any]], seen: Seen) -> None:
    """Take from a trace when the key was pressed, and when each picture was handed to the screen."""
    marks = {e["name"]: e["ts"] / 1000 for e in events if e["name"].startswith("bench-")}
    key, landed = marks["bench-key"], marks["bench-landed"]
    draws = [e for e in events if e["name"] == "Display::DrawAndSwap" and e.get("dur")]
    drawn = sorted((e["ts"] + e["dur"]) / 1000 for e in draws)
    drawn = [ms for ms in drawn if key < ms <= landed]
    if len(drawn) < 2:
        raise RuntimeError(f"{len(drawn)} pictures were drawn between the key and the landing")
    seen.first_ms.append(drawn[0] - key)
    seen.fps.append(1000 * (len(drawn) - 1) / (drawn[-1] - drawn[0]))
    seen.longest_ms.append(max(b - a for a, b in pairwise(drawn)))


def show(browser: Browser, file: Path, size: dict[str, int], trace: Path, count: int) -> Seen:
    """Play the show from its file."""
    page = _page(browser, size)
    page.goto(file.as_uri())
    _until(page, LANDED)
    page.evaluate(f"globalThis.benchLanded = () => {LANDED}")
    found = changes(browser, page, trace, count)
    page.context.close()
    return found


def _until(page: Page, condition: str) -> None:
    """Wait until something holds in the page. Raises RuntimeError when it does not in time."""
    for _ in range(PATIENCE_S * 1000 // POLL_MS):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(POLL_MS)
    raise RuntimeError(f"{condition} did not hold within {PATIENCE_S} s")


def flights(browser: Browser, file: Path, size: dict[str, int], trace: Path, queries: list[str]) -> Seen:
    """Take the explorer's map through the same Views."""
    page = _page(browser, size)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-painted]", state="attached")
    page.evaluate(FLIGHT, queries)
    page.locator(".leaflet-container").focus()
    found = changes(browser, page, trace, len(queries))
    page.context.close()
    return found


def _page(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="en-GB", reduced_motion="no-preference")  # type: ignore[arg-type]
    context.add_init_script(FOLLOWER)
    return context.new_page()


def table(found: dict[tuple[str, str], Seen]) -> str:
    """Write the medians with the lowest and highest seen, and how they stand to the goals (Markdown)."""
    heads = ["window", "", "key to first picture (ms)", "pictures a second", "longest picture (ms)", ""]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for (size, which), seen in found.items():
        met = median(seen.first_ms) <= GOAL_FIRST_MS and median(seen.fps) >= GOAL_FPS
        cells = [report.cell(values, 0) for values in (seen.first_ms, seen.fps, seen.longest_ms)]
        lines.append("| " + " | ".join([size, which, *cells, "met" if met else "**missed**"]) + " |")
    return (
        "\n".join(lines) + f"\n\nGoals: at most {GOAL_FIRST_MS} ms, at least {GOAL_FPS} pictures a second (medians).\n"
    )


def main() -> int:
    """Measure, print the table and write it to the documentation when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="times the story is played (default 3)")
    parser.add_argument("--scenes", type=int, help="changes of scene in each round (default all)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    story = stories.read(STORY)
    queries = [scene["view"] for scene in stories.resolved(story)["scenes"]][1 : (options.scenes or 98) + 1]
    found: dict[tuple[str, str], Seen] = defaultdict(Seen)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files, trace = {name: Path(folder) / f"{name}.html" for name in ("show", "map")}, Path(folder) / "trace.json"
        files["show"].write_text(make_show([story], language="en").html, encoding="utf-8")
        files["map"].write_text(make_map(view=View(language="en", theme="dark")).html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        chromium = browser.version
        for turn in range(options.rounds):
            for size in SIZES:
                window = f"{size['width']} × {size['height']}"
                runs = {
                    OURS: show(browser, files["show"], size, trace, len(queries)),
                    THEIRS: flights(browser, files["map"], size, trace, queries),
                }
                for which, seen in runs.items():
                    for name in ("first_ms", "fps", "longest_ms"):
                        getattr(found[window, which], name).extend(getattr(seen, name))
            log.info("round %d of %d", turn + 1, options.rounds)
        browser.close()
    text = table(found)
    sys.stdout.write(text)
    if options.write:
        how = f"make bench-scenes ARGS='--rounds {options.rounds} --write'"
        facts = (
            f"{report.facts(how, chromium=chromium)} {options.rounds} rounds; medians, lowest and highest in brackets."
        )
        log.info("wrote %s", report.write(text, facts=facts, mark="scenes"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
