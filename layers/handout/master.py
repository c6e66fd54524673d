"""The master of the deck: 13.333 by 7.5 inches, the colours and type of the pages, placeholders for every part.

Type is Arial: Inter cannot travel in a deck, and what stands in for Arial elsewhere has the same widths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from layers.handout import sheet
from layers.handout.sheet import COLUMN, EDGE, FOOT, MAP_LEFT, PAGE, RIGHT, TOP
from layers.print.placing import Box
from layers.style import TOKENS

FONT = "Arial"
SCENE, COVER = "Scene", "Opening and closing"
_EMU = 12_700
# Colours of the theme and the tokens they are.
_COLOURS = {
    "dk1": "ink", "lt1": "surface", "dk2": "ink2", "lt2": "surface2", "accent1": "primary", "accent2": "green",
    "accent3": "aix-marseille", "accent4": "martigues-fos", "accent5": "la-ciotat-cassis", "accent6": "fuel",
    "hlink": "primary", "folHlink": "ink2",
}  # fmt: skip
# The field of the slide number, by the name that any deck may use.
_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"
_SCHEME = {"ink": "tx1", "ink2": "tx2", "primary": "accent1"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder of the layouts: its number, its kind, where it stands (points, y upwards) and its type."""

    idx: int
    name: str
    prompt: str
    box: Box
    kind: str = "body"
    size: float = 12.0
    colour: str = "ink"
    bold: bool = False
    align: str = "l"
    anchor: str = "t"


def _column(top: float, foot: float) -> Box:
    return EDGE, foot, EDGE + COLUMN, top


TITLE, TOPIC, FIGURE, CAPTION, SOURCES, CHART, NOTE, MAP, CREDIT, COLOPHON, PICTURE = range(11)
_FOOTER, _NUMBER = 20, 21
_LINE = (sheet.FOOT_BASE - 6, sheet.FOOT_BASE + 10)
SLOTS: tuple[Slot, ...] = (
    Slot(TITLE, "Title", "Title", _column(TOP - 18, TOP - 100), "title", 34, bold=True),
    Slot(TOPIC, "Topic", "Topic", _column(TOP + 3, TOP - 15), size=13.5, colour="primary", bold=True),
    Slot(FIGURE, "Key figure", "00", _column(TOP - 110, TOP - 220), size=116, bold=True),
    Slot(CAPTION, "Caption", "What the figure is of", _column(TOP - 230, TOP - 305), size=19),
    Slot(CHART, "Chart", "Chart", _column(TOP - 310, 130), "chart"),
    Slot(NOTE, "Chart note", "Note of the chart, with its source", _column(128, 110), size=8, colour="ink2"),
    Slot(SOURCES, "Sources", "Sources, each with its letter", _column(108, FOOT), size=8.8, colour="ink2"),
    Slot(COLOPHON, "Colophon", "Version, date, checksum", _column(180, 112), size=10.4, colour="ink2"),
    Slot(MAP, "Map", "Map", (MAP_LEFT, FOOT + 22, RIGHT, TOP), "pic"),
    Slot(PICTURE, "Picture", "Picture", (MAP_LEFT, TOP - 210, RIGHT, TOP), "pic"),
    Slot(CREDIT, "Credit of the map", "Where the map comes from", (MAP_LEFT, FOOT, RIGHT, FOOT + 20), size=8,
         colour="ink2"),
    Slot(_FOOTER, "Footer", "", (EDGE, _LINE[0], RIGHT - 120, _LINE[1]), "ftr", 8.4, "ink2", anchor="ctr"),
    Slot(_NUMBER, "Slide number", "", (RIGHT - 110, _LINE[0], RIGHT, _LINE[1]), "sldNum", 8.4, "ink2", align="r",
         anchor="ctr"),
)  # fmt: skip


def presentation() -> Any:
    """Make an empty deck with two layouts, for scenes and for the opening and the closing."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(PAGE[0]), Pt(PAGE[1])
    master = deck.slide_masters[0]
    scene, cover = deck.slide_layouts[5], deck.slide_layouts[0]
    for layout in list(deck.slide_layouts):
        if layout not in (scene, cover):
            deck.slide_layouts.remove(layout)
    for layout, name in ((scene, SCENE), (cover, COVER)):
        # A figure or a chart may stand on an opening too; the colophon only on a closing.
        _fill(layout._element, [slot for slot in SLOTS if name == COVER or slot.idx != COLOPHON], name)
    _fill(master._element, [slot for slot in SLOTS if slot.kind in {"title", "ftr", "sldNum"}] + [_BODY])
    _theme(master.part.part_related_by(RELATIONSHIP_TYPE.THEME))
    # What the template says of itself: a picture of its slides, its program, somebody's printer.
    _drop(deck.part.package, RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
    _drop(deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    return deck


# Every body text of the layouts takes after this one.
_BODY = Slot(1, "Body", "Text", _column(TOP - 110, FOOT), size=16)


def _fill(element: Any, slots: Any, name: str = "") -> None:
    """Put placeholders in the place of those of a layout or of the master."""
    element.attrib.pop("type", None)
    if name:
        element.cSld.set("name", name)
    tree = element.cSld.spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    for at, slot in enumerate(slots, start=2):
        tree.append(parse_xml(_placeholder(slot, at)))
    tree.append(parse_xml(_rule(len(slots) + 2)))
    if name == COVER:
        for shape in _brand(len(slots) + 3):
            tree.append(parse_xml(shape))


def _brand(number: int) -> Iterator[str]:
    """Write the product's mark and name, as on the pages: a plate, two lines between three points, the name."""
    x, y, unit = EDGE, TOP, 22 / 28
    white = '<a:srgbClr val="FFFFFF"/>'
    plate = (x, y - 22, x + 22, y)
    yield _drawn(number, "Mark", "roundRect", plate, _scheme("primary"), adjust='<a:gd name="adj" fmla="val 28571"/>')
    for at, (cx, cy, r) in enumerate(((8.5, 10.5, 3), (19.2, 8.6, 2.2), (15.5, 19.6, 2.6)), start=1):
        left, top = x + (cx - r) * unit, y - (cy - r) * unit
        box = (left, top - 2 * r * unit, left + 2 * r * unit, top)
        yield _drawn(number + at, "Mark", "ellipse", box, white)
    ends = ((8.5, 10.5, 19.2, 8.6), (19.2, 8.6, 15.5, 19.6), (15.5, 19.6, 8.5, 10.5))
    for at, (x0, y0, x1, y1) in enumerate(ends, start=4):
        flip = "" if (x1 - x0) * (y1 - y0) >= 0 else ' flipV="1"'
        box = (x + min(x0, x1) * unit, y - max(y0, y1) * unit, x + max(x0, x1) * unit, y - min(y0, y1) * unit)
        yield _line(number + at, "Mark", box, white, width=1.2, flip=flip)
    text = '<a:r><a:rPr lang="en-GB" sz="1300" b="1"/><a:t>Provence Map</a:t></a:r>'
    box = (x + 30, y - 22, x + 200, y)
    yield _drawn(number + 7, "Product", "rect", box, "", text=text)


def _place(box: Box) -> str:
    left, foot, right, top = box
    x, y, wide, high = (round(v * _EMU) for v in (left, PAGE[1] - top, right - left, top - foot))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def _placeholder(slot: Slot, number: int) -> str:
    """Write a placeholder: no margins, no bullets, its own size and colour; text that is too long shrinks."""
    idx = f' idx="{slot.idx}"' if slot.kind != "title" else ""
    text = f'<a:r><a:rPr lang="en-GB"/><a:t>{slot.prompt}</a:t></a:r>'
    if slot.kind == "sldNum":
        text = f'<a:fld id="{_FIELD}" type="slidenum"><a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
    return f"""<p:sp {nsdecls("p", "a")}>
<p:nvSpPr><p:cNvPr id="{number}" name="{slot.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>
<p:nvPr><p:ph type="{slot.kind}"{idx}/></p:nvPr></p:nvSpPr>
<p:spPr>{_place(slot.box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>
<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{slot.anchor}"><a:normAutofit/></a:bodyPr>
<a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{slot.align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>
<a:defRPr sz="{round(slot.size * 100)}" b="{int(slot.bold)}">
<a:solidFill><a:schemeClr val="{_SCHEME[slot.colour]}"/></a:solidFill><a:latin typeface="+mn-lt"/></a:defRPr>
</a:lvl1pPr></a:lstStyle><a:p>{text}</a:p></p:txBody></p:sp>"""


def _rule(number: int) -> str:
    """Write the line above the footer."""
    return _line(number, "Line", (EDGE, sheet.RULE, RIGHT, sheet.RULE), f'<a:srgbClr val="{TOKENS["line2"][0][1:]}"/>')


def _line(number: int, name: str, box: Box, colour: str, *, width: float = 0.6, flip: str = "") -> str:
    place = _place(box).replace("<a:xfrm>", f"<a:xfrm{flip}>")
    return f"""<p:cxnSp {nsdecls("p", "a")}>
<p:nvCxnSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr>
<p:spPr>{place}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>
<a:ln w="{round(width * _EMU)}"><a:solidFill>{colour}</a:solidFill></a:ln></p:spPr></p:cxnSp>"""


def _drawn(
    number: int, name: str, shape: str, box: Box, colour: str, *, adjust: str = "", text: str = ""
) -> str:  # fmt: skip
    fill = f"<a:solidFill>{colour}</a:solidFill>" if colour else "<a:noFill/>"
    return f"""<p:sp {nsdecls("p", "a")}>
<p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
<p:spPr>{_place(box)}<a:prstGeom prst="{shape}"><a:avLst>{adjust}</a:avLst></a:prstGeom>{fill}
<a:ln><a:noFill/></a:ln></p:spPr>
<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:p>{text}</a:p></p:txBody></p:sp>"""


def _scheme(token: str) -> str:
    return f'<a:schemeClr val="{_SCHEME[token]}"/>'


def _theme(part: Any) -> None:
    """Set the colours and the type of the theme."""
    text = part.blob.decode("utf-8")
    for name, token in _COLOURS.items():
        colour = f'<a:{name}><a:srgbClr val="{TOKENS[token][0][1:]}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", colour, text, flags=re.DOTALL)
    text = re.sub(r'(<a:(?:major|minor)Font><a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    part._blob = text.replace('name="Office Theme"', 'name="Provence Map"').encode("utf-8")


def _drop(holder: Any, *kinds: str) -> None:
    """Take the parts of some kinds away from what holds them, and so out of the file."""
    for key, relation in list(holder._rels.items()):
        if relation.reltype in kinds:
            holder._rels.pop(key)
