"""Write every raster the project writes and open each in programs that are not ours: run by hand, `make rasters`.

`rio info`, Debian's gdalinfo (gdal-bin) and the validator of rio-cogeo say what they see; the table says what that is,
and whether the statistics of each band are those of ours. ARGS='--keep FOLDER' keeps the files, `--terrain FILE` names
the terrain that is given (a sample of 90 m, else made up). The exit status tells whether all is well.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from pandas import DataFrame
from rio_cogeo.cogeo import cog_validate

from geo import raster
from layers import catalogue, editions, siting
from layers.relief import given
from layers.relief.terrain import FILE, FOLDER
from layers.siting import export
from layers.sources import copernicus_dem as dem
from layers.sources.connector import Territory
from layers.sources.http import Client
from tests import hills
from tests.services.answers import copernicus_dem as answers
from tests.services.server import Services

SAMPLE = Path("/work/shared/samples/dem_srtm3_90m.tif")
HEADS = ("Raster", "MB", "gdalinfo", "rio info", "CRS", "Cells", "Bands, all named", "Nodata", "Overviews", "COG",
         "Statistics equal")  # fmt: skip
# Programs write numbers with so many digits; of means they add up in another order.
CLOSE = 1e-5
log = logging.getLogger("rasters")


@dataclass
class Line:
    """What is said of one raster; `faults` are where a program says otherwise than we, or cannot open it."""

    path: Path
    said: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """Return the line of the table."""
        size = f"{self.path.stat().st_size / 1e6:.2f}"
        return [self.path.name, size, *(self.said.get(head, "no") for head in HEADS[2:])]

    def hold(self, head: str, good: bool, said: str) -> None:
        """Note what is said under a head, and a fault where it is not as it should be."""
        self.said[head] = said if good else f"no: {said}"
        if not good:
            self.faults.append(f"{head}: {said}")


def written(folder: Path, terrain: Path | None) -> Iterator[Path]:
    """Write every raster: terrain of the service (a stand-in) and given; siting of each profile, without and with."""
    place = Territory(catalogue.load("communes"), DataFrame(), DataFrame())
    fetched = folder / "fetched"
    fetched.mkdir()
    with serving(), Client() as client:
        found = dem.normalise(fetched, dem.fetch(client, fetched, place, lambda *_: None), place)
    yield shutil.copy(found.rasters[dem.RASTER], folder / "elevation-copernicus.tif")
    if terrain is None:
        terrain = folder / "made-up.tif"
        raster.write_cog(hills.marked(), terrain, names=["elevation, metres"])
    edition = given.give(terrain, live=folder / "live", base=editions.base_dir())
    yield shutil.copy(edition / FOLDER / FILE, folder / "elevation-given.tif")
    yield from _surfaces(folder, "")
    # The sample covers too little of the metropolis to take part in siting.
    whole = given.give(folder / "elevation-copernicus.tif", live=folder / "live", base=editions.base_dir())
    with editions.using(whole):
        yield from _surfaces(folder, "-terrain")


def _surfaces(folder: Path, ending: str) -> Iterator[Path]:
    made = siting.at()
    for one in made.recipe.profiles.values():
        path = folder / f"siting-{one.id}{ending}.tif"
        export.write(made, path, weights=one.weights, exclusions=one.exclusions, profile=one.id)
        yield path


@contextmanager
def serving() -> Iterator[None]:
    """Stand in for the service of the terrain."""
    services = Services()
    answers.add(services)
    os.environ |= {"PROVENCE_MAP_SERVICES": services.url, "PROVENCE_MAP_PACE": "0"}
    try:
        yield
    finally:
        services.close()
        del os.environ["PROVENCE_MAP_SERVICES"], os.environ["PROVENCE_MAP_PACE"]


def looked_at(path: Path) -> Line:
    """Open a raster in each program."""
    line = Line(path)
    with rasterio.open(path) as file:
        system, names, nodata = str(file.crs), file.descriptions, file.nodata
        shape = (file.height, file.width)
        known = [file.read(band, masked=True).compressed().astype(np.float64) for band in file.indexes]
    ours = [(values.min(), values.max(), values.mean()) if values.size else None for values in known]
    valid, errors, warnings = cog_validate(path, strict=True, quiet=True)
    line.hold("COG", valid and not warnings, "; ".join([*errors, *warnings]) or "valid")
    line.hold("Bands, all named", all(names), f"{len(names)}")
    _gdalinfo(line, system, shape, nodata, ours)
    _rio(line, system, shape, nodata, ours)
    return line


def _gdalinfo(line: Line, system: str, shape: tuple[int, int], nodata: float | None, ours: list[Any]) -> None:
    said = json.loads(_run(["gdalinfo", "-json", "-stats", str(line.path)], line, "gdalinfo") or "{}")
    if not said:
        return
    code = said["stac"]["proj:epsg"] if "stac" in said else None
    line.hold("CRS", f"EPSG:{code}" == system, system if f"EPSG:{code}" == system else f"EPSG:{code}, ours {system}")
    line.hold("Cells", tuple(said["size"][::-1]) == shape, " × ".join(map(str, said["size"])))
    bands = said["bands"]
    line.hold("Nodata", all(band.get("noDataValue") == nodata for band in bands), f"{nodata:g}")
    counts = {len(band.get("overviews", [])) for band in bands}
    small = max(shape) <= raster.writing.BLOCK
    line.hold("Overviews", len(counts) == 1 and (small or min(counts) > 0), ", ".join(map(str, sorted(counts))))
    wrong = [
        f"band {number}: {theirs} in gdalinfo, {own} of ours"
        for number, (band, own) in enumerate(zip(bands, ours, strict=True), start=1)
        if not _close(theirs := _statistics(band), own)
    ]
    line.hold("Statistics equal", not wrong, "; ".join(wrong) or f"{len(bands)} of {len(bands)}")


def _statistics(band: dict[str, Any]) -> list[float]:
    """Return the smallest, the largest and the mean; what gdalinfo says beside is rounded to three decimals."""
    said = band["metadata"][""]
    return [
        float(said[f"STATISTICS_{name}"]) for name in ("MINIMUM", "MAXIMUM", "MEAN") if f"STATISTICS_{name}" in said
    ]


def _rio(line: Line, system: str, shape: tuple[int, int], nodata: float | None, ours: list[Any]) -> None:
    said = json.loads(_run([_beside("rio"), "info", str(line.path)], line, "rio info") or "{}")
    if not said:
        return
    same = (said["crs"], tuple(said["shape"]), said["nodata"]) == (system, shape, nodata)
    line.hold("rio info", same, "opens" if same else f"{said['crs']} {said['shape']} {said['nodata']}")
    for band, own in enumerate(ours, start=1):
        words = _run([_beside("rio"), "info", "--stats", "--bidx", str(band), str(line.path)], line, "rio info")
        if not _close([float(word) for word in words.split()[:3]], own):
            line.hold("Statistics equal", False, f"band {band}: {words.strip()} in rio info, {own} of ours")


def _close(theirs: Any, own: Any) -> bool:
    if own is None:
        return all(one is None for one in theirs)
    return all(
        one is not None and math.isclose(one, two, rel_tol=CLOSE, abs_tol=CLOSE)
        for one, two in zip(theirs, own, strict=True)
    )


def _beside(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def _run(command: list[str], line: Line, head: str) -> str:
    """Return what a program says; a fault where it fails, and nothing."""
    if shutil.which(command[0]) is None:
        line.said[head] = "skipped: not on this machine"
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    line.hold(head, done.returncode == 0, "opens" if done.returncode == 0 else done.stderr.strip()[:200])
    return done.stdout if done.returncode == 0 else ""


def main() -> int:
    """Print the table, then each fault; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="folder to keep the files in")
    parser.add_argument("--terrain", type=Path, default=SAMPLE if SAMPLE.is_file() else None, help="terrain to give")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with tempfile.TemporaryDirectory() as name:
        lines = [looked_at(Path(path)) for path in written(Path(name), options.terrain)]
        rows = [list(HEADS), ["---"] * len(HEADS), *(line.cells() for line in lines)]
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for line in lines:
                shutil.copy(line.path, options.keep)
    print("\n".join(f"| {' | '.join(row)} |" for row in rows))  # noqa: T201
    faults = [f"{line.path.name}: {fault}" for line in lines for fault in line.faults]
    for fault in faults:
        log.error("%s", fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
