"""A browser with the network cut, that notes every request and every error while a test looks at the map."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect, sync_playwright

from layers.text import text
from layers.view import Language

CHROMIUM_VARIABLE = "PROVENCE_MAP_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    # Nothing but loopback resolves: what a page asks for elsewhere fails, and is noted as well.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    # The first three are pages that the browser draws for its own address bar in every window, unseen: without them a
    # test costs two thirds. The others Playwright turns off too, but of two such lists only the last counts.
    ("--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,AimEnabled,"
     "AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
     "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
     "OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"),
)  # fmt: skip
OWN = re.compile(r"(file|data|blob|about):|(http|ws)://(localhost|127\.0\.0\.1)[:/]")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PAINTS_WITHIN_MS = 30_000
# A machine that does much else at once is slow, not wrong.
expect.set_options(timeout=15_000)
# Resolves once the map has not moved for 150 ms.
STILL = """new Promise((done) => {
  let last = "";
  let since = 0;
  const look = (now) => {
    const at = map_provence.getBounds().toBBoxString() + map_provence._animatingZoom;
    if (at !== last) [last, since] = [at, now];
    if (now - since > 150) done();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """What happened in a browser besides what the test did."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sent: list[str | bytes] = field(default_factory=list)
    received: list[str | bytes] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        """Note the requests, the errors and the websocket frames of a page."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._socket)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def _socket(self, socket: Any) -> None:
        self.requests.append(socket.url)
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on("framereceived", lambda frame: self.received.append(frame))

    @property
    def foreign(self) -> list[str]:
        """Requests that are not loopback, file, data or blob."""
        return [url for url in self.requests if not OWN.match(url)]


@dataclass
class Sight:
    """A map on the screen: the browser's page, and the frame the map document is in."""

    host: str
    page: Page
    doc: Frame
    watch: Watch

    def locator(self, selector: str, **options: Any) -> Locator:
        """Find elements of the map document."""
        return self.doc.locator(selector, **options)

    def button(self, name: str, within: str = "#app") -> Locator:
        """Find a button of the map document by the name it is read out with."""
        return self.locator(within).get_by_role("button", name=name, exact=True)

    def run(self, script: str) -> Any:
        """Evaluate an expression in the map document."""
        return self.doc.evaluate(script)

    @property
    def query(self) -> str:
        """The View shown, as the document knows it."""
        return str(self.run("provence.current()"))

    @property
    def address(self) -> str:
        """The View as the address of the page has it: after `?` on a server, after `#` in a file."""
        return self.page.url.partition("?" if self.host == "page" else "#")[2]

    @property
    def frame(self) -> list[float]:
        """Centre and zoom of the map."""
        return list(self.run("[map_provence.getCenter().lng, map_provence.getCenter().lat, map_provence.getZoom()]"))

    @property
    def card(self) -> Locator:
        """The title of the open card."""
        return self.locator("#card-title")

    def on_map(self) -> dict[str, dict[str, Any]]:
        """Give every symbol on the map by its key: centre and radius in px of the map. A stack's key names members."""
        return {symbol["key"]: symbol for symbol in self.run("provence.onMap()")}

    def symbols(self, kind: str) -> int:
        """Count what the symbols of a kind on the map stand for; a stack stands for its members."""
        keys = (key for symbol in self.on_map() for key in symbol.removeprefix("stack:").split(","))
        return sum(key.startswith(f"{kind}:") for key in keys)

    def at(self, key: str) -> tuple[float, float]:
        """Give the centre of a symbol in px of the page."""
        symbol, box = self.on_map().get(key), self.locator(".leaflet-container").bounding_box()
        assert symbol, f"{key} is not on the map"
        assert box, "the map is not shown"
        return box["x"] + symbol["x"], box["y"] + symbol["y"]

    def click_symbol(self, key: str) -> None:
        """Click where a symbol stands, as a mouse does."""
        self.page.mouse.click(*self.at(key))

    def still(self) -> None:
        """Wait until the map has come to rest."""
        self.run(STILL)

    def search(self, words: str) -> None:
        """Type into the search box from wherever the focus is."""
        self.page.keyboard.press("/")
        expect(self.locator("#search")).to_be_focused()
        self.page.keyboard.type(words)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find Chromium: named by PROVENCE_MAP_CHROMIUM, else on the PATH. Skips without one, fails in CI."""
    found = os.environ.get(CHROMIUM_VARIABLE) or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"no Chromium: none of {', '.join(NAMES)} on the PATH, and {CHROMIUM_VARIABLE} is not set"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; browser tests are required when CI=true")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium for one module: Playwright's event loop must not outlive the browser tests."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_map(browser: Browser) -> Iterator[Callable[..., Sight]]:
    """Open the map at an address; at the end, fail for any request elsewhere and any error on the console."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_(url: str, *, host: str = "page", **options: Any) -> Sight:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce", **options})
        contexts.append(context)
        page, watch = context.new_page(), Watch()
        watches.append(watch)
        watch.look_at(page)
        page.goto(url)
        frame = page.main_frame
        if host == "page":
            handle = page.locator("#map").element_handle()
            inner = handle.content_frame()
            assert inner, "the page holds no frame"
            frame = inner
        expect(frame.locator("html")).to_have_attribute("data-painted", "true", timeout=PAINTS_WITHIN_MS)
        return Sight(host, page, frame, watch)

    yield open_
    for context in contexts:
        context.close()
    for watch in watches:
        assert watch.foreign == [], "the map asked other servers"
        assert watch.errors == [], "the console shows errors"


@pytest.fixture(params=["page", "file"])
def show(request: pytest.FixtureRequest, open_map: Callable[..., Sight]) -> Callable[..., Sight]:
    """Show a View (a query) in each place the map lives: the server's page, and the file opened from disk."""
    host: str = request.param
    place = request.getfixturevalue("server" if host == "page" else "map_file")

    def show_(query: str = "", **options: Any) -> Sight:
        if host == "page":
            return open_map(f"{place.url}?{query}" if query else place.url, host=host, **options)
        return open_map(f"{place.as_uri()}#{query}" if query else place.as_uri(), host=host, **options)

    return show_


# All that may be asked: each reader on each device, and in the file as well what the page has too.
EVERY = bool(os.environ.get("PROVENCE_MAP_EVERY_READER"))
# The document is the same in the page and in the file: what it does by itself is tested in one of them, the quicker.
once = pytest.mark.parametrize("show", ["page", "file"] if EVERY else ["file"], indirect=True)
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
}


@dataclass
class Reader:
    """Somebody with a language and a device, who opens the server's page."""

    language: Language
    device: str
    place: str
    open_: Callable[..., Sight]

    @property
    def phone(self) -> bool:
        """Tell whether the screen is a phone's."""
        return self.device == "phone"

    def open(self, query: str = "") -> Sight:
        """Open a View in the reader's language."""
        words = f"lang={self.language}" + (f"&{query}" if query else "")
        return self.open_(f"{self.place}?{words}", **DEVICES[self.device])

    def t(self, key: str, **values: object) -> str:
        """Give a text as the reader reads it."""
        return text(key, self.language, **values)


EVERY_READER = [(language, device) for language in ("en", "fr") for device in DEVICES]
# Both languages and both devices within the time a run of the tests may take; all four where this variable is set.
READERS = EVERY_READER if EVERY else [("en", "desktop"), ("fr", "phone")]


@pytest.fixture(params=READERS, ids="-".join)
def reader(request: pytest.FixtureRequest, open_map: Callable[..., Sight], server: Any) -> Reader:
    """One reader in English at a desk, one in French on a phone."""
    language, device = request.param
    return Reader(language, device, server.url, open_map)


@dataclass
class Show:
    """A show on a screen."""

    page: Page
    host: str

    @property
    def state(self) -> dict[str, Any]:
        """What the show says of itself."""
        found: dict[str, Any] = self.page.evaluate("provence.show.state()")
        return found

    def landed(self, scene: int) -> None:
        """Wait until a scene stands."""
        self.page.wait_for_function(
            "(scene) => { const s = provence.show.state(); return s.scene === scene && s.landed; }", arg=scene
        )

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="session")
def show_files(
    made_once: Callable[[str, Callable[[Path], None]], Path], command: Callable[..., Any]
) -> dict[str, Path]:
    """Write the pitch to one file for each language, as a person would."""

    def make(folder: Path) -> None:
        for language in ("en", "fr"):
            done = command("present", "--story", "pitch", "--lang", language, "--out", str(folder / f"{language}.html"))
            assert done.returncode == 0, done.stderr

    folder = made_once("shows", make)
    return {language: folder / f"{language}.html" for language in ("en", "fr")}


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages whose every request and error is noted, second windows included; at the end there were none."""
    contexts: list[BrowserContext] = []
    watch = Watch()

    def open_(url: str, **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        context.on("page", watch.look_at)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.foreign == [], "the show asked other servers"
    assert watch.errors == [], "the console shows errors"


@pytest.fixture(params=["served", "file"])
def host(request: pytest.FixtureRequest) -> str:
    """Where the show comes from; a test may name one."""
    name: str = request.param
    return name


@pytest.fixture
def open_file(watched: Callable[..., Page]) -> Callable[..., Show]:
    """Open the file of a show from disk and wait until its first scene stands."""

    def open_(path: Path, **options: Any) -> Show:
        return _standing(watched(path.as_uri(), **options), "file")

    return open_


def _standing(page: Page, host: str) -> Show:
    page.wait_for_function("() => window.provence?.show?.state?.()?.landed")
    return Show(page, host)


@pytest.fixture
def open_show(host: str, request: pytest.FixtureRequest, watched: Callable[..., Page]) -> Callable[..., Show]:
    """Open the pitch from the server or from a file on disk."""

    def open_(language: str = "en", *, at: int = 0, **options: Any) -> Show:
        if host == "file":
            url = request.getfixturevalue("show_files")[language].as_uri()
        else:
            url = f"{request.getfixturevalue('server').url}stories/pitch.{language}.html"
        return _standing(watched(f"{url}#scene={at + 1}" if at else url, **options), host)

    return open_
