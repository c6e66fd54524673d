"""How long snapshots take: each format against the bare writes of the same rows, a bundle, and large shapes.

Run by hand: `python -m tests.benchmarks.snapshot [--times 100] [--features 5000 --vertices 10000]`. `--times` writes
the rows of all layers so many times over, each with a key of its own, so as to see how the ratios move with size.

The goal for a bundle is 1.5 times the bare writes, and it is not met: at the size of our layers (425 rows) it takes
about five times as long. Writing alone is as long as the bare writes, and reading all back and comparing it as long
again, so twice is the least for what is verified. The picture takes twice the bare writes, words, styles and metadata a
half, packing and sums a third. With a hundred times the rows, writing is 1.0, comparing 1.6, packing 1.0, words next to
nothing; but the picture, which draws every symbol, is 12.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame

from layers import snapshot
from layers.catalogue import catalogue
from layers.snapshot import bundle
from layers.snapshot.frames import key_of

DRIVERS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "geojson": "GeoJSON", "shp": "ESRI Shapefile", "kml": "LIBKML"}
ROUNDS = 5


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def many(found: dict[str, Any], times: int) -> dict[str, Any]:
    """Give all rows so many times, each with a key of its own; poles stay three, since their keys name colours."""
    made = {}
    for layer, frame in found.items():
        if layer == "poles":
            made[layer] = frame
            continue
        rows = pd.concat([frame] * times, ignore_index=True)
        if key := key_of(layer):
            rows[key] = rows[key] + [f"-{number}" for number in range(times) for _ in range(len(frame))]
        made[layer] = rows
    return made


def bare(found: dict[str, Any], folder: Path, format_id: str) -> None:
    """Write frames by pyogrio alone, as anybody would, the library's own settings included."""
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": None})
    for layer, frame in found.items():
        record = snapshot.FORMATS[format_id]
        path = folder / f"{'all' if record.several else layer}{record.ending}"
        # This format cannot index rows without a place.
        options = {"SPATIAL_INDEX": "NO"} if format_id == "fgb" else {}
        append = record.several and path.exists()
        pyogrio.write_dataframe(frame, path, driver=DRIVERS[format_id], layer=layer, append=append, **options)
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})


def compared(format_id: str, times: int, rounds: int) -> None:
    """Compare an export of all layers, read back and compared, with the bare writes; medians of a few rounds.

    A bundle is compared with the bare writes of its GeoPackage.
    """
    choice = snapshot.choose(layers=tuple(catalogue().layers), format=format_id)
    found = many(snapshot.kept(choice), times)
    of_bundle = format_id == snapshot.BUNDLE
    driver = "gpkg" if of_bundle else format_id
    ending = ".zip" if of_bundle else snapshot.FORMATS[format_id].file_ending(len(found))
    ours, theirs = [], []
    with ExitStack() as patched:
        if times > 1:
            # The rows that the data would hold; all that follows is the real work.
            for module in (sys.modules["layers.snapshot.export"], bundle):
                patched.enter_context(patch.object(module, "frames", lambda _: found))
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                theirs.append(timed(lambda where=Path(folder): bare(found, where, driver)))
                ours.append(timed(lambda out=Path(folder) / f"snap{ending}": snapshot.export(choice, out)))
    told(format_id, float(np.median(ours)), float(np.median(theirs)))


def large(features: int, vertices: int, format_id: str) -> None:
    """Write and verify many shapes of many vertices, and say how long it takes and how much memory."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * (100 + np.sin(angle * 37)[:, None])
    corners = [np.array([850_000 + 250 * (i % 70), 6_230_000 + 250 * (i // 70)]) for i in range(features)]
    shapes = [shapely.Polygon(ring + corner) for corner in corners]
    choice = snapshot.choose(layers=["industry"], format=format_id)
    names = {"id": [f"r{i:05d}" for i in range(features)]}
    rows = GeoDataFrame(names, geometry=shapes, crs=2154).to_crs(choice.crs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"large{snapshot.FORMATS[format_id].file_ending(1)}"
        writing = timed(lambda: snapshot.FORMATS[format_id].write({"industry": rows}, path, choice))
        faults: list[Any] = []
        reading = timed(lambda: faults.extend(snapshot.verify(path, {"industry": rows}, choice)))
        megabytes = path.stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(
        f"{format_id}: {features} × {vertices} vertices, {megabytes:.0f} MB: written in {writing:.1f} s, "
        f"compared in {reading:.1f} s, {len(faults)} faults, {memory:.1f} GB at most\n"
    )


def told(name: str, ours: float, theirs: float) -> None:
    """Print one line of the comparison."""
    sys.stdout.write(f"{name}: {ours:.2f} s, bare writes {theirs:.2f} s, ratio {ours / theirs:.2f}\n")


if __name__ == "__main__":
    # The bare writes are warned of what a shapefile loses; a snapshot says it in its report.
    warnings.simplefilter("ignore", RuntimeWarning)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, default=0)
    parser.add_argument("--vertices", type=int, default=10_000)
    parser.add_argument("--format", default="gpkg")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    if options.features:
        large(options.features, options.vertices, options.format)
    else:
        for name in (*DRIVERS, snapshot.BUNDLE):
            compared(name, options.times, options.rounds or (ROUNDS if options.times == 1 else 1))
