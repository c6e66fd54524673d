"""Measure our page beside a bare Leaflet page, a Folium pane and our offline file: `make bench`.

All four draw the same features in the same Chromium, taken in turn, each time in a new browser context (empty cache).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import hosts
import report
from hosts import Host
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
WINDOW = {"width": 1440, "height": 900}
OBSERVER = Path(__file__).with_name("observe.js")
SITES = 121
TOGGLES = 6
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
    wire_kb: list[float] = field(default_factory=list)
    session_kb: list[float] = field(default_factory=list)


@dataclass
class Wire:
    """Bytes that crossed the network of one page: answers as they came, compressed, and websocket messages."""

    answers: float = 0
    messages: int = 0

    def listen(self, page: Page) -> None:
        """Count from now on; refuse anything that is not loopback."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", _loopback_only)
        page.on(
            "websocket",
            lambda socket: (socket.on("framesent", self._message), socket.on("framereceived", self._message)),
        )

    def _finished(self, event: dict[str, float]) -> None:
        self.answers += event["encodedDataLength"]

    def _message(self, payload: str | bytes) -> None:
        self.messages += len(payload.encode() if isinstance(payload, str) else payload)


def _loopback_only(event: dict[str, dict[str, str]]) -> None:
    address = urlsplit(event["request"]["url"])
    if address.scheme in {"http", "https", "ws"} and address.hostname not in {"localhost", "127.0.0.1"}:
        raise RuntimeError(f"a page asked for {address.geturl()}: the benchmark runs with the network cut")


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
    for turn in range(TOGGLES):
        before = wire.messages
        run.toggle_ms.append(_toggle(page, host, want=0 if turn % 2 == 0 else SITES))
        page.wait_for_timeout(PAUSE_MS)
        run.toggle_bytes.append(wire.messages - before)
    context.close()


def _toggle(page: Page, host: Host, *, want: int) -> float:
    """Click the control and give the milliseconds from the click to the frame that shows the change."""
    page.evaluate("want => Object.assign(window.bench, { want, clicked: null, toggled: null })", want)
    where = page.frame_locator(host.frame) if host.frame else page
    where.locator(host.toggle).click()
    return _wait(page, "toggled")


def _wait(page: Page, what: str) -> float:
    """Wait for a figure of observe.js and give it (ms). Asked from outside: our pages allow no `eval` of their own."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if seen := page.evaluate("what => window.bench?.[what]", what):
            return float(seen)
        page.wait_for_timeout(POLL_MS)
    raise RuntimeError(f"{page.url}: nothing was {what} within {PATIENCE_S} s")


def session_kb(browser: Browser, host: Host) -> float:
    """Open sessions in real pages and give what each adds to the server's resident memory."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(path=OBSERVER)

    def open_pages(count: int) -> int:
        for _ in range(count):
            page = context.new_page()
            with page.expect_websocket(timeout=60_000):
                page.goto(host.address)
            _wait(page, "painted")
            page.wait_for_timeout(PAUSE_MS)
        return _resident(host.pid or os.getpid())

    before = open_pages(WARM_SESSIONS)
    after = open_pages(SESSIONS)
    context.close()
    return (after - before) / SESSIONS / 1000


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Measure, print the table and write it to the documentation when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="times each page is opened (default 7)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    runs: dict[str, Run] = defaultdict(Run)
    with ExitStack() as stack, sync_playwright() as playwright:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        makers = (hosts.bare(), hosts.ours(), hosts.folium_pane(), hosts.offline(folder))
        pages = [stack.enter_context(maker) for maker in makers]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        version = browser.version
        for host in pages:
            measure(browser, host, Run())  # unseen: what the servers do once is not what a visitor waits for
        for turn in range(options.rounds):
            for host in pages[turn % len(pages) :] + pages[: turn % len(pages)]:
                measure(browser, host, runs[host.name])
            log.info("round %d of %d", turn + 1, options.rounds)
        for host in pages:
            if host.live:
                runs[host.name].session_kb.append(session_kb(browser, host))
        browser.close()
    text = report.table({host.name: runs[host.name] for host in pages})
    sys.stdout.write(text)
    if options.write:
        facts = report.facts(f"make bench ARGS='--rounds {options.rounds} --write'", chromium=version) + (
            f" {options.rounds} rounds, the four pages in turn, {TOGGLES} toggles each; medians, lowest and highest in "
            "brackets."
        )
        log.info("wrote %s", report.write(text, facts=facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
