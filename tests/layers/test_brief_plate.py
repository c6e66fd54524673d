"""The map of the brief: its frame, its scale, numbers and names that keep apart, paths read as browsers read them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
import shapely

from layers.brief import chart, plate, shortlist
from layers.print import frame, paths, placing, symbols
from layers.print.words import Words
from layers.style import ACCESS_CLASSES, INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES

BOX = (34.0, 300.0, 561.0, 700.0)
JS = Path(__file__).resolve().parents[2] / "layers" / "web" / "js" / "icons.js"


def items(*keys: str) -> tuple[shortlist.Item, ...]:
    """Read some keys."""
    return shortlist.read(keys, Words("en"))


def test_the_frame_shows_every_item_with_room_for_its_number() -> None:
    kept = items("site:arcelormittal-fos", "commune:13055", "project:barmar-h2med")
    shown = frame.fit([item.shape for item in kept], BOX)
    for item in kept:
        west, south, east, north = item.shape.bounds
        for corner in ((west, south), (east, north)):
            x, y = shown.at(corner)
            assert BOX[0] + 10 < x < BOX[2] - 10
            assert BOX[1] + 10 < y < BOX[3] - 10


def test_one_point_is_shown_with_its_surroundings_at_a_round_scale() -> None:
    shown = frame.fit([item.shape for item in items("site:arcelormittal-fos")], BOX)
    assert shown.scale == 75_000
    # 527 points are 186 mm: at 1:75,000 they show 13.9 km.
    assert shown.ground[2] - shown.ground[0] == pytest.approx(527 / 72 * 0.0254 * 75_000)


def test_a_kilometre_on_the_page_is_a_kilometre_by_the_scale() -> None:
    shown = frame.fit([item.shape for item in items("pole:martigues-fos")], BOX)
    (x0, y0), (x1, y1) = shown.at((850_000, 6_260_000)), shown.at((851_000, 6_260_000))
    assert y0 == y1
    assert (x1 - x0) / 72 * 25.4 == pytest.approx(1e6 / shown.scale)


@pytest.mark.parametrize("key", ["project:barmar-h2med", "project:geoh2-manosque", "pole:aix-marseille"])
def test_the_frame_never_leaves_what_the_tables_cover(key: str) -> None:
    west, south, east, north = frame.fit([item.shape for item in items(key)], BOX).ground
    known = frame._known()
    assert known[0] <= west < east <= known[2]
    assert known[1] <= south < north <= known[3]


def test_numbers_of_one_place_stand_apart_and_inside() -> None:
    space = placing.Space((0, 0, 200, 200))
    lines: list[tuple[placing.Point, placing.Point]] = []
    for _ in range(12):
        lines.append(((100, 100), space.number((100, 100), gap=6.5, radius=6.3, lines=lines)))
    discs = [disc for _, disc in lines]
    assert all(math.dist(a, b) >= 12.6 for i, a in enumerate(discs) for b in discs[:i])
    assert all(6.3 <= v <= 193.7 for disc in discs for v in disc)


def test_a_name_is_left_out_where_nothing_is_free() -> None:
    space = placing.Space((0, 0, 100, 100))
    space.take((0, 0, 100, 100))
    assert space.name([(10, 10, 30, 20)]) is None


def test_areas_of_circles_follow_the_tonnes() -> None:
    assert plate.radius_of(4e6) / plate.radius_of(1e6) == pytest.approx(2)
    assert plate.radius_of(None) == plate.radius_of(1.0)


def test_every_drawing_of_the_style_is_read() -> None:
    for family in (*INDUSTRY_FAMILIES, *PROJECT_FAMILIES):
        assert paths.steps(family.path)[0][0] == "M"


def test_an_arc_ends_where_it_should_and_keeps_its_radius() -> None:
    read = paths.steps("M0 5a5 5 0 0 1 10 0")
    assert read[-1][1][-2:] == pytest.approx((10, 5))
    # y is downwards: with the sweep flag the half circle goes over the top.
    assert read[1][1][-2:] == pytest.approx((5, 0))


def test_relative_and_absolute_commands_say_the_same() -> None:
    assert paths.steps("M1 1h2v2l1 1c1 0 1 1 2 2z") == paths.steps("M1 1H3V3L4 4C5 4 5 5 6 6Z")


def test_a_command_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="'M0 0Q1 1 2 2' has a command"):
        paths.steps("M0 0Q1 1 2 2")


def test_every_place_has_its_icon() -> None:
    assert {*PLACE_CLASSES, *ACCESS_CLASSES, "communes", "poles"} == set(symbols.ICONS)


def test_icons_are_those_of_the_script() -> None:
    script = JS.read_text(encoding="utf-8")
    for name, drawn in symbols.ICONS.items():
        (listed,) = re.findall(rf"^    {name}: \[(.*)\],$", script, re.MULTILINE)
        assert tuple(re.findall(r'"([^"]+)"', listed)) == drawn


@pytest.mark.parametrize(("value", "top"), [(100, 100), (101, 200), (6.45e6, 1e7), (2.2e6, 2.5e6), (0, 1)])
def test_an_axis_ends_on_a_round_number(value: float, top: float) -> None:
    assert chart.nice_top(value) == pytest.approx(top)


def test_the_metropolis_has_the_area_of_its_communes() -> None:
    assert shapely.area(frame.metropolis()) / 1e6 == pytest.approx(3150, rel=0.02)
