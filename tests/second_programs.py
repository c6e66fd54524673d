"""Open every format of a snapshot, and /ogc, in programs that are not ours, and print what they say: run by hand.

`make second-programs ARGS='--pictures FOLDER'` keeps what QGIS drew. Debian: gdal-bin, libreoffice-calc, qgis and
python3-qgis; what is not on the machine is skipped, and the table says so. The exit status tells whether all agree.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
from PIL import Image, ImageChops

from layers import snapshot
from layers.snapshot.carry import carried, texts_of
from layers.snapshot.choice import choosable
from layers.snapshot.tables import flat, wkt_column
from layers.text import text

ROOT = Path(__file__).resolve().parents[1]
LOOK = Path(__file__).with_name("second_programs_qgis.py")
# Debian's QGIS speaks to Debian's Python.
SYSTEM_PYTHON = "/usr/bin/python3"
SIGNS = "éçœ–"
HOSTILE = "=cmd|' /C calc'!A0"
# For a sign that no row of the data holds.
MADE = "Cœur d’été – façade"
NONE = "none, told"
MOST_COLUMNS = 80
csv.field_size_limit(2**31 - 1)
log = logging.getLogger("second-programs")

Rows = dict[str, list[dict[str, str]]]


@dataclass
class Line:
    """One line of the table: what a program said of a format; `faults` are where it said otherwise than we."""

    format: str
    program: str
    opens: str = "yes"
    counts: str = ""
    system: str = ""
    accents: str = ""
    style: str = ""
    faults: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """Give the cells of the table."""
        return [self.format, self.program, self.opens, self.counts, self.system, self.accents, self.style]


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and give what it said, its errors apart."""
    env = {**os.environ, **environment}
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, env=env,
                          check=False)  # fmt: skip


def asked(format_id: str) -> snapshot.Choice:
    """Choose all layers, in French and in Lambert-93 where the format allows."""
    made: snapshot.Choice = snapshot.choose(
        layers=choosable(), area="everything", language="fr", crs=2154, format=format_id
    )
    return made


def written(format_id: str, folder: Path) -> Path:
    """Write all layers in a format; give the file, or the folder that its zip was unpacked to."""
    ending = ".zip" if format_id == snapshot.BUNDLE else snapshot.FORMATS[format_id].file_ending(len(choosable()))
    path = folder / f"all-{format_id}{ending}"
    snapshot.export(asked(format_id), path)
    if ending != ".zip":
        return path
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder / format_id)
    return folder / format_id


def carried_rows(format_id: str) -> dict[str, Any]:
    """Give the frames as a format can carry them."""
    return dict(carried(snapshot.kept(asked(format_id)), format_id).frames)


def wanted(frames: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Find for each sign a real cell that holds it: its layer and its text."""
    found: dict[str, tuple[str, str]] = {}
    for layer, frame in frames.items():
        for column in sorted(texts_of(frame), key=lambda name: name != "name"):
            for value in frame[column].dropna():
                for sign in set(SIGNS) & set(value) - set(found):
                    found[sign] = (layer, value)
    return found


def compared(line: Line, frames: dict[str, Any], read: Rows) -> None:
    """Compare the rows of each layer, and the cells with accents, with what another program read."""
    wrong = [f"{layer}: {len(read.get(layer, []))} for {len(frame)}" for layer, frame in frames.items()
             if len(read.get(layer, [])) != len(frame)]  # fmt: skip
    line.counts = "; ".join(wrong) or f"yes, {len(frames)} layers, {sum(map(len, frames.values()))} rows"
    line.faults += wrong
    cells = wanted(frames)
    lost = [sign for sign, (layer, value) in cells.items() if not any(value in row.values() for row in read[layer])]
    line.accents = f"lost: {' '.join(lost)}" if lost else " ".join(sign for sign in SIGNS if sign in cells)
    line.faults += [f"the sign {sign} did not come back" for sign in lost]
    absent = " ".join(sign for sign in SIGNS if sign not in cells)
    if absent:
        line.accents += f"; no row holds {absent}"


def made(format_id: str, folder: Path, name: str, *, stem: str) -> Path:
    """Write one site with a name of our own in a format; one layer, so a file and no zip of several."""
    choice = snapshot.choose(layers=("industry",), format=format_id)
    frame = snapshot.frames(choice)["industry"].head(1)
    frame["name"] = name
    record = snapshot.FORMATS[format_id]
    path = folder / f"{stem}-industry{record.file_ending(1)}"
    record.write({"industry": frame}, path, choice)
    return path


def made_comes_back(line: Line, cells: list[str]) -> None:
    """Tell whether the name of the made row is among what was read."""
    came = MADE in cells
    line.accents = line.accents.partition(";")[0] + ("; œ in a made row" if came else "; œ lost in a made row")
    line.faults += [] if came else [f"{MADE!r} did not come back"]


def gdal_version() -> str:
    """Name the build of GDAL whose programs are on the PATH."""
    return f"ogrinfo, {run('ogrinfo', '--version').stdout.partition(',')[0]}"


def gdal_rows(source: str | Path, layer: str, *options: str) -> list[dict[str, str]]:
    """Read a layer by Debian's ogr2ogr, every cell as text."""
    done = run("ogr2ogr", "-q", "-f", "CSV", "/vsistdout/", source, layer, *options)
    if done.returncode:
        raise ValueError(f"{source} {layer}: {done.stderr.strip()}")
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


def gdal_layer(path: Path) -> str:
    """Give the name that GDAL gives the only layer of a file."""
    return run("ogrinfo", "-ro", "-q", path).stdout.partition(": ")[2].split(" (")[0].strip()


def gdal_system(source: str | Path, layer: str) -> str:
    """Give the system of a layer as Debian's ogrinfo says it."""
    said = run("ogrinfo", "-ro", "-so", source, layer).stdout
    codes = re.findall(r'ID\["EPSG",(\d+)\]\]\s*\nData axis', said)
    if codes:
        return f"EPSG:{codes[-1]}"
    named = re.search(r'(?:PROJCRS|GEOGCRS)\["([^"]+)"', said)
    return named[1] if named else "none"


def by_gdal(format_id: str, path: Path, line: Line) -> None:
    """Read a format by ogrinfo and ogr2ogr."""
    frames = carried_rows(format_id)
    ending = snapshot.FORMATS[format_id].ending

    def source(layer: str) -> Path:
        if path.is_file():
            return path
        # A table without shapes is a .dbf alone.
        return next(file for end in (ending, ".dbf") if (file := path / f"{layer}{end}").is_file())

    read = {layer: gdal_rows(source(layer), layer) for layer in frames}
    compared(line, frames, read)
    drawn = [layer for layer in frames if layer != snapshot.choice.EMISSIONS]
    said = {gdal_system(source(layer), layer) for layer in drawn}
    line.system = ", ".join(sorted(said))
    expected = f"EPSG:{asked(format_id).crs}"
    if said != {expected}:
        line.faults.append(f"the system is {line.system}, not {expected}")
    line.style = "in layer_styles, which this program does not draw" if format_id == "gpkg" else NONE
    one = made(format_id, path.parent, MADE, stem="made")
    # GDAL reads a shapefile within its zip.
    name = "industry" if one.suffix != ".geojson" else gdal_layer(one)
    inside = f"/vsizip/{one}" if one.suffix == ".zip" else one
    made_comes_back(line, [cell for row in gdal_rows(inside, name) for cell in row.values()])
    if format_id == "shp":
        letters = {(path / f"{layer}.cpg").read_text() for layer in frames}
        esri = all((path / f"{layer}.prj").read_text().startswith('PROJCS["RGF_1993_Lambert_93"') for layer in drawn)
        line.accents += f" (.cpg {', '.join(letters)})"
        line.system += " (.prj in ESRI’s WKT)" if esri else ""
        line.faults += [] if esri else [".prj is not ESRI’s"]


def drawing_by_gdal(format_id: str, path: Path, line: Line) -> None:
    """Read a drawing, which has layers and shapes, nothing else."""
    frames = carried_rows(format_id)
    found = Counter(row["Layer"] for row in gdal_rows(path, "entities"))
    wrong = [f"{layer}: {found[layer]} for {len(frame)}" for layer, frame in frames.items()
             if found[layer] != len(frame)]  # fmt: skip
    line.counts = "; ".join(wrong) or f"yes, {len(frames)} layers, {sum(found.values())} shapes"
    line.faults += wrong
    line.system, line.accents, line.style = NONE, f"no attributes: {NONE}", NONE


def by_arrow(format_id: str, path: Path, line: Line) -> None:
    """Read GeoParquet by pyarrow alone: Debian's GDAL, and so its QGIS, has no driver for it."""
    read: Rows = {}
    codes = set()
    for file in sorted(path.glob("*.parquet")):
        table = pyarrow.parquet.read_table(file)
        head = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
        if head:
            codes.add(str(head["columns"][head["primary_column"]]["crs"]["id"]["code"]))
        names = [name for name in table.column_names if name != "geometry"]
        read[file.stem] = [{k: str(v) for k, v in row.items()} for row in table.select(names).to_pylist()]
    compared(line, carried_rows(format_id), read)
    line.system, line.style = ", ".join(f"EPSG:{code}" for code in sorted(codes)), NONE
    one = pyarrow.parquet.read_table(made(format_id, path.parent, MADE, stem="made"))
    made_comes_back(line, one.column("name").to_pylist())
    if codes != {"2154"}:
        line.faults.append(f"the system is {line.system}")


def office() -> Path | None:
    """Find LibreOffice with its Calc."""
    found = shutil.which("soffice")
    if found is None or not any(Path(found).resolve().parent.glob("libsc*lo.so")):
        return None
    return Path(found)


def office_version() -> str:
    """Name the LibreOffice on the PATH."""
    return " ".join(run("soffice", "--version").stdout.split()[:2])


def office_rows(files: list[Path], folder: Path) -> dict[str, list[list[str]]]:
    """Let LibreOffice open spreadsheets and write each sheet as CSV, formulas as their text."""
    out = folder / "office-out"
    shutil.rmtree(out, ignore_errors=True)
    plain = "Text - txt - csv (StarCalc)"
    # Comma, quotes, UTF-8, from line 1, each column as text: else a code such as 04001 would lose its zero.
    columns = "/".join(f"{number}/2" for number in range(1, MOST_COLUMNS + 1))
    reading = f"--infilter={plain}:44,34,76,1,{columns},1033,true,false"
    writing = f"csv:{plain}:44,34,76,1,,1033,false,false,true,false,false,-1"
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    spreadsheet = [] if files[0].suffix == ".xlsx" else [reading]
    done = run("soffice", profile, "--headless", *spreadsheet, "--convert-to", writing, "--outdir", out, *files)
    if not out.is_dir():
        raise ValueError(f"LibreOffice wrote nothing: {done.stderr.strip()}")
    return {file.stem.rpartition("-")[2]: list(csv.reader(file.open(encoding="utf-8-sig", newline="")))
            for file in out.glob("*.csv")}  # fmt: skip


def same_cell(ours: Any, theirs: str) -> bool:
    """Tell whether a cell came back: numbers as numbers, yes and no in any case, text letter for letter."""
    if ours is None:
        return theirs == ""
    if isinstance(ours, bool):
        return theirs.lower() == str(ours).lower()
    if isinstance(ours, int | float):
        try:
            return abs(float(theirs) - ours) <= 1e-9 * max(1.0, abs(ours))
        except ValueError:
            return False
    return theirs.removeprefix("'") == ours.removeprefix("'")


def by_office(format_id: str, path: Path, line: Line) -> None:
    """Open tables in LibreOffice and compare them cell by cell; a text that looks like a formula stays text."""
    folder = path.parent
    frames = carried_rows(format_id)
    files = [path] if path.is_file() else sorted(path.glob("*.csv"))
    sheets = office_rows(files, folder)
    read: Rows = {}
    cells = 0
    for layer, frame in frames.items():
        found = sheets.get(layer) or [[]]
        heads, rows = flat(frame, epsg=2154)
        read[layer] = [dict(zip(found[0], row, strict=False)) for row in found[1:]]
        differ = [heads[at] for ours, theirs in zip(rows, found[1:], strict=False)
                  for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if not same_cell(a, b)]  # fmt: skip
        cells += sum(map(len, rows))
        if found[0] != heads:
            line.faults.append(f"{layer}: the heads differ")
        line.faults += [f"{layer}.{name}: {n} cells differ" for name, n in Counter(differ).items()]
    compared(line, frames, read)
    line.counts += f"; {cells} cells equal" if not line.faults else f"; {'; '.join(line.faults)}"
    line.system = f"in the head `{wkt_column(2154)}`"
    line.opens = "yes, its columns imported as text" if format_id == "csv" else line.opens
    line.style = f"none; {hostile_by_office(format_id, folder, line)}"


def hostile_by_office(format_id: str, folder: Path, line: Line) -> str:
    """Write a text that looks like a formula, open it in LibreOffice, and see that it stays text."""

    def name_of(path: Path) -> str:
        heads, row = office_rows([path], folder)["industry"][:2]
        return dict(zip(heads, row, strict=True))["name"]

    made_comes_back(line, [name_of(made(format_id, folder, MADE, stem="made"))])
    cell = name_of(made(format_id, folder, HOSTILE, stem="hostile"))
    if cell.removeprefix("'") == HOSTILE:
        return f"`{HOSTILE.replace('|', chr(92) + '|')}` stays text"
    line.faults.append(f"{HOSTILE!r} became {cell!r}")
    return line.faults[-1]


def has_qgis() -> bool:
    """Tell whether Debian's QGIS and its Python are there."""
    return Path(SYSTEM_PYTHON).is_file() and run(SYSTEM_PYTHON, "-c", "import qgis.core").returncode == 0


def qgis(folder: Path, *arguments: str | Path) -> dict[str, Any]:
    """Let QGIS open something and draw it; give what it says."""
    said = folder / "qgis.json"
    said.unlink(missing_ok=True)
    done = run(SYSTEM_PYTHON, LOOK, said, *arguments, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(folder))
    if not said.is_file():
        raise ValueError(f"QGIS said nothing: {done.stderr.strip()[-400:]}")
    found: dict[str, Any] = json.loads(said.read_text(encoding="utf-8"))
    return found


def by_qgis(format_id: str, path: Path, line: Line) -> None:
    """Open the GeoPackage alone, or the project of the bundle, in QGIS: names, groups, rows, system, picture."""
    pictures = path.parent / "pictures"
    pictures.mkdir(exist_ok=True)
    picture = pictures / f"{format_id}.png"
    said = qgis(path.parent, "project" if format_id == snapshot.BUNDLE else "geopackage", path, picture)
    line.program = f"QGIS {said['version']}"
    frames = snapshot.kept(asked(format_id))
    read = {layer["table"]: layer["rows"] for layer in said["layers"]}
    compared(line, frames, read)
    line.faults += [f"{layer['table']} is not valid" for layer in said["layers"] if not layer["valid"]]
    systems = {layer["system"] for layer in said["layers"] if layer["system"]}
    line.system = ", ".join(sorted(systems))
    if systems != {"EPSG:2154"}:
        line.faults.append(f"the system is {line.system}")
    plain = [layer["table"] for layer in said["layers"] if layer["system"] and layer["renderer"] == "singleSymbol"]
    line.faults += [f"{name} has QGIS’s own style" for name in plain]
    if format_id == snapshot.BUNDLE:
        groups = {layer["group"] for layer in said["layers"]}
        line.style = f"drawn; {len(groups)} groups: {', '.join(sorted(groups))}"
        if text("group.industry", "fr") not in groups:
            line.faults.append("the groups are not named in French")
    else:
        line.style = "drawn from layer_styles"


def same_pictures(folder: Path, lines: list[Line]) -> None:
    """Compare what QGIS drew of the GeoPackage alone and of the project: its default styles are those of the map."""
    files = [folder / "pictures" / f"{name}.png" for name in ("gpkg", snapshot.BUNDLE)]
    if not all(file.is_file() for file in files):
        return
    one, other = (Image.open(file).convert("RGB") for file in files)
    differ = ImageChops.difference(one, other).getbbox()
    for line in lines:
        if line.program.startswith("QGIS"):
            line.style += "; both pictures are the same" if differ is None else f"; the pictures differ in {differ}"
            line.faults += [] if differ is None else ["the GeoPackage alone is drawn otherwise than the project"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the map on a free port of this machine, through its command line."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (folder / "server.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboards", "serve", "--no-open", "--port", str(port)], cwd=ROOT, stdout=said,
            stderr=said,
        )  # fmt: skip
        address = f"http://localhost:{port}/ogc"
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def by_oapif(folder: Path, line: Line) -> None:
    """Read every collection of /ogc page by page by GDAL's driver for it."""
    choice = snapshot.choose(layers=[name for name in choosable() if name != snapshot.choice.EMISSIONS],
                             area="everything", language="en", crs=4326)  # fmt: skip
    frames = snapshot.kept(choice)
    with served(folder) as address:
        source = f"OAPIF:{address}"
        read = {layer: gdal_rows(source, layer, "-oo", "PAGE_SIZE=25") for layer in frames}
        line.system = ", ".join(sorted({gdal_system(source, layer) for layer in frames}))
    compared(line, frames, read)
    line.faults += [] if line.system == "EPSG:4326" else [f"the system is {line.system}"]
    line.style = NONE


CHECKS: tuple[tuple[str, str, Callable[[str, Path, Line], None]], ...] = (
    ("gpkg", "gdal", by_gdal), ("gpkg", "qgis", by_qgis), ("parquet", "arrow", by_arrow), ("fgb", "gdal", by_gdal),
    ("geojson", "gdal", by_gdal), ("shp", "gdal", by_gdal), ("kml", "gdal", by_gdal), ("dxf", "gdal", drawing_by_gdal),
    ("csv", "office", by_office), ("xlsx", "office", by_office), (snapshot.BUNDLE, "qgis", by_qgis),
)  # fmt: skip


def programs() -> dict[str, tuple[str, str]]:
    """Give each second program its name, and why it is skipped where it is not there."""
    gdal = shutil.which("ogrinfo") and shutil.which("ogr2ogr")
    return {
        "gdal": (gdal_version(), "") if gdal else ("ogrinfo", "not on this machine (Debian: gdal-bin)"),
        "office": (office_version(), "") if office() else ("LibreOffice", "not here (Debian: libreoffice-calc)"),
        "qgis": ("QGIS", "" if has_qgis() else "not on this machine (Debian: qgis, python3-qgis)"),
        "arrow": (f"pyarrow {pyarrow.__version__} (Debian’s GDAL and QGIS have no driver)", ""),
    }


def lines(folder: Path) -> list[Line]:
    """Write each format and have it opened; what fails is a fault of its line, never the end of the table."""
    known = programs()
    made: list[Line] = []
    places: dict[str, Path] = {}
    for format_id, program, check in CHECKS:
        name, missing = known[program]
        title = "bundle" if format_id == snapshot.BUNDLE else snapshot.FORMATS[format_id].title
        line = Line(title, name)
        made.append(line)
        log.info("%s in %s", title, name)
        if missing:
            line.opens = f"skipped: {missing}"
            continue
        if format_id not in places:
            places[format_id] = written(format_id, folder)
        try:
            check(format_id, places[format_id], line)
        except (ValueError, KeyError, StopIteration) as error:
            line.opens = "no"
            line.faults.append(str(error))
    same_pictures(folder, made)
    line = Line("/ogc", f"{known['gdal'][0]}, OAPIF")
    if known["gdal"][1]:
        line.opens = f"skipped: {known['gdal'][1]}"
    else:
        by_oapif(folder, line)
    return [*made, line]


def main() -> int:
    """Print the table, then each fault; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="folder for what QGIS drew")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as name:
        found = lines(Path(name))
        if options.pictures and (Path(name) / "pictures").is_dir():
            shutil.copytree(Path(name) / "pictures", options.pictures, dirs_exist_ok=True)
    heads = ["Format", "Second program", "Opens", "Count per layer equal", "CRS it says", "Accents", "Style"]
    table = [heads, ["---"] * len(heads), *(line.cells() for line in found)]
    print("\n".join(f"| {' | '.join(row)} |" for row in table))  # noqa: T201
    faults = [f"{line.format}, {line.program}: {fault}" for line in found for fault in line.faults]
    for fault in faults:
        log.error("%s", fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
