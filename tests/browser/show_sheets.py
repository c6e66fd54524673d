"""Take every scene of a story, its handouts too, and lay them on one sheet each in docs/screenshots/: `make sheets`.

Scenes are taken at 1920 × 1080 from the file that `provence-map present` writes, with the network cut; the pages of
the PDF, and of the deck as LibreOffice shows it, from what the same command writes. `--full FOLDER` keeps the large
pictures as well.
"""

from __future__ import annotations

import argparse
import io
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
from pictures import FLAGS, few_colours, still
from PIL import Image
from playwright.sync_api import sync_playwright

from layers.view import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
ROOM = {"width": 1920, "height": 1080}
COLUMNS, THUMB, GAP = 3, (640, 360), 12
PAPER = "#D8DCE0"

log = logging.getLogger("sheets")


def scenes(show: Path) -> Iterator[Image.Image]:
    """Give each scene of a show's file as the room sees it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_context(viewport=ROOM, offline=True, reduced_motion="reduce").new_page()
        page.goto(show.as_uri())
        page.wait_for_function("() => window.provence?.show?.state?.()?.landed")
        page.evaluate("document.fonts.ready")
        for index in range(page.evaluate("provence.show.state().total")):
            if index:
                page.keyboard.press("PageDown")
            page.wait_for_function(
                "(i) => provence.show.state().scene === i && provence.show.state().landed", arg=index
            )
            yield Image.open(io.BytesIO(still(page))).convert("RGB")
        browser.close()


def pages(pdf: Path) -> Iterator[Image.Image]:
    """Give each page of a PDF, 1920 px wide."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.render(scale=ROOM["width"] / page.get_width()).to_pil().convert("RGB")
    document.close()


def deck_pages(deck: Path, folder: Path) -> Iterator[Image.Image]:
    """Give each slide of a deck as LibreOffice draws it; nothing where there is no LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        log.warning("no LibreOffice on the PATH: the deck is left out")
        return
    command = [office, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder / "deck"), str(deck)], check=True, capture_output=True)
    yield from pages(folder / "deck" / f"{deck.stem}.pdf")


def sheet(pictures: Sequence[Image.Image]) -> bytes:
    """Lay pictures on one sheet in their order, small."""
    rows = -(-len(pictures) // COLUMNS)
    width, height = THUMB
    paper = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), PAPER)
    for at, picture in enumerate(pictures):
        row, column = divmod(at, COLUMNS)
        small = picture.resize(THUMB, Image.Resampling.LANCZOS)
        paper.paste(small, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    out = io.BytesIO()
    paper.save(out, "PNG")
    return few_colours(out.getvalue())


def present(story: str, language: str, out: Path) -> Path:
    """Write a story as a person would."""
    command = [sys.executable, "-m", "dashboards", "present", "--story", story, "--lang", language, "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheets of a story."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--story", default="pitch")
    parser.add_argument("--full", type=Path, help="folder for the large pictures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        for language in LANGUAGES:
            name = f"{options.story}-{language}"
            taken = {
                "scenes": list(scenes(present(options.story, language, folder / f"{name}.html"))),
                "pdf": list(pages(present(options.story, language, folder / f"{name}.pdf"))),
                "pptx": list(deck_pages(present(options.story, language, folder / f"{name}.pptx"), folder)),
            }
            for kind, pictures in taken.items():
                if not pictures:
                    continue
                (FOLDER / f"{name}-{kind}.png").write_bytes(sheet(pictures))
                log.info("%s-%s.png: %d pictures", name, kind, len(pictures))
                if options.full:
                    options.full.mkdir(parents=True, exist_ok=True)
                    for at, picture in enumerate(pictures, 1):
                        picture.save(options.full / f"{name}-{kind}-{at:02d}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
