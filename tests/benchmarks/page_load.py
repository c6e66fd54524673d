"""Measure our page and file beside those that others would make of the same data: `make bench`.

All draw the same features in the same Chromium, taken in turn, each time in a new browser context (empty cache).
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import hosts
import others
import report
from hosts import Host
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
WINDOW = {"width": 1440, "height": 900}
OBSERVER = Path(__file__).with_name("observe.js")
SITES, METALS = 121, 7
TOGGLES = 4
DRAG_PX = 90
# A map that is where it was is there to this many px.
KEPT_PX = 3
CUT_S = 4
# Long enough for BokehJS and its websocket after the map, and for what a toggle sends.
SETTLE_MS, PAUSE_MS = 2000, 300
PATIENCE_S, POLL_MS = 60, 50
SESSIONS, WARM_SESSIONS = 20, 3

log = logging.getLogger("bench")


@dataclass
class Run:
    """What was seen of one page in all rounds."""

    painted_ms: list[float] = field(default_factory=list)
    toggle_ms: list[float] = field(default_factory=list)
    toggle_bytes: list[float] = field(default_factory=list)
    filter_ms: list[float] = field(default_factory=list)
    heap_mb: list[float] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)
    blank: list[bool] = field(default_factory=list)
    works_cut: list[bool] = field(default_factory=list)
    opens_cut: list[bool] = field(default_factory=list)
    asked_elsewhere: set[str] = field(default_factory=set)
    wire_kb: list[float] = field(default_factory=list)
    session_kb: list[float] = field(default_factory=list)


@dataclass
class Wire:
    """Bytes that crossed the network of one page: answers as they came, compressed, and websocket messages."""

    answers: float = 0
    messages: int = 0
    elsewhere: set[str] = field(default_factory=set)

    def listen(self, page: Page) -> None:
        """Count from now on, and note every other machine that is asked: none answers, the network is cut."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._asked)
        page.on(
            "websocket",
            lambda socket: (socket.on("framesent", self._message), socket.on("framereceived", self._message)),
        )

    def _finished(self, event: dict[str, float]) -> None:
        self.answers += event["encodedDataLength"]

    def _asked(self, event: dict[str, dict[str, str]]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme in {"http", "https", "ws"} and address.hostname not in {"localhost", "127.0.0.1"}:
            self.elsewhere.add(str(address.hostname))

    def _message(self, payload: str | bytes) -> None:
        self.messages += len(payload.encode() if isinstance(payload, str) else payload)


def measure(browser: Browser, host: Host, run: Run) -> None:
    """Open one page with an empty cache, wait until it is painted and still, then toggle the sites."""
    context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
    context.add_init_script(path=OBSERVER)
    page, wire = context.new_page(), Wire()
    wire.listen(page)
    # A new window makes Chromium load parts of its own interface, on the same two cores.
    page.wait_for_timeout(SETTLE_MS)
    page.goto(host.address, wait_until="commit")
    run.painted_ms.append(_wait(page, "painted"))
    page.wait_for_timeout(SETTLE_MS)
    run.wire_kb.append((wire.answers + wire.messages) / 1000)
    run.heap_mb.append(_heap_mb(page))
    _drag(page)
    at = page.evaluate("bench.at")
    for turn in range(TOGGLES):
        before = wire.messages
        run.toggle_ms.append(_change(page, host, host.toggle, want=0 if turn % 2 == 0 else SITES))
        page.wait_for_timeout(PAUSE_MS)
        run.toggle_bytes.append(wire.messages - before)
        run.blank.append(page.evaluate("bench.blank"))
    run.kept.append(abs(page.evaluate("bench.at") - at) < KEPT_PX)
    if host.only:
        if host.before_only:
            _inside(page, host).locator(host.before_only).click()
        for want in (METALS, SITES):
            run.filter_ms.append(_change(page, host, host.only, want=want))
            page.wait_for_timeout(PAUSE_MS)
    run.asked_elsewhere |= wire.elsewhere
    context.close()


def cut(browser: Browser, host: Host, run: Run) -> None:
    """Open a page, cut it off from its server, and see whether a toggle and a second visit still work."""
    context = browser.new_context(viewport=WINDOW, locale="en-GB", reduced_motion="reduce")
    context.add_init_script(path=OBSERVER)
    page = context.new_page()
    page.goto(host.address, wait_until="commit")
    _wait(page, "painted")
    page.wait_for_timeout(SETTLE_MS)
    context.set_offline(True)
    # A websocket that is open stays open in a browser that is told it is offline: the server itself stands still.
    if host.pid:
        os.kill(host.pid, signal.SIGSTOP)
    try:
        for seen, act in (
            (run.works_cut, lambda: _change(page, host, host.toggle, want=0, within=CUT_S)),
            (run.opens_cut, lambda: (page.goto(host.address, timeout=CUT_S * 1000), _wait(page, "painted", CUT_S))),
        ):
            try:
                act()
                seen.append(True)
            except (RuntimeError, PlaywrightError):
                seen.append(False)
    finally:
        if host.pid:
            os.kill(host.pid, signal.SIGCONT)
        context.close()


def _heap_mb(page: Page) -> float:
    """Give what the scripts of a page hold once garbage is collected, all its frames together."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def _inside(page: Page, host: Host) -> Page | FrameLocator:
    return page.frame_locator(host.frame) if host.frame else page


def _drag(page: Page) -> None:
    """Move the map as a hand would, so that a change has a view to keep."""
    x, y = 0.6 * WINDOW["width"], 0.4 * WINDOW["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - DRAG_PX, y - DRAG_PX / 2, steps=6)
    page.mouse.up()
    page.wait_for_timeout(PAUSE_MS)


def _change(page: Page, host: Host, control: str, *, want: int, within: float | None = None) -> float:
    """Click a control and give the milliseconds from the click to the frame that shows so many sites."""
    page.evaluate("want => Object.assign(window.bench, { want, clicked: null, toggled: null, blank: false })", want)
    _inside(page, host).locator(control).click(timeout=within and within * 1000)
    return _wait(page, "toggled", within or PATIENCE_S)


def _wait(page: Page, what: str, within: float = PATIENCE_S) -> float:
    """Wait for a figure of observe.js and give it (ms). Asked from outside: our pages allow no `eval` of their own."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            seen = page.evaluate("what => window.bench?.[what]", what)
        except PlaywrightError as error:
            # A page may lead on to another as it opens.
            if "context was destroyed" not in error.message:
                raise
            seen = None
        if seen:
            return float(seen)
        page.wait_for_timeout(POLL_MS)
    raise RuntimeError(f"{page.url}: nothing was {what} within {within:.0f} s")


def session_kb(browser: Browser, host: Host) -> float:
    """Open sessions in real pages and give what each adds to the server's resident memory."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(path=OBSERVER)

    def open_pages(count: int) -> int:
        for _ in range(count):
            page = context.new_page()
            page.goto(host.address)
            _wait(page, "painted")
            # Ours joins its session once the map is painted; dash-leaflet has no websocket to wait for.
            page.wait_for_timeout(SETTLE_MS)
        return _resident(host.pid or os.getpid())

    before = open_pages(WARM_SESSIONS)
    after = open_pages(SESSIONS)
    context.close()
    return (after - before) / SESSIONS / 1000


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _pages(stack: ExitStack, folder: Path, short: bool) -> Iterator[Host]:
    """Start every page there is; one whose environment cannot be made is left out, with a line that says why."""
    floor = stack.enter_context(hosts.bare())
    yield floor
    for maker in (hosts.ours(), hosts.offline(folder)):
        yield stack.enter_context(maker)
    if short:
        return
    for maker in (hosts.plain_folium(folder), hosts.folium_pane()):
        yield stack.enter_context(maker)
    for name, make in (("streamlit", lambda at: others.streamlit(at, floor.address)), ("dash", others.dash)):
        at = folder / name
        at.mkdir()
        try:
            yield stack.enter_context(make(at))
        except others.EnvironmentMissingError as error:
            log.warning("left out: %s", error)
    if hosts.publishes():
        yield stack.enter_context(hosts.published(folder))
    else:
        log.warning("left out: the published site, since this checkout has no `provence-map publish`")


def _done(host: Host, act: Callable[[], object]) -> bool:
    """Measure; what cannot be measured of the pages of others is left out with a line, and loses nothing else."""
    try:
        act()
    except (RuntimeError, PlaywrightError) as error:
        if host.name in (report.BARE, report.OURS):
            raise
        log.warning("left out: %s: %s", host.name, str(error).partition("\n")[0])
        return False
    return True


def main() -> int:
    """Measure, print the table and write it to the documentation when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="times each page is opened (default 7)")
    parser.add_argument("--short", action="store_true", help="only ours and the bare page, without the sessions")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    runs: dict[str, Run] = defaultdict(Run)
    with ExitStack() as stack, sync_playwright() as playwright:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pages = list(_pages(stack, folder, options.short))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        version = browser.version
        for host in list(pages):
            # Unseen: what the servers do once is not what a visitor waits for.
            if not _done(host, lambda host=host: measure(browser, host, Run())):  # type: ignore[misc]
                pages.remove(host)
        for turn in range(options.rounds):
            for host in pages[turn % len(pages) :] + pages[: turn % len(pages)]:
                _done(host, lambda host=host: measure(browser, host, runs[host.name]))  # type: ignore[misc]
            log.info("round %d of %d", turn + 1, options.rounds)
        for host in pages:
            _done(host, lambda host=host: cut(browser, host, runs[host.name]))  # type: ignore[misc]
            if host.live and not options.short:
                _done(host, lambda host=host: runs[host.name].session_kb.append(session_kb(browser, host)))  # type: ignore[misc]
            log.info("cut off and filled: %s", host.name)
        browser.close()
    text = report.table({host.name: runs[host.name] for host in pages})
    sys.stdout.write(text)
    if options.write:
        facts = report.facts(f"make bench ARGS='--rounds {options.rounds} --write'", chromium=version) + (
            f" {options.rounds} rounds, the pages in turn, {TOGGLES} toggles each; medians, lowest and highest in "
            "brackets."
        )
        log.info("wrote %s", report.write(text, facts=facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
