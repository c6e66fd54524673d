"""All connectors by id, in the order in which they are refreshed: what others are clipped to comes first."""

from __future__ import annotations

<<<<<<< HEAD
from layers.sources import eutl, geo_api, geopf, georisques, irep
=======
from layers.sources import ampmetropole, cartofriches, copernicus_dem, geo_api, geopf, odre, sncf, urssaf
>>>>>>> S3
from layers.sources.connector import Connector

_ALL: tuple[Connector, ...] = (
    geo_api.CONNECTOR,
    geopf.CONNECTOR,
<<<<<<< HEAD
    georisques.CONNECTOR,
    irep.CONNECTOR,
    eutl.CONNECTOR,
=======
    odre.CONNECTOR,
    sncf.CONNECTOR,
    urssaf.CONNECTOR,
    ampmetropole.CONNECTOR,
    cartofriches.CONNECTOR,
    copernicus_dem.CONNECTOR,
>>>>>>> S3
)

CONNECTORS: dict[str, Connector] = {connector.id: connector for connector in _ALL}
