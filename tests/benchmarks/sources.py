"""How much memory national files of real size take, and how many rows a second are read.

Writes synthetic files as large as the real ones (EU ETS: 1.2 million yearly rows; IREP: 65,000 releases in each of five
years; ICPE: 9,000 establishments with their headings), serves them from this machine, and runs each connector in a
process of its own: seconds of fetch and of normalise, rows a second, and the most memory it ever held.

    .venv/bin/python tests/benchmarks/sources.py [georisques irep eutl]
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from layers import catalogue, rows
from layers.sources.connector import Territory
from layers.sources.http import Client
from layers.sources.registry import CONNECTORS
from tests.services.answers import eutl, georisques, irep
from tests.services.server import Answer, Asked, Services

MOST_MB = 500
SEED = 20261124
YEARS = range(2020, 2025)
LABELS = (
    "Méthane (CH4)",
    "Benzène",
    "Oxydes d'azote (NOx - NO + NO2) (en eq. NO2)",
    irep.TOTAL,
    irep.BIOMASS,
    irep.FOSSIL,
)


def territory() -> Territory:
    """Return the real territory and the real sites."""
    hand = catalogue.data_dir() / "hand"
    communes = catalogue.load("communes")[["code", "name", "pole", "geometry"]]
    kept = [rows.read(hand / f"{name}.csv") for name in ("industry", "stations", "emissions")]
    return Territory(communes, *kept)


def registry(sites: list[str]) -> tuple[bytes, bytes]:
    """Write both extracts: 57,000 installations of 31 registries, 21 years each; ours keep their numbers."""
    chance = random.Random(SEED)  # noqa: S311 (made-up rows)
    countries = ["FR", *(f"{a}{b}" for a in "ABCDE" for b in "XYZUVW")]
    numbers = [("FR", said) for said in sites]
    numbers += [(countries[n % len(countries)], str(300_000 + n)) for n in range(57_000)]
    operators, yearly = io.BytesIO(), io.BytesIO()
    with gzip.open(operators, "wt", 6) as out:
        out.write(f"{eutl.OPERATORS_HEAD}\n")
        for country, number in numbers:
            name = f"INSTALLATION {number} EXEMPLE"
            town = chance.choice([("LYON", "69001"), ("MARSEILLE 15", "13015"), ("LILLE", "59000"), ("ARLES", "13200")])
            out.write(f"{eutl.operator(int(number), name, *town, registry=country, first='2005')}\n")
    with gzip.open(yearly, "wt", 6) as out:
        out.write(
            f"{eutl.YEARLY_HEAD},ALLOCATION_RESERVE,ALLOCATION_TRANSITIONAL,SURRENDERED,BALANCE,COMPLIANCE_CODE\n"
        )
        for country, number in numbers:
            for year in range(2005, 2026):
                tonnes = -1 if chance.random() < 0.2 else chance.randrange(2_000_000)
                out.write(f"{country},{number},{year},{tonnes},{tonnes},0,0,{tonnes},0,A\n")
    return operators.getvalue(), yearly.getvalue()


def archive(year: int, numbers: list[str]) -> bytes:
    """Write the archive of a year: 12,000 establishments, 65,000 releases, 89 % of them below the threshold."""
    chance = random.Random(SEED + year)  # noqa: S311 (made-up rows)
    known = [f"00{number.replace('.', '')}" for number in numbers]
    known += [f"{n:010d}" for n in range(100_000, 112_000 - len(known))]
    places = []
    for n, number in enumerate(known):
        x, y = (
            (5 + chance.random() / 2, 43.3 + chance.random() / 4)
            if n < 300
            else (chance.random() * 7, 44 + chance.random() * 6)
        )
        insee = "13055" if n < 300 else "75056"
        places.append(irep.establishment(number, f"ETABLISSEMENT EXEMPLE {n}", insee, f"{x:.5f}", f"{y:.5f}"))
    releases = []
    for _ in range(65_000):
        said = "< seuil" if chance.random() < 0.89 else str(chance.randrange(10**9))
        releases.append(irep.release(chance.choice(known), year, chance.choice(LABELS), said))
    once = {tuple(line.split(";")[:5]): line for line in releases}
    return irep.archive(year, places=places, releases=[*once.values()])


def establishments(department: str, count: int, numbers: list[str]) -> list[dict[str, Any]]:
    """Write the establishments of a département, each with headings and inspections."""
    chance = random.Random(f"{SEED}{department}")  # noqa: S311 (made-up rows)
    known = [f"00{number.replace('.', '')}" for number in numbers] + [f"{department}{n:08d}" for n in range(count)]
    heading = georisques.ROWS["13"][0]["rubriques"][0]
    file = {
        "identifiantFichier": "a1b2c3d4",
        "nomFichier": "Rapport d'inspection",
        "urlFichier": "https://example.org/" + "x" * 60,
    }
    found = []
    for number in known[:count]:
        point = (4.7 + chance.random(), 43.2 + chance.random() * 0.6)
        words = [georisques.HIGH, georisques.LOW, georisques.NONE, None, None, None, None, None, None, None]
        one = georisques.row(number, f"ETABLISSEMENT EXEMPLE {number}", f"{department}055", point, chance.choice(words))
        one["rubriques"] = [heading | {"numeroRubrique": str(n)} for n in range(chance.randrange(2, 20))]
        one["inspections"] = [{"dateInspection": "2025-01-01", "fichierInspection": file}] * chance.randrange(6)
        found.append(one)
    return found


def serve(services: Services, where: Territory) -> None:
    """Answer with files of real size."""
    numbers = [said for said in where.sites["irep_id"] if said]
    accounts = [said.removeprefix("FR_") for ids in where.sites["ets_id"] for said in ids.split(";") if said]
    operators, yearly = registry(accounts)
    services.answer(eutl.OPERATORS, Answer(operators, kind=eutl.KIND))
    services.answer(eutl.YEARLY, Answer(yearly, kind=eutl.KIND))
    services.answer(irep.CATALOGUE, {"annuel": {str(y): {"lien": f"https://{irep.FILES}/{y}.zip"} for y in YEARS}})
    for year in YEARS:
        services.answer(f"{irep.FILES}/{year}.zip", Answer(archive(year, numbers), kind=irep.KIND))
    kept = {
        "13": establishments("13", 4000, numbers),
        "83": establishments("83", 2500, []),
        "84": establishments("84", 2500, []),
    }

    def pages(asked: Asked) -> dict[str, Any]:
        found, page, size = kept[asked.query["departement"]], int(asked.query["page"]), int(asked.query["page_size"])
        data = found[(page - 1) * size : page * size]
        return {"results": len(found), "page": page, "total_pages": ceil(len(found) / size), "data": data}

    services.answer(georisques.ADDRESS, pages)


def most_mb() -> float:
    """Return the most memory this process ever held.

    Not ru_maxrss, which counts what the process that started this one held at that moment.
    """
    (said,) = [line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM")]
    return int(said.split()[1]) / 1024


def measure(name: str) -> dict[str, float]:
    """Run one connector in this process and say what it took."""
    connector, where = CONNECTORS[name], territory()
    before = most_mb()
    with tempfile.TemporaryDirectory() as folder, Client(hosts=connector.hosts) as client:
        begun = time.perf_counter()
        fetched = connector.fetch(client, Path(folder), where, lambda *_: None)
        between = time.perf_counter()
        said = connector.normalise(Path(folder), fetched, where)
        ended = time.perf_counter()
    return {
        "rows": fetched.rows,
        "packed_mb": sum(one.bytes for one in fetched.received) / 1e6,
        "fetch_s": between - begun,
        "normalise_s": ended - between,
        "before_mb": before,
        "most_mb": most_mb(),
        "said": sum(len(frame) for frame in (*said.cells.values(), *said.rows.values())),
        "doubts": len(said.doubts),
    }


def measured(names: list[str]) -> Iterator[tuple[str, dict[str, float]]]:
    """Measure each connector in a process of its own against one server."""
    services = Services()
    try:
        serve(services, territory())
        env = os.environ | {"PROVENCE_MAP_SERVICES": services.url, "PROVENCE_MAP_PACE": "0"}
        for name in names:
            command = [sys.executable, __file__, "--measure", name]
            done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
            yield name, json.loads(done.stdout)
    finally:
        services.close()


def main() -> int:
    """Print what each connector takes; fail when one takes more memory than it may."""
    if sys.argv[1:2] == ["--measure"]:
        sys.stdout.write(json.dumps(measure(sys.argv[2])))
        return 0
    worst = 0.0
    for name, took in measured(sys.argv[1:] or ["georisques", "irep", "eutl"]):
        speed = {part: took["rows"] / took[f"{part}_s"] for part in ("fetch", "normalise")}
        sys.stdout.write(
            f"{name:12} {took['rows']:>9,.0f} rows {took['packed_mb']:6.1f} MB  fetch {took['fetch_s']:5.1f} s "
            f"({speed['fetch']:>9,.0f} rows/s)  normalise {took['normalise_s']:5.1f} s "
            f"({speed['normalise']:>9,.0f} rows/s)  "
            f"memory {took['most_mb']:.0f} MB, of which {took['before_mb']:.0f} MB before  "
            f"{took['said']:.0f} rows said, {took['doubts']:.0f} doubts\n"
        )
        worst = max(worst, took["most_mb"])
    return 0 if worst < MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
