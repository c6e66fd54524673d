"""How QGIS draws the layers of points: sites by their verified CO₂, projects by family and status, chips, ideas."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from layers import numbers
from layers.qgis import pictures
from layers.qgis.asked import DETAIL_SCALE, Asked, radius, sized, tonnes
from layers.qgis.rules import NEVER, Rule, renderer, stacked
from layers.qgis.symbols import PX_MM, marker, number, picture, rgb, rgba
from layers.style import (
    EXPLORE_FACTOR,
    GLYPH_FROM_RADIUS_PX,
    INDUSTRY_FAMILIES,
    PLACE_CLASSES,
    PROJECT_FAMILIES,
    STATUSES,
    circle_radius,
)

# Sizes in px, as on the screen.
_SHAPE, _STACK, _BUBBLE, _CHIP, _MINOR, _DOT = 20.0, 30.0, 32.0, 24.0, 17.5, 5.0
_STACK_PX = 30.0
_MT_SHOWN = (0.1, 1.0, 6.5)
_SOLID, _PALE = 0.92, 0.62


def industry(asked: Asked) -> Element:
    """Draw sites: the area of the circle by the verified CO₂ of the year, colour and glyph by family."""
    words = asked.words
    if asked.has("family"):
        rules = [
            Rule(words.text(f"family.{f.id}"), f"\"family\" = '{f.id}'", _site(asked, f.id)) for f in INDUSTRY_FAMILIES
        ]
    else:
        rules = [Rule(words.text("kind.site_other"), "", _site(asked))]
    if sized(asked):
        year = str(asked.year)
        rules.append(Rule(words.text("qgis.co2", year=year), NEVER, under=_sizes(asked)))
    marks = []
    if asked.has("approximate"):
        marks.append(Rule(words.text("qgis.approximate"), NEVER, _circle(6, "other", approximate=True)))
    if asked.has("status"):
        marks.append(Rule(words.text("site_status.closed"), NEVER, _closed(6)))
    order = f"-coalesce({tonnes(asked)}, 0)" if sized(asked) else ""
    return renderer([*rules, *marks], kind="marker", key="industry", order=order)


def _sizes(asked: Asked) -> list[Rule]:
    """Make the circles of the legend; the smallest stands for sites without a figure too."""
    said = [
        (circle_radius(mt * 1e6, factor=EXPLORE_FACTOR), f"{numbers.plain(mt, asked.language)}\u00a0Mt")
        for mt in _MT_SHOWN
    ]
    said.insert(0, (circle_radius(None), asked.words.text("qgis.no_figure")))
    return [Rule(label, NEVER, [marker("circle", 2 * r, fill="", edge=rgba("ink2"), width=1.2)]) for r, label in said]


def _circle(r: float, family: str, *, approximate: bool = False) -> list[Element]:
    layers = [marker("circle", 2 * r, fill=rgba(family, _PALE if approximate else _SOLID))]
    if approximate:
        ring = marker("circle", 2 * r + 4, fill="", edge=rgba("ink2"), width=1.0, style="dot")
        layers.append(ring)
    return layers


def _closed(r: float) -> list[Element]:
    edge = rgba("other")
    return [
        marker("circle", 2 * r, fill=rgba("surface"), edge=edge, width=1.5),
        marker("line", 1.4 * r, fill="", edge=edge, width=1.5, angle=45),
    ]


def _site(asked: Asked, family: str = "other") -> list[Element]:
    """Make a site's circle: halo, disc, ring where its position is not exact, bar where it is closed, glyph."""
    r, colour = radius(asked), ",".join(str(part) for part in rgb(family))
    closed = "coalesce(\"status\" = 'closed', FALSE)" if asked.has("status") else "FALSE"
    approximate = 'coalesce("approximate", FALSE)' if asked.has("approximate") else "FALSE"

    def sized_by(formula: str) -> str:
        return f"{PX_MM:.6f} * with_variable('r', {r}, {formula})"

    disc = {
        "size": sized_by("2 * @r"),
        "fillColor": f"if({closed}, '{rgba('surface')}', color_rgba({colour}, if({approximate}, "
        f"{round(_PALE * 255)}, {round(_SOLID * 255)})))",
        "outlineColor": f"if({closed}, color_rgba({colour}, 255), color_rgba(255, 255, 255, 0))",
    }
    ringed = f"{approximate} AND NOT {closed} AND @map_scale <= {DETAIL_SCALE}"
    # Its line is what comes and goes: a legend, which knows no feature, then shows the plain circle.
    ring = {"outlineStyle": f"if({ringed}, 'dot', 'no')", "size": sized_by("2 * @r + 4")}
    bar = {"outlineStyle": f"if({closed}, 'solid', 'no')", "size": sized_by("1.4 * @r")}
    legend = 6.0
    mark = {
        "enabled": f"NOT {closed} AND ({r}) >= {GLYPH_FROM_RADIUS_PX:g}",
        "size": sized_by("min(@r * 1.15, 17)"),
    }
    layers = [
        marker("circle", 2 * legend + 2.4, fill=rgba("halo"), by={"size": sized_by("2 * @r + 2.4")}),
        marker("circle", 2 * legend, fill=rgba(family, _SOLID), edge=rgba(family, 0), width=1.5, by=disc),
    ]
    if asked.has("approximate"):
        layers.append(marker("circle", 2 * legend + 4, fill="", edge=rgba("ink2"), width=1, style="no", by=ring))
    if asked.has("status"):
        layers.append(marker("line", 1.4 * legend, fill="", edge=rgba(family), width=1.5, style="no", angle=45, by=bar))
    return [*layers, picture(pictures.glyph(family), 1.15 * legend, by=mark)]


def decarbonation(asked: Asked) -> Element:
    """Draw projects: shape by family, outline by status; those nearer than 30 px as a stack with their number."""
    words = asked.words
    px = _SHAPE * pictures.PROJECT_UNITS / 20
    families = [f.id for f in PROJECT_FAMILIES] if asked.has("family") else ["h2"]
    rules = []
    for family in families:
        keeps = f"\"family\" = '{family}'" if asked.has("family") else ""
        label = words.text(f"technology.{family}" if keeps else "kind.project_other")
        drawn = {status.id: pictures.encoded(pictures.project(family, status.id)) for status in STATUSES}
        pairs = ", ".join(f"'{status}', '{svg}'" for status, svg in drawn.items())
        by = {"name": f'map_get(map({pairs}), "status")'} if asked.has("status") else {}
        rules.append(Rule(label, keeps, [picture(pictures.project(family, "operating"), px, by=by)]))
    if asked.has("status"):
        shown = [
            Rule(words.text(f"status.{s.id}"), NEVER, [picture(pictures.project("h2", s.id), px)]) for s in STATUSES
        ]
        rules.append(Rule(words.text("qgis.status"), NEVER, under=shown))
    tall = _STACK * pictures.STACK_UNITS / 28
    pile = [
        picture(pictures.stack(), tall),
        number("to_string(@cluster_size)", 13, colour="surface", up=-1.5),
    ]
    rules.append(Rule(words.text("qgis.stack"), NEVER, [picture(pictures.stack(), tall)]))
    return stacked(renderer(rules, kind="marker", key="decarbonation"), _STACK_PX, pile)


def access(asked: Asked) -> Element:
    """Draw ports, stations or airports as chips; stations and airfields are dots until the map is near enough."""
    words, layer = asked.words, asked.layer
    icon = pictures.chip(layer)
    major = {"ports": ("port",), "stations": ("tgv",), "airports": ("airport",)}[layer]
    if not asked.has("kind"):
        return renderer([Rule(words.text(f"layer.{layer}"), "", [picture(icon, _CHIP)])], kind="marker", key=layer)
    listed = ", ".join(f"'{kind}'" for kind in major)
    rules = [Rule(words.text(f"access.{major[0]}") if layer != "ports" else words.text("layer.ports"),
                  f'"kind" IN ({listed})', [picture(icon, _CHIP)])]  # fmt: skip
    if layer != "ports":
        other = words.text("access.station" if layer == "stations" else "access.airfield")
        rest = f'"kind" NOT IN ({listed})'
        rules += _detailed(other, rest, [picture(icon, _MINOR)], words.text("qgis.far"))
    return renderer(rules, kind="marker", key=layer)


def _detailed(label: str, keeps: str, near: list[Element], far: str) -> list[Rule]:
    """Draw as chips when near, as dots when far: nothing that was exported may seem to be missing."""
    dot = [marker("circle", _DOT, fill=rgba("surface"), edge=rgba("ink2"), width=1.2)]
    return [
        Rule(label, keeps, near, farthest=DETAIL_SCALE),
        Rule(f"{label} ({far})", keeps, dot, nearest=DETAIL_SCALE),
    ]


def places(asked: Asked) -> Element:
    """Draw places as chips with the icon of their class, smaller while the map is far."""
    words = asked.words
    if not asked.has("category"):
        plain = [Rule(words.text("kind.place_other"), "", [picture(pictures.chip("university"), _MINOR)])]
        return renderer(plain, kind="marker", key="places")
    sizes = {"size": f"{PX_MM:.6f} * if(@map_scale <= {DETAIL_SCALE}, {_CHIP:g}, {_MINOR:g})"}
    rules = [
        Rule(
            words.text(f"place.{name}"),
            f'"category" IN ({", ".join(f"{chr(39)}{c}{chr(39)}" for c in categories)})',
            [picture(pictures.chip(name), _MINOR, by=sizes)],
        )
        for name, categories in PLACE_CLASSES.items()
    ]
    return renderer(rules, kind="marker", key="places")


def perceptions(asked: Asked) -> Element:
    """Draw ideas as bubbles with their number, the tail at the place; one without a place is in the table only."""
    layers = [picture(pictures.bubble(), _BUBBLE, up=_BUBBLE / 2)]
    if asked.has("rank"):
        layers.append(number('to_string("rank")', 12, colour="on-primary", up=_BUBBLE * 0.62))
    return renderer([Rule(asked.words.text("layer.perceptions"), "", layers)], kind="marker", key="perceptions")
