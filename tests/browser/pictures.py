"""What the pictures of the documents share: a browser that draws the same each time, stillness, few colours."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page

# Without these Chromium looks for updates of its own, and draws text by the machine's own hinting.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none", "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)  # fmt: skip
STILL_MS, STILL_TRIES = 250, 20


def still(page: Page) -> bytes:
    """Give a picture that was the same twice in a row, as PNG. Raises RuntimeError for a page that never stands."""
    before = b""
    for _ in range(STILL_TRIES):
        page.wait_for_timeout(STILL_MS)
        now = page.screenshot(animations="disabled", caret="hide")
        if now == before:
            return now
        before = now
    raise RuntimeError(f"the page did not stand still within {STILL_MS * STILL_TRIES / 1000:.0f} s")


def few_colours(png: bytes) -> bytes:
    """Give the same picture in 256 colours: a third of the weight, and no eye finds the difference on a flat map."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
