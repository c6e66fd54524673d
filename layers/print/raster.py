"""A page of a PDF as a picture. PDFium, which makes it, may not be asked by two threads at once."""

from __future__ import annotations

import threading
from typing import Any

import pypdfium2

_DRAWING = threading.Lock()


def page(pdf: bytes, *, scale: float, number: int = 1) -> tuple[Any, int]:
    """Return a page of a PDF as a picture of Pillow's in RGB, `scale` px to a point, and how many pages there are.

    Pages count from one; a page beyond the last is the last. One picture is made at a time in a process.
    """
    with _DRAWING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = len(document)
            # The picture keeps nothing of the document once its colours are turned.
            image = document[min(max(number, 1), pages) - 1].render(scale=scale).to_pil().convert("RGB")
        finally:
            document.close()
    return image, pages
