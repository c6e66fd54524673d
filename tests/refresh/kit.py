"""Three small connectors on the real client, a copy of the data to refresh, and a way to run the command with them.

`python -m tests.refresh.kit refresh …` is the command line with these connectors in place of the real ones.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from layers.refresh.run import Order, refresh
from layers.sources import AnswerError
from layers.sources.connector import Connector, Contribution, Doubt, Fetched, Territory, Told

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
OFFICIAL = """
[official.{id}]
publisher = "{title}, made up"
title = "{title}"
licence = "Licence Ouverte 2.0"
licence_url = "https://example.org/licence"
attribution = "{title}"
url = "https://example.org/{id}"
title_fr = "{title} (fr)"
attribution_fr = "{title} (fr)"
"""
SOURCES = {"kit-registry": "Registry", "kit-sites": "Installations", "kit-people": "Populations"}


def data_copy(into: Path) -> Path:
    """Copy what an edition is made from, with the official sources of the kit declared."""
    for name in ("hand", "extracts", "stories", "tables"):
        shutil.copytree(DATA / name, into / name)
    text = (DATA / "catalogue.toml").read_text(encoding="utf-8")
    text += "".join(OFFICIAL.format(id=key, title=title) for key, title in SOURCES.items())
    (into / "catalogue.toml").write_text(text, encoding="utf-8")
    return into


def _fetch(host: str) -> Callable[..., Fetched]:
    def fetch(client: Any, folder: Path, _: Territory, told: Told) -> Fetched:
        told(host, 0, 1)
        one = client.get(f"https://{host}/rows", folder / "rows.json")
        rows = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        told(host, 1, 1)
        return Fetched((one,), len(rows["rows"]), rows.get("vintage", ""))

    return fetch


def _rows(folder: Path, *fields: str) -> pd.DataFrame:
    said = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame(said["rows"], dtype="str")
    missing = [name for name in fields if name not in frame]
    if missing:
        raise AnswerError(f"{folder.name} has no field {', '.join(missing)}")
    return frame[list(fields)]


def _vintage(source: str, fetched: Fetched) -> dict[str, Any]:
    return {source: {"en": fetched.vintage or "-", "fr": fetched.vintage or "-"}}


def _registry(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    frame = _rows(folder, "site_id", "year", "co2_t").assign(source="eutl")
    known = frame["site_id"].isin(territory.sites["id"])
    doubts = tuple(
        Doubt(
            "emissions", "", row.site_id, {"en": "no site has this account", "fr": "aucun site n’a ce compte"}, 1234.5
        )
        for row in frame[~known].itertuples()
    )
    return Contribution(rows={"emissions": frame[known]}, doubts=doubts, vintages=_vintage("kit-registry", fetched))


def _sites(folder: Path, fetched: Fetched, _: Territory) -> Contribution:
    frame = _rows(folder, "id", "seveso", "name", "lon", "lat")
    note = {"en": "One row came twice.", "fr": "Une ligne est venue deux fois."}
    return Contribution(cells={"industry": frame}, notes=(note,), vintages=_vintage("kit-sites", fetched))


def _people(folder: Path, fetched: Fetched, _: Territory) -> Contribution:
    frame = _rows(folder, "code", "population")
    return Contribution(cells={"metropolis": frame}, vintages=_vintage("kit-people", fetched))


def _connector(name: str, table: str, source: str, host: str, normalise: Any) -> Connector:
    return Connector(name, (table,), (source,), {host: 0.0}, _fetch(host), normalise)


PEOPLE, SITES, REGISTRY = "people.example", "sites.example", "registry.example"
# Called as the real ones, whose word counts in the catalogue.
CONNECTORS = {
    one.id: one
    for one in (
        _connector("geo_api", "metropolis", "kit-people", PEOPLE, _people),
        _connector("georisques", "industry", "kit-sites", SITES, _sites),
        _connector("eutl", "emissions", "kit-registry", REGISTRY, _registry),
    )
}


def answers(step: int = 1) -> dict[str, dict[str, Any]]:
    """Give what the three services say; each step says a little more of everything."""
    towns = pd.read_csv(DATA / "extracts" / "metropolis.csv", dtype=str)
    people = [{"code": c, "population": int(p) + step} for c, p in zip(towns["code"], towns["population"], strict=True)]
    kept = pd.read_csv(DATA / "hand" / "emissions.csv", dtype=str)
    newest = kept[kept["year"] == "2022"]
    verified = [
        {"site_id": row.site_id, "year": year, "co2_t": int(row.co2_t) + step}
        for row in newest.itertuples()
        for year in (2022, 2023)
    ]
    sites = [
        {"id": "arcelormittal-fos", "seveso": "upper", "name": "ARCELORMITTAL MEDITERRANEE", "lon": "", "lat": ""},
        {"id": "nobody-knows-this", "seveso": "lower", "name": "X", "lon": "", "lat": ""},
    ]
    return {
        PEOPLE: {"rows": people, "vintage": f"step {step}"},
        SITES: {"rows": sites, "vintage": f"step {step}"},
        REGISTRY: {"rows": verified, "vintage": f"step {step}"},
    }


def serve(services: Any, step: int = 1) -> None:
    """Let a local server answer as the three services do."""
    for host, said in answers(step).items():
        services.answer(f"{host}/rows", said)


def once(base: Path, live: Path, services: str) -> None:
    """Refresh in a process of its own, against a local server."""
    os.environ.update({"PROVENCE_MAP_SERVICES": services, "PROVENCE_MAP_PACE": "0"})
    refresh(Order(), CONNECTORS, live=live, base=base)


def main() -> int:
    """Run the command line with the connectors of the kit."""
    from dashboards import cli
    from layers.sources import registry

    registry.CONNECTORS.clear()
    registry.CONNECTORS.update(CONNECTORS)
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
