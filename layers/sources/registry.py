"""All connectors by id, in the order in which they are refreshed: what others are clipped to comes first."""

from __future__ import annotations

from layers.sources import (
    ampmetropole,
    cartofriches,
    copernicus_dem,
    eutl,
    geo_api,
    geopf,
    georisques,
    irep,
    odre,
    sncf,
    urssaf,
)
from layers.sources.connector import Connector

_ALL: tuple[Connector, ...] = (
    geo_api.CONNECTOR,
    geopf.CONNECTOR,
    georisques.CONNECTOR,
    irep.CONNECTOR,
    eutl.CONNECTOR,
    odre.CONNECTOR,
    sncf.CONNECTOR,
    urssaf.CONNECTOR,
    ampmetropole.CONNECTOR,
    cartofriches.CONNECTOR,
    copernicus_dem.CONNECTOR,
)

CONNECTORS: dict[str, Connector] = {connector.id: connector for connector in _ALL}
