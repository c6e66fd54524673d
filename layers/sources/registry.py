"""All connectors by id, in the order in which they are refreshed: what others are clipped to comes first."""

from __future__ import annotations

from layers.sources import geo_api, geopf
from layers.sources.connector import Connector

_ALL: tuple[Connector, ...] = (geo_api.CONNECTOR, geopf.CONNECTOR)

CONNECTORS: dict[str, Connector] = {connector.id: connector for connector in _ALL}
