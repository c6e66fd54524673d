"""What a sheet is asked to be: area, layers, paper, scale, grid; every fault told at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import shapely

from geo import graticule
from geo.errors import GeoError
from layers import qr
from layers.asked import web_address
from layers.errors import SheetError
from layers.print import frame as frames
from layers.print import ink
from layers.print.frame import Frame
from layers.print.ink import MM
from layers.sheet import layout
from layers.sheet.layout import ORIENTATIONS, PAPERS, SCALES, Layout, Look, Orientation, Paper
from layers.snapshot.area import Area
from layers.text import text
from layers.view import LANGUAGES, Language, View

MOST_TITLE = 120
# Where the map stands when nothing else is said: a link that a telephone can follow is given by the caller.
HERE = "http://localhost:5006/"
_WHOLE = {"metropolis", "everything"}
_ROOM = 5 * MM
# How far, in metres, the metropolis moves up from the middle for the sake of what stands on the sea.
_MOST_SEA = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A map for print.

    `view` says which layers, classes, filters and year are shown; its bounds, selection and theme do not count. The map
    is in Lambert-93 (EPSG:2154); `crs` is the EPSG code of the grid drawn over it. `scale` is one of `SCALES` or None
    for the largest that shows the area. `today` is the day of issue, given by the caller so that the same sheet has the
    same bytes. `address` is where the map stands; the link on the sheet adds the View to it. `number` of `total` counts
    the sheets of an atlas; `key` is the page of an atlas with the legend, 0 for a sheet that has its own.

    Raises SheetError with every fault.
    """

    area: Area = field(default_factory=Area)
    view: View = field(default_factory=View)
    today: date
    language: Language = "en"
    title: str = ""
    paper: Paper = "a3"
    orientation: Orientation = "landscape"
    scale: int | None = None
    crs: int = 2154
    address: str = HERE
    number: int = 1
    total: int = 1
    key: int = 0

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise SheetError(faults, advice="Ask again with these corrected.")

    @property
    def layout(self) -> Layout:
        """Give where things stand on its first page."""
        return layout.of(self.paper, self.orientation)

    @property
    def look(self) -> Look:
        """Give how large things are drawn on its paper."""
        return layout.LOOKS[self.paper]

    @property
    def whole(self) -> bool:
        """Tell whether the area is all that the map knows, so that nothing is drawn pale."""
        return self.area.kind in _WHOLE

    @property
    def shape(self) -> shapely.Geometry:
        """Give the area in Lambert-93 (EPSG:2154)."""
        return frames.metropolis() if self.whole else self.area.metres()

    @property
    def link(self) -> str:
        """Give the address at which the same View opens."""
        west, south, east, north = shapely.bounds(self.area.geometry())
        bounds = "" if self.whole else f"&bounds={west:.5f},{south:.5f},{east:.5f},{north:.5f}"
        plain = self.view.with_(language=self.language, bounds=None, selection=None, table=None, panel=None, theme=None)
        query, _ = View.from_query(plain.to_query() + bounds)
        return f"{self.address}?{query.to_query()}"

    def frame(self) -> Frame:
        """Give the ground that its map shows, at its scale."""
        box = self.layout.map
        west, south, east, north = (float(value) for value in shapely.bounds(self.shape))
        width, height = box[2] - box[0] - 2 * _ROOM, box[3] - box[1] - 2 * _ROOM
        scale = self.scale
        if scale is None:
            fits = (s for s in SCALES if (east - west) <= width * s / MM / 1000 and
                    (north - south) <= height * s / MM / 1000)  # fmt: skip
            scale = next(fits, SCALES[-1])
        centre = ((west + east) / 2, (south + north) / 2)
        spare = (box[3] - box[1]) * scale / MM / 1000 - (north - south)
        if self.whole and spare > 0:
            # The sea lies in the south: what is free goes there, for the inset and the scale.
            centre = (centre[0], centre[1] - min(0.28 * spare, _MOST_SEA))
        return frames.centred(box, centre, scale=scale)

    @property
    def cut(self) -> bool:
        """Tell whether the area goes beyond the frame."""
        ground, bounds = self.frame().ground, shapely.bounds(self.shape)
        return bool((bounds[:2] < ground[:2]).any() or (bounds[2:] > ground[2:]).any())

    @property
    def place(self) -> str:
        """Name the area, in the language of the sheet."""
        return text("sheet.metropolis", self.language) if self.whole else self.area.words(self.language)

    @property
    def theme(self) -> str:
        """Name what is shown, in the language of the sheet."""
        shown = set(self.view.layers)
        if {"industry", "decarbonation"} <= shown:
            return text("sheet.theme_both", self.language)
        if "industry" in shown:
            return text("sheet.theme_industry", self.language)
        if "decarbonation" in shown:
            return text("sheet.theme_decarbonation", self.language)
        alone = shown <= {"poles", "communes"}
        return text("sheet.theme_territory" if alone else "sheet.theme_places", self.language)

    @property
    def heading(self) -> str:
        """Give its title: that of the caller, else what is shown."""
        return self.title.strip() or self.theme


def _faults(sheet: Sheet) -> list[str]:
    faults = []
    for name, value, known in (
        ("paper", sheet.paper, PAPERS),
        ("orientation", sheet.orientation, ORIENTATIONS),
        ("language", sheet.language, LANGUAGES),
    ):
        if value not in known:
            faults.append(f"{name} {value!r} is not one of {', '.join(known)}")
    if sheet.scale is not None and sheet.scale not in SCALES:
        said = ", ".join(f"{scale}" for scale in SCALES)
        faults.append(f"scale {sheet.scale} is not one of the round scales {said}: leave it out to fit the area")
    missing = sorted({letter for letter in sheet.title if ord(letter) not in ink.letters()})
    if missing:
        faults.append(f"the title has letters that the typeface lacks: {' '.join(map(repr, missing))}")
    if len(sheet.title) > MOST_TITLE:
        faults.append(f"the title has {len(sheet.title)} letters, at most {MOST_TITLE} fit")
    for check in (lambda: graticule.system(sheet.crs), lambda: web_address(sheet.address, most=qr.MOST_TEXT)):
        try:
            check()
        except GeoError as error:
            faults.append(str(error))
    if not faults:
        try:
            graticule.check_use(sheet.crs, tuple(shapely.bounds(sheet.shape)))
            web_address(sheet.link, most=qr.MOST_TEXT)
        except GeoError as error:
            faults.append(str(error))
    return faults
