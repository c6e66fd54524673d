"""What QGIS and its neighbours need to draw the layers as the map does: QML and SLD styles, a project."""
