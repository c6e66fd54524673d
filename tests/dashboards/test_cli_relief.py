"""The command of the relief: how to get terrain where there is none, and a GeoTIFF taken up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from geo import raster
from layers.text import text
from tests import hills


def test_without_terrain_it_says_how_to_get_it_and_a_map_with_relief_is_refused(
    command: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    told = command("relief")
    assert (told.returncode, told.stdout) == (0, f"{text('relief.not_here', 'en')}\n")
    refused = command("map", "--relief", "--lang", "fr", "--out", str(tmp_path / "map.html"))
    assert refused.returncode == 2
    # One line, with the spaces that French has before a colon.
    assert refused.stderr == f"provence-map: {text('relief.not_here', 'fr')}\n"
    assert not (tmp_path / "map.html").exists()


def test_a_geotiff_is_taken_up_and_told_with_the_words_given(
    command: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    file, live = tmp_path / "table.tif", tmp_path / "live"
    table = hills.marked()
    values = table.values.copy()
    # One height alone would be refused as no terrain.
    values[:200, :200] += 1
    raster.write_cog(table.with_values(values, nodata=hills.NODATA), file)
    done = command("relief", "--from", str(file), "--source", "An example", "--vintage", "1999", "--out", str(live))
    assert done.returncode == 0, done.stderr
    assert "heights from 500 to 501 m" in done.stderr
    told = command("relief", PROVENCE_MAP_LIVE=str(live))
    assert told.stdout == "Terrain of the file table.tif, An example, 1999\n"
