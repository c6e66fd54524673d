"""The list of connectors: what each says about itself can be relied on by the refresh and the check."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd

from layers.sources.geo_api import AROUND
from layers.sources.registry import CONNECTORS
from layers.view import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]


def test_each_connector_names_declared_sources_and_the_hosts_it_asks() -> None:
    declared = tomllib.loads((ROOT / "data/catalogue.toml").read_text(encoding="utf-8"))["official"]
    wrong = []
    for name, connector in CONNECTORS.items():
        wrong += [f"{name} is called {connector.id}"] if name != connector.id else []
        wrong += [f"{name}: no [official.{source}]" for source in connector.sources if source not in declared]
        wrong += [f"{name}: {host} at once" for host, least in connector.hosts.items() if least <= 0]
        for smoke in connector.smoke:
            address = urlsplit(smoke.url)
            wrong += [f"{name}: {smoke.url} is no https"] if address.scheme != "https" else []
            wrong += [f"{name}: no pace for {address.netloc}"] if address.netloc not in connector.hosts else []
            wrong += [f"{name}: {smoke.url} expects nothing"] if set(smoke.expects) != set(LANGUAGES) else []
        wrong += [f"{name}: no smoke"] if not connector.smoke else []
    assert not wrong, "\n".join(wrong)


def test_the_departments_asked_are_those_the_map_can_show() -> None:
    kept = gpd.read_parquet(ROOT / "data/extracts/contours.parquet")["code"]
    assert sorted(set(kept.str[:2])) == list(AROUND)
