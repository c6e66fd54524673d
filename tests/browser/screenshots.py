"""Take the pictures of docs/screenshots/ from the running map: `make screenshots`.

The same data, fonts and Chromium give the same pictures: fixed windows, no animation, no pointer, and a picture is
taken only once the map is painted, the typeface is there and two shots in a row are the same.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pictures import FLAGS, few_colours, still
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
LOOPBACK = {"localhost", "127.0.0.1"}
DESKTOP, PHONE = (1440, 900), (390, 844)
SITE = "site:arcelormittal-fos"
LARGEST_KB = 400

log = logging.getLogger("screenshots")


@dataclass(frozen=True)
class Shot:
    """One picture: its file's name, what the map opens on and, where the View does not say it, a button to press.

    `page` is another page of the server, which stands in no frame; `wait` is what has to be there first.
    """

    name: str
    language: str
    theme: str = "light"
    phone: bool = False
    select: str | None = None
    view: str = ""
    press: str | None = None
    page: str = ""
    wait: str = ""

    @property
    def query(self) -> str:
        """Give the View as the page's address holds it."""
        parts = {"lang": self.language, "theme": self.theme, "select": self.select}
        return "&".join([*(f"{key}={value}" for key, value in parts.items() if value), *filter(None, [self.view])])


SHOTS: tuple[Shot, ...] = (
    Shot("explore-desktop-en", "en", select=SITE),
    Shot("explore-desktop-fr", "fr", select=SITE),
    Shot("explore-desktop-dark-en", "en", theme="dark", select=SITE),
    Shot("explore-desktop-dark-fr", "fr", theme="dark", select=SITE),
    Shot("explore-phone-en", "en", phone=True),
    Shot("explore-phone-fr", "fr", phone=True, select=SITE),
    Shot("explore-phone-dark-fr", "fr", theme="dark", phone=True),
    Shot("pole-desktop-en", "en", select="pole:martigues-fos"),
    Shot("table-desktop-fr", "fr", select=SITE, view="table=-figure"),
    Shot("filters-desktop-en", "en", view="pole=martigues-fos&co2=100000..&start=2026..2032", press="#tab-filters"),
    Shot("years-desktop-fr", "fr", view="year=2030"),
    Shot("compare-desktop-en", "en", view="panel=compare"),
    Shot("shortlist-desktop-fr", "fr", view=f"keep={SITE},commune:13039,project:gravithy-fos&panel=shortlist"),
    Shot("around-desktop-en", "en", view="area=4.93,43.43,5&bounds=4.75,43.3,5.2,43.56"),
    Shot(
        "perception-phone-en",
        "en",
        phone=True,
        select="perception:only-smokestacks",
        view="layers=poles,communes,perceptions",
    ),
    Shot("where-desktop-en", "en", view="siting=hydrogen&panel=siting", wait=".siting-rank"),
    Shot("where-phone-fr", "fr", phone=True, view="siting=data-centre&panel=siting", wait=".siting-rank"),
    Shot("present-desktop-en", "en", page="present"),
    Shot("present-phone-fr", "fr", phone=True, page="present"),
    Shot("plan-desktop-en", "en", page="plan"),
    Shot("plan-desktop-fr", "fr", page="plan"),
    Shot("plan-phone-fr", "fr", phone=True, page="plan"),
)


@contextmanager
def server() -> Iterator[str]:
    """Run the map's own server on a free port and give its address."""
    command = [sys.executable, "-m", "dashboards", "serve", "--host", "127.0.0.1", "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    said = []
    for line in process.stderr or ():
        said.append(line.rstrip())
        found = re.search(r"http://[\w.]+:(\d+)/", line)
        if found:
            return f"http://127.0.0.1:{found[1]}/"
    raise RuntimeError(f"the server stopped before it gave its address; it said: {' / '.join(said) or 'nothing'}")


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Open the map as a shot wants it and give the picture as PNG."""
    width, height = PHONE if shot.phone else DESKTOP
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.phone else 1,
        is_mobile=shot.phone,
        has_touch=shot.phone,
        locale=f"{shot.language}-{'FR' if shot.language == 'fr' else 'GB'}",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    refused: list[str] = []

    def loopback_only(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route(re.compile(r"^https?:"), loopback_only)
    page = context.new_page()
    page.goto(f"{address}{shot.page}?{shot.query}")
    if shot.page:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
    else:
        _wait_painted(page)
    if shot.wait:
        page.frame_locator("#map").locator(shot.wait).first.wait_for(state="attached")
    if shot.press:
        page.frame_locator("#map").locator(shot.press).click()
        page.mouse.move(width - 1, height - 1)
    picture = still(page)
    context.close()
    if refused:
        raise RuntimeError(f"{shot.name}: the page asked for {', '.join(refused)}; it may ask its own server only")
    return picture


def _wait_painted(page: Page) -> None:
    """Wait for the first picture of the map, then for the typeface."""
    page.frame_locator("#map").locator("html[data-painted]").wait_for(state="attached")
    frame = next(frame for frame in page.frames if "/map/" in frame.url)
    frame.evaluate("document.fonts.ready")


def main() -> int:
    """Write every picture; 2 when one is heavier than a page of documentation should carry."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    FOLDER.mkdir(parents=True, exist_ok=True)
    began, heavy = time.monotonic(), []
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for shot in SHOTS:
            picture = few_colours(take(browser, address, shot))
            (FOLDER / f"{shot.name}.png").write_bytes(picture)
            log.info("%s.png %d kB", shot.name, len(picture) // 1000)
            if len(picture) > LARGEST_KB * 1000:
                heavy.append(shot.name)
        browser.close()
    log.info("%d pictures in %.0f s", len(SHOTS), time.monotonic() - began)
    if heavy:
        log.error("heavier than %d kB: %s", LARGEST_KB, ", ".join(heavy))
    return 2 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
