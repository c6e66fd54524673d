"""Open a project or a GeoPackage in QGIS, draw it, and say what was found; run by Debian's Python, which has QGIS.

Arguments: file for the answer (JSON), `project` with the folder of a bundle or `geopackage` with a file, picture.
"""

import json
import os
import sys
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

SIZE = QSize(1800, 1200)
# The order of the map, the first on top, for a GeoPackage alone, which knows none.
ORDER = (
    "perceptions", "decarbonation", "industry", "ports", "airports", "stations", "places", "poles", "communes",
    "neighbours", "water", "emissions",
)  # fmt: skip


def opened(kind, path):
    """Give the layers with their groups, the first on top."""
    project = QgsProject.instance()
    if kind == "project":
        if not project.read(str(Path(path) / "provence-map.qgs")):
            sys.exit(f"QGIS cannot read the project: {project.error()}")
        return [(node.layer(), node.parent().name()) for node in project.layerTreeRoot().findLayers()]
    return [(QgsVectorLayer(f"{path}|layername={name}", name, "ogr"), "") for name in ORDER]


def drawn(layers, picture):
    """Draw the layers as the map window does: styles may ask for the scale."""
    shown = [layer for layer in layers if layer.isSpatial()]
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(shown[0].crs())
    settings.setOutputSize(SIZE)
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(255, 255, 255))
    extent = QgsRectangle()
    for layer in shown:
        if layer.dataProvider().dataSourceUri().rpartition("=")[2] == "communes":
            extent.combineExtentWith(layer.extent())
    settings.setExtent(extent.buffered(2000))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(picture))


def told(layer, group):
    """Say of a layer what it is and give its rows, every cell as text."""
    names = [column.name() for column in layer.fields()]
    return {
        "name": layer.name(),
        "group": group,
        "table": layer.dataProvider().dataSourceUri().rpartition("=")[2],
        "valid": layer.isValid(),
        "system": layer.crs().authid() if layer.isSpatial() else "",
        "renderer": layer.renderer().type() if layer.isSpatial() else "",
        "rows": [{name: str(row[name]) for name in names} for row in layer.getFeatures()],
    }


def main():
    """Open, draw and write the answer."""
    answer, kind, path, picture = sys.argv[1:5]
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    found = opened(kind, path)
    drawn([layer for layer, _ in found], picture)
    said = {"version": Qgis.version().partition("-")[0], "layers": [told(layer, group) for layer, group in found]}
    Path(answer).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    # Its layers and its application end in an order that Python does not know: leave without either.
    os._exit(0)


main()
