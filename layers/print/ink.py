"""Type and paper of printed pages: fonts, colours, text set in lines. Lengths in points, y upwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Protocol

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from geo.errors import FormatError
from layers.style import TOKENS

REGULAR, SEMIBOLD, BOLD = "Inter-Regular", "Inter-SemiBold", "Inter-Bold"
MM = 72 / 25.4
LEADING = 1.3
# Nothing a person reads is set smaller; a source letter is a mark, not a text.
SMALLEST = 7.4
_MARK_SIZE, _MARK_RISE = 0.74, 0.34
_FOLDER = Path(__file__).resolve().parents[1] / "web" / "fonts"


@cache
def letters() -> frozenset[int]:
    """Load the typeface, once per process, and give the code points it has.

    Raises FormatError when a font file is missing or broken.
    """
    known: set[int] = set()
    for name in (REGULAR, SEMIBOLD, BOLD):
        path = _FOLDER / f"{name.lower()}.ttf"
        try:
            font = TTFont(name, str(path))
        except (TTFError, OSError) as error:
            raise FormatError(f"cannot read the font {path}: run `make data` to make it again") from error
        pdfmetrics.registerFont(font)
        known = set(font.face.charToGlyph)
    return frozenset(known)


@cache
def ink(token: str, alpha: float = 1.0) -> Color:
    """Give a colour token of the light theme, always printed on white."""
    solid = HexColor(TOKENS[token][0])
    return Color(solid.red, solid.green, solid.blue, alpha)


@cache
def mixed(token: str, share: float, over: str) -> Color:
    """Give a colour token laid over another so thinly, as a colour that hides what is below it."""
    top, base = HexColor(TOKENS[token][0]), HexColor(TOKENS[over][0])
    parts = zip(top.rgb(), base.rgb(), strict=True)
    return Color(*(share * a + (1 - share) * b for a, b in parts))


def measure(text: str, font: str, size: float) -> float:
    """Give the width of a line of text."""
    return _em(text, font) * size


@lru_cache(maxsize=20_000)
def _em(text: str, font: str) -> float:
    # Pages are composed several times to see what fits, of the same words each time.
    letters()
    return float(pdfmetrics.stringWidth(text, font, 1.0))


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one look. `mark` raises it as the letter of a source; `link` makes it lead to an address."""

    text: str
    font: str = REGULAR
    colour: str = "ink"
    mark: bool = False
    link: str = ""


def strong(text: str, colour: str = "ink") -> Run:
    """Give text in semibold."""
    return Run(text, SEMIBOLD, colour)


def quiet(text: str) -> Run:
    """Give text of second rank."""
    return Run(text, colour="ink2")


class Block(Protocol):
    """What has a height and can be drawn from its top left corner."""

    @property
    def height(self) -> float:
        """Give the height in points."""

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw it with its top left corner at (x, top)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block drawn by a function that is given its left edge and its top."""

    height: float
    paint: Callable[[Canvas, float, float], None]

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw it with its top left corner at (x, top)."""
        self.paint(canvas, x, top)


@dataclass(frozen=True, slots=True)
class Setting:
    """Runs set in lines of one width; `align` is left, right or centre."""

    lines: tuple[tuple[Run, ...], ...]
    size: float
    room: float
    align: str = "left"
    leading: float = LEADING

    @property
    def height(self) -> float:
        """Give the height in points."""
        return len(self.lines) * self.size * self.leading

    @property
    def widest(self) -> float:
        """Give the width of the longest line in points."""
        return max((sum(_width(run, self.size) for run in line) for line in self.lines), default=0.0)

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw it with its top left corner at (x, top)."""
        for at, line in enumerate(self.lines):
            base = top - self.size * (0.5 * self.leading + 0.364 + at * self.leading)
            free = self.room - sum(_width(run, self.size) for run in line)
            left = x + {"left": 0.0, "right": free, "centre": free / 2}[self.align]
            for run in line:
                left += _draw_run(canvas, run, left, base, self.size)


def by_line(setting: Setting) -> list[Setting]:
    """Part a text into its lines, so that it can go on in the next column."""
    return [replace(setting, lines=(line,)) for line in setting.lines]


def set_text(
    runs: Iterable[Run], *, room: float, size: float, align: str = "left", leading: float = LEADING
) -> Setting:
    """Set runs in lines no wider than `room`; a newline starts a new line, a word too long is parted."""
    lines: list[tuple[Run, ...]] = []
    for paragraph in _paragraphs(runs):
        lines += _lines(paragraph, room, size)
    return Setting(tuple(lines), size, room, align, leading)


def _draw_run(canvas: Canvas, run: Run, x: float, base: float, size: float) -> float:
    """Draw a run and give its width."""
    scale, rise = (_MARK_SIZE, _MARK_RISE) if run.mark else (1.0, 0.0)
    width = _width(run, size)
    canvas.setFillColor(ink(run.colour))
    canvas.setFont(run.font, size * scale)
    canvas.drawString(x, base + size * rise, run.text)
    if run.link:
        canvas.linkURL(run.link, (x, base - size * 0.25, x + width, base + size * 0.9), relative=0, thickness=0)
    return width


def _width(run: Run, size: float) -> float:
    return measure(run.text, run.font, size * (_MARK_SIZE if run.mark else 1.0))


def _paragraphs(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Part the runs at newlines."""
    current: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        current.append(_with(run, first))
        for other in others:
            yield current
            current = [_with(run, other)]
    yield current


def _atoms(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Give what may not be parted: words with the marks after them. An address parts at its signs as well."""
    atom: list[Run] = []
    for run in runs:
        signs = " /?&=,_-" if "/" in run.text and " " not in run.text and not run.mark else " "
        for piece in re.findall(rf"[^{signs}]*(?:[{signs}]+|$)", run.text):
            if piece:
                atom.append(_with(run, piece))
                if piece[-1] in signs:
                    yield atom
                    atom = []
    if atom:
        yield atom


def _lines(runs: Sequence[Run], room: float, size: float) -> list[tuple[Run, ...]]:
    lines: list[list[Run]] = [[]]
    used = 0.0
    for whole in _atoms(runs):
        for atom in _fitting(whole, room, size):
            full = sum(_width(run, size) for run in atom)
            bare = full - _width(_with(atom[-1], " "), size) * atom[-1].text.endswith(" ")
            if lines[-1] and used + bare > room + 0.01:
                lines.append([])
                used = 0.0
            lines[-1] += atom
            used += full
    return [_joined(line) for line in lines]


def _fitting(atom: list[Run], room: float, size: float) -> Iterator[list[Run]]:
    """Part an atom that is wider than a line: after a hyphen or a slash, else between letters."""
    if sum(_width(run, size) for run in atom) <= room or len(atom[0].text) < 2:
        yield atom
        return
    head, *tail = atom
    cut = len(head.text)
    while cut > 1 and _width(_with(head, head.text[:cut].rstrip()), size) > room:
        cut -= 1
    if cut == len(head.text):
        yield atom
        return
    hyphen = max(head.text.rfind(sign, 0, cut) for sign in "-–/") + 1
    cut = hyphen or cut
    yield [_with(head, head.text[:cut])]
    yield from _fitting([_with(head, head.text[cut:]), *tail], room, size)


def _joined(line: Sequence[Run]) -> tuple[Run, ...]:
    """Bring neighbours of one look together; a line ends without a space."""
    joined = [
        _with(look, "".join(run.text for run in same)) for look, same in groupby(line, key=lambda run: _with(run, ""))
    ]
    if joined:
        joined[-1] = _with(joined[-1], joined[-1].text.rstrip(" "))
    return tuple(joined)


def _with(run: Run, text: str) -> Run:
    """Give a run's look with another text."""
    return Run(text, run.font, run.colour, run.mark, run.link)
