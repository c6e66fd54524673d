"""The published site on a plain host below a path, with the network cut: it works there, and then without the host."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from layers.text import text
from tests.browser.conftest import PHONE

PAINTED = 'html[data-painted="true"]'
KEPT = "() => caches.keys().then((names) => names.join())"
READY = "() => navigator.serviceWorker.ready.then((found) => found.active.state)"


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, changed: dict[str, bytes], **more: Any) -> None:
        self.changed = changed
        super().__init__(*given, **more)

    def do_GET(self) -> None:
        """Answer as the standard library does, but for what was changed since it was published."""
        found = self.changed.get(self.path)
        if found is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Host:
    """A host of static files that knows nothing of the map."""

    site: Path
    changed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handler = partial(_Handler, directory=str(self.site.parent), changed=self.changed)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{self.site.name}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Be gone: nothing answers at the address."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def host(site: Path) -> Iterator[Host]:
    """Serve the site below a path."""
    started = Host(site)
    yield started
    started.stop()


def test_the_map_works_on_any_host_and_shows_nothing_that_needs_more(
    host: Host, watched: Callable[..., Page], tmp_path: Path
) -> None:
    page = watched(
        f"{host.url}#layers=poles,industry&select=site:arcelormittal-fos", locale="fr-FR", accept_downloads=True
    )
    expect(page.locator(PAINTED)).to_be_attached()
    assert page.url.startswith(f"{host.url}fr/#"), "the reader's language, and the View of the link"
    expect(page.locator("#card-title")).to_contain_text("ArcelorMittal")
    for name in ("around.title", "read.around", "shortlist.brief", "table.excel"):
        expect(page.get_by_role("button", name=text(name, "fr"), exact=True)).to_have_count(0)
    assert [page.locator("#header nav a").nth(n).inner_text() for n in range(3)] == [
        text(f"page.{name}", "fr") for name in ("explore", "stories", "downloads")
    ]
    # The language moves the address, and the other pages with it.
    page.locator('#header button[lang="en"]').click()
    expect(page).to_have_url(re.compile(rf"{re.escape(host.url)}en/#lang=en&.*select=site:arcelormittal-fos"))
    page.keyboard.press("t")
    with page.expect_download() as taken:
        page.get_by_role("button", name=text("table.csv", "en")).click()
    taken.value.save_as(tmp_path / "table.csv")
    assert "ArcelorMittal" in (tmp_path / "table.csv").read_text("utf-8")
    page.get_by_role("link", name=text("page.downloads", "en")).click()
    expect(page).to_have_url(f"{host.url}en/downloads/")
    with page.expect_download() as file:
        page.locator('a[href="ports.gpkg"]').click()
    file.value.save_as(tmp_path / "ports.gpkg")
    said = (host.site / "en/downloads/SHA256SUMS").read_text("utf-8")
    assert f"{hashlib.sha256((tmp_path / 'ports.gpkg').read_bytes()).hexdigest()}  ports.gpkg" in said


def test_the_second_visit_needs_no_host(host: Host, watched: Callable[..., Page]) -> None:
    page = watched(f"{host.url}en/")
    assert page.evaluate(READY) in {"activating", "activated"}
    host.stop()
    page.goto(f"{host.url}fr/#layers=industry", wait_until="commit")
    expect(page.locator(PAINTED)).to_be_attached()
    assert page.evaluate("() => provence.onMap().length") > 50
    page.set_viewport_size(PHONE)
    page.locator("#header nav a").nth(1).click()
    expect(page).to_have_url(f"{host.url}fr/stories/")
    assert page.evaluate("() => [...document.images].every((image) => image.complete)")
    page.locator("main h2 a").click()
    page.wait_for_function("() => window.provence?.show?.state?.()?.landed")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => provence.show.state().scene === 1")
    # Out of the story, back to where it was chosen.
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{host.url}fr/stories/")


def test_a_version_is_kept_whole_or_not_at_all_and_never_mixed(host: Host, watched: Callable[..., Page]) -> None:
    path = "/dir/fr/downloads/"
    old = (host.site / "fr/downloads/index.html").read_bytes()
    worker = (host.site / "sw.js").read_text("utf-8")
    host.changed[path] = old + b"<!-- added by a host -->"
    page = watched(f"{host.url}en/downloads/")
    # One page is not what was published: the worker is refused, and nothing of it is kept.
    state = page.evaluate(
        """(address) => navigator.serviceWorker.register(address).then((found) => new Promise((done) => {
          const worker = found.installing;
          worker.addEventListener("statechange", () => done(worker.state));
        }))""",
        f"{host.url}sw.js",
    )
    assert (state, page.evaluate(KEPT)) == ("redundant", "")
    del host.changed[path]
    page.goto(f"{host.url}fr/")
    page.evaluate(READY)
    first = page.evaluate(KEPT)
    # The next version: while a page of this one is open, all that is shown is of this one.
    new = old.replace(b"</h1>", b" 2</h1>")
    sums = [base64.b64encode(hashlib.sha256(data).digest()).decode() for data in (old, new)]
    version = re.findall(r'VERSION = "(\w+)"', worker)[0]
    host.changed |= {
        path: new,
        "/dir/sw.js": worker.replace(json.dumps(sums[0]), json.dumps(sums[1])).replace(version, "2").encode(),
    }
    page.reload()
    page.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update())")
    page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then((found) => found.waiting?.state === 'installed')"
    )
    page.goto(f"{host.url}fr/downloads/")
    expect(page.locator("h1")).to_have_text(text("publish.downloads", "fr"))
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"{host.url}fr/downloads/")
    expect(again.locator("h1")).to_have_text(f"{text('publish.downloads', 'fr')} 2")
    assert again.evaluate(KEPT) == first.replace(version, "2"), "the old version is gone"
