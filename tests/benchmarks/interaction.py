"""Measure how soon the map answers, with today's sites and with thousands: `make bench-interaction`.

A real server, a real page in Chromium, real clicks. `--beside PATH` measures another checkout of the project in the
same rounds, in turn, and reports the ratio of the medians.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import hosts
import many_sites
import report
from page_load import CHROMIUM, FLAGS, PATIENCE_S, POLL_MS, SETTLE_MS, WINDOW, Wire
from playwright.sync_api import Browser, BrowserContext, ElementHandle, Frame, Page, sync_playwright

from layers.catalogue import last_year

FOLLOWER = Path(__file__).with_name("press.js")
TURNS, PAUSE_MS = 4, 400
MANY = 5000
GOALS_MS = {"today": 60, "many": 150}
# Where some sites of the first picture stand, in px of the map: away from panels, spread over the metropolis.
STANDING = """(count) => {
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const { items, co2 } = provence.model.live;
  const at = (item) => map_provence.latLngToContainerPoint([item.lat, item.lon]);
  const free = items.industry.map((item) => ({ key: item.key, ...at(item), co2: co2(item, 2022) || 0 }))
    .filter(({ x, y }) => x > 20 && y > 20 && x < box.width - 20 && y < box.height - 20)
    .filter(({ x, y }) => document.elementFromPoint(box.x + x, box.y + y)?.closest(".leaflet-container"))
    .sort((a, b) => b.co2 - a.co2 || a.key.localeCompare(b.key));
  const chosen = Array.from({ length: count }, (_, i) => free[Math.floor((i * free.length) / (2 * count))]);
  return chosen.map(({ x, y }) => [x, y]);
}"""

log = logging.getLogger("bench")


@dataclass(frozen=True)
class Stage:
    """An open page: the document in it, the map's element, and where some sites stand in the element (px)."""

    page: Page
    doc: Frame
    map_: ElementHandle
    wire: Wire
    standing: list[list[float]]

    def query(self) -> str:
        """Give the View shown."""
        return str(self.doc.evaluate("provence.current()"))


def _nothing(_: Stage) -> None:
    """Leave the page as it is."""


@dataclass(frozen=True)
class Action:
    """Something a reader does with one click or key, which press.js follows.

    `prepare` brings its control up and `undo` takes the change back after each turn, both unmeasured; `done` tells from
    the View and the turn whether the action did what it says.
    """

    name: str
    do: Callable[[Stage, int], None]
    done: Callable[[str, int], bool]
    prepare: Callable[[Stage], None] = _nothing
    undo: Callable[[Stage], None] = _nothing


def _tab(name: str) -> Callable[[Stage], None]:
    return lambda stage: stage.doc.locator(f"#tab-{name}").click()


def _row(panel: str) -> Callable[[Stage, int], None]:
    return lambda stage, _: stage.doc.locator(f"{panel} label", has_text="Steel and metals").first.click()


def _select(stage: Stage, turn: int) -> None:
    box = stage.map_.bounding_box()
    assert box, "the map is not shown"
    x, y = stage.standing[turn % len(stage.standing)]
    stage.page.mouse.click(box["x"] + x, box["y"] + y)


def _deselect(stage: Stage) -> None:
    for _ in range(2):  # the first may only close what was set apart
        stage.page.keyboard.press("Escape")


# On one page, in this order; add a control here.
ACTIONS: tuple[Action, ...] = (
    Action(
        "layer: hide or show a family",
        _row("#tree"),
        lambda query, turn: ("hidden=" in query) == (turn % 2 == 0),
        prepare=_tab("layers"),
    ),
    Action(
        "filter: only one family, or all",
        _row("#filters"),
        lambda query, turn: ("family=" in query) == (turn % 2 == 0),
        prepare=_tab("filters"),
    ),
    Action(
        "year: one step of the slider",
        lambda stage, _: stage.page.keyboard.press("ArrowLeft"),
        lambda query, turn: f"year={last_year() - 1 - turn}" in query,
        prepare=lambda stage: stage.doc.locator("#timeline input.years").focus(),
    ),
    Action("selection of a site", _select, lambda query, _: "select=" in query, undo=_deselect),
)


@dataclass
class Seen:
    """What one action took on one page in all rounds."""

    painted_ms: list[float] = field(default_factory=list)
    sent_bytes: list[float] = field(default_factory=list)


def measure(browser: Browser, host: hosts.Host, seen: dict[str, Seen], *, sites: int) -> None:
    """Open a page and do every action a few times."""
    context, stage = _open(browser, host)
    if (held := stage.doc.evaluate("provence.model.live.items.industry.length")) != sites:
        raise RuntimeError(f"the page holds {held} sites, expected {sites}")
    for action in ACTIONS:
        action.prepare(stage)
        for turn in range(TURNS):
            before = stage.wire.messages
            seen[action.name].painted_ms.append(_timed(stage, action, turn))
            seen[action.name].sent_bytes.append(stage.wire.messages - before)
            action.undo(stage)
            stage.page.wait_for_timeout(PAUSE_MS)
    context.close()


def _open(browser: Browser, host: hosts.Host) -> tuple[BrowserContext, Stage]:
    context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
    context.add_init_script(path=FOLLOWER)
    page, wire = context.new_page(), Wire()
    wire.listen(page)
    page.goto(host.address)
    page.frame_locator("#map").locator("html[data-painted]").wait_for(state="attached", timeout=PATIENCE_S * 1000)
    handle = page.locator("#map").element_handle()
    doc = handle.content_frame()
    assert doc, "the page holds no frame"
    page.wait_for_timeout(SETTLE_MS)
    map_ = doc.wait_for_selector(".leaflet-container")
    assert map_, "the document holds no map"
    return context, Stage(page, doc, map_, wire, doc.evaluate(STANDING, TURNS))


def _timed(stage: Stage, action: Action, turn: int) -> float:
    """Act and give the milliseconds to the second frame. Raises RuntimeError when the View is not what it should be."""
    stage.doc.evaluate("Object.assign(press, { armed: true, painted: null })")
    action.do(stage, turn)
    for _ in range(PATIENCE_S * 1000 // POLL_MS):
        if (ms := stage.doc.evaluate("press.painted")) is not None:
            break
        stage.page.wait_for_timeout(POLL_MS)
    else:
        raise RuntimeError(f"{action.name}: nothing was painted within {PATIENCE_S} s")
    query = stage.query()
    if not action.done(query, turn):
        raise RuntimeError(f"{action.name}, turn {turn}: the View is {query!r}, so the action did not do what it says")
    stage.page.wait_for_timeout(PAUSE_MS)
    if stage.doc.evaluate("press.shown !== press.sum()"):
        raise RuntimeError(f"{action.name}, turn {turn}: the map still changed after the frame that was measured")
    return float(ms)


def table(found: dict[tuple[str, str], dict[str, Seen]], sizes: dict[str, int], beside: bool) -> str:
    """Write medians with the lowest and highest seen, the goals, and the ratio to the other checkout (Markdown)."""
    heads = ["action", "sites", "to painted (ms)", "goal", "", "websocket (B)"]
    heads += ["other checkout (ms)", "ratio"] if beside else []
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for size, count in sizes.items():
        for action in ACTIONS:
            own = found[size, "ours"][action.name]
            met = "met" if median(own.painted_ms) <= GOALS_MS[size] else "**missed**"
            cells = [action.name, f"{count:,}", report.cell(own.painted_ms, 0), f"at most {GOALS_MS[size]}", met]
            cells.append(report.cell(own.sent_bytes, 0))
            if beside:
                other = found[size, "beside"][action.name]
                ratio = median(own.painted_ms) / median(other.painted_ms)
                cells += [report.cell(other.painted_ms, 0), f"{ratio:.2f} ×"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print the table and write it to the documentation when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="times each page is opened (default 5)")
    parser.add_argument("--sites", type=int, default=MANY, help=f"how many sites are many (default {MANY})")
    parser.add_argument("--beside", type=Path, help="another checkout to measure in the same rounds")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    found: dict[tuple[str, str], dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
    sizes = {"today": many_sites.today(), "many": options.sites}
    with ExitStack() as stack, sync_playwright() as playwright:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data: dict[str, Path | None] = {"today": None, "many": many_sites.folder(folder / "data", options.sites)}
        roots = {"ours": hosts.ROOT} | ({"beside": options.beside.resolve()} if options.beside else {})
        pages: dict[tuple[str, str], Any] = {
            (size, which): stack.enter_context(hosts.ours(data=data[size], root=root))
            for size in data
            for which, root in roots.items()
        }
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        version = browser.version
        for host in pages.values():
            _open(browser, host)[0].close()  # what a server does once is not what a reader waits for
        for turn in range(options.rounds):
            for key in list(pages)[turn % len(pages) :] + list(pages)[: turn % len(pages)]:
                measure(browser, pages[key], found[key], sites=sizes[key[0]])
            log.info("round %d of %d", turn + 1, options.rounds)
        browser.close()
    text = table(found, sizes, bool(options.beside))
    sys.stdout.write(text)
    if options.write:
        how = f"make bench-interaction ARGS='--rounds {options.rounds} --write'"
        facts = report.facts(how, chromium=version) + (
            f" {options.rounds} rounds, the pages in turn, {TURNS} times each action; medians, lowest and highest in "
            "brackets."
        )
        log.info("wrote %s", report.write(text, facts=facts, mark="interaction"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
