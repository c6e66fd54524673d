"""A page of a PDF as a picture, asked for by several threads at once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

from reportlab.pdfgen.canvas import Canvas

from layers.print import raster


def pdf(pages: int) -> bytes:
    """Write pages of 40 by 30 points, each with a square as wide as its number times ten points."""
    out = io.BytesIO()
    canvas = Canvas(out, (40, 30))
    for number in range(1, pages + 1):
        canvas.rect(0, 0, 10 * number, 30, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_page_has_the_size_asked_for_and_shows_what_is_on_it() -> None:
    image, pages = raster.page(pdf(2), scale=2, number=1)
    assert (image.size, image.mode, pages) == ((80, 60), "RGB", 2)
    assert (image.getpixel((5, 30)), image.getpixel((50, 30))) == ((0, 0, 0), (255, 255, 255))


def test_a_page_beyond_the_last_is_the_last_and_one_before_the_first_the_first() -> None:
    made = pdf(3)
    far, last = raster.page(made, scale=1, number=9), raster.page(made, scale=1, number=3)
    early, first = raster.page(made, scale=1, number=0), raster.page(made, scale=1)
    assert (far[0].tobytes(), early[0].tobytes()) == (last[0].tobytes(), first[0].tobytes())
    assert first[0].tobytes() != last[0].tobytes()


def test_many_threads_get_the_pictures_that_one_gets() -> None:
    made = pdf(3)
    wanted = [raster.page(made, scale=8, number=number)[0].tobytes() for number in (1, 2, 3)]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda number: raster.page(made, scale=8, number=number)[0].tobytes(), [1, 2, 3] * 20)
        assert list(found) == wanted * 20
