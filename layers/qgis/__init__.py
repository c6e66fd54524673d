"""What QGIS and its neighbours need to draw the layers as the map does: their styles as QML and as SLD."""
