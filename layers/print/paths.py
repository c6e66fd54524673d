"""Draw the paths of `layers/style.py` (SVG, y downwards) on a page (y upwards)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

_TOKEN = re.compile(r"[MmLlHhVvCcSsAaZz]|[-+]?(?:\d+\.?\d*|\.\d+)")
_COUNT = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "a": 7, "z": 0}

Step = tuple[str, tuple[float, ...]]


@cache
def steps(path: str) -> tuple[Step, ...]:
    """Read an SVG path as absolute moves (M), lines (L), curves (C) and closings (Z).

    Raises ValueError for a command that the drawings do not use.
    """
    return tuple(_Reader(path).read())


class _Reader:
    """Walk through a path, keeping the pen's place."""

    def __init__(self, path: str) -> None:
        self.words = _TOKEN.findall(path)
        if "".join(self.words) != re.sub(r"[\s,]+", "", path):
            raise ValueError(f"path {path!r} has a command that is not drawn here")
        self.at = self.start = self.control = (0.0, 0.0)

    def read(self) -> Iterator[Step]:
        command = "M"
        words = iter(self.words)
        pending = next(words, None)
        while pending is not None:
            if pending.isalpha():
                command = pending
                pending = None
            count = _COUNT[command.lower()]
            values = [] if pending is None or count == 0 else [float(pending)]
            values += [float(next(words)) for _ in range(count - len(values))]
            yield from self._step(command, values)
            # Further pairs after a move are lines.
            command = {"M": "L", "m": "l"}.get(command, command)
            pending = next(words, None)

    def _step(self, command: str, values: list[float]) -> Iterator[Step]:
        kind, relative = command.lower(), command.islower()
        x, y = self.at
        dx, dy = (x, y) if relative else (0.0, 0.0)
        if kind == "z":
            self.at = self.start
            yield "Z", ()
        elif kind == "a":
            end = (values[5] + dx, values[6] + dy)
            yield from _arc(self.at, end, values[0], large=bool(values[3]), sweep=bool(values[4]))
            self.at = end
        elif kind in "cs":
            pairs = [(values[i] + dx, values[i + 1] + dy) for i in range(0, len(values), 2)]
            if kind == "s":
                pairs.insert(0, (2 * x - self.control[0], 2 * y - self.control[1]))
            self.control, self.at = pairs[1], pairs[2]
            yield "C", tuple(v for pair in pairs for v in pair)
        else:
            self.at = {
                "h": lambda: (values[0] + dx, y),
                "v": lambda: (x, values[0] + dy),
            }.get(kind, lambda: (values[0] + dx, values[1] + dy))()
            if kind == "m":
                self.start = self.at
            yield ("M" if kind == "m" else "L"), self.at
        if kind not in "cs":
            self.control = self.at


def _arc(
    start: tuple[float, float], end: tuple[float, float], radius: float, *, large: bool, sweep: bool
) -> Iterator[Step]:
    """Turn an arc of a circle into curves of a quarter at most."""
    (x0, y0), (x1, y1) = start, end
    chord = math.dist(start, end)
    if chord == 0:
        return
    r = max(radius, chord / 2)
    offset = math.sqrt(max(r * r - chord * chord / 4, 0.0)) * (1 if large != sweep else -1)
    cx = (x0 + x1) / 2 - offset * (y1 - y0) / chord
    cy = (y0 + y1) / 2 + offset * (x1 - x0) / chord
    first, last = math.atan2(y0 - cy, x0 - cx), math.atan2(y1 - cy, x1 - cx)
    turn = (last - first) % math.tau if sweep else -((first - last) % math.tau)
    parts = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    k = 4 / 3 * math.tan(turn / parts / 4) * r
    for i in range(parts):
        a, b = first + turn * i / parts, first + turn * (i + 1) / parts
        ax, ay, bx, by = cx + r * math.cos(a), cy + r * math.sin(a), cx + r * math.cos(b), cy + r * math.sin(b)
        yield "C", (ax - k * math.sin(a), ay + k * math.cos(a), bx + k * math.sin(b), by - k * math.cos(b), bx, by)


def draw(canvas: Canvas, path: str, *, fill: bool = True, stroke: bool = False) -> None:
    """Draw a path in the canvas's present colours, in its own units: see `placed`."""
    made = _MADE.get((type(canvas), path))
    if made is None:
        made = _MADE[type(canvas), path] = _made(canvas, path)
    canvas.drawPath(made, stroke=int(stroke), fill=int(fill), fillMode=1)


# The same few symbols stand on a map hundreds of times: what was made for a kind of canvas is drawn again on each.
_MADE: dict[tuple[type[Canvas], str], PDFPathObject] = {}


def _made(canvas: Canvas, path: str) -> PDFPathObject:
    made = canvas.beginPath()
    for kind, values in steps(path):
        if kind == "M":
            made.moveTo(*values)
        elif kind == "L":
            made.lineTo(*values)
        elif kind == "C":
            made.curveTo(*values)
        else:
            made.close()
    return made


def place(canvas: Canvas, x: float, y: float, *, grid: float, size: float) -> None:
    """Move the canvas so that a drawing on a grid of `grid` units stands centred at (x, y), `size` points wide."""
    canvas.translate(x, y)
    canvas.scale(size / grid, -size / grid)
    canvas.translate(-grid / 2, -grid / 2)
