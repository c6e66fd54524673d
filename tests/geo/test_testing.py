"""The comparison of geometry says what differs."""

from __future__ import annotations

import pytest

from geo import crs
from geo.testing import assert_same_geometry, points, squares


def test_the_same_shapes_in_another_vertex_order_are_the_same() -> None:
    tiles = squares()
    assert_same_geometry(tiles, tiles.set_geometry(tiles.geometry.reverse()))


def test_each_difference_is_told() -> None:
    here = points((5, 43), (6, 43))
    with pytest.raises(AssertionError, match="geometry differs in rows 1"):
        assert_same_geometry(here, points((5, 43), (6, 43.1)))
    with pytest.raises(AssertionError, match="2 rows and 1 rows"):
        assert_same_geometry(here, here.iloc[:1])
    with pytest.raises(AssertionError, match="coordinate systems differ"):
        assert_same_geometry(here, here.to_crs(crs.LAMBERT93))
