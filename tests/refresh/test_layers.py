"""Layers that only official services fill, after a refresh by the real connector."""

from __future__ import annotations

from pathlib import Path

from geopandas import GeoDataFrame

from layers import catalogue, editions
from layers.refresh.run import Order, refresh
from layers.sources import geopf
from layers.view import View
from layers.web import payload
from tests.services.answers import geopf as answers
from tests.services.server import Services


def test_a_refresh_fills_layers_that_were_not_there(base: Path, live: Path, services: Services) -> None:
    answers.add(services)
    report = refresh(Order(), {"geopf": geopf.CONNECTOR}, live=live, base=base)
    assert report.code == 0, report
    folder = editions.read_current(live)
    assert folder is not None
    with editions.using(folder):
        known = catalogue.catalogue()
        # Nobody was asked for brownfields.
        assert list(known.absent) == ["brownfields"]
        assert known.layer("rail").vintage == known.sources["ign-bdtopo"].vintage
        assert "planned" in set(catalogue.load("rail")["status"])
        config = payload.config(payload.check_layers(None), view=View())
        assert {"zones", "protected", "rail", "power_lines"} < set(config["included"])
        for layer in ("zones", "protected", "rail", "power_lines"):
            assert isinstance(catalogue.load(layer), GeoDataFrame)
            assert len(payload.features(layer)["features"]) == len(catalogue.load(layer)) > 0
    # The base itself is as it was.
    assert "rail" in catalogue.read(base).absent
