"""The layers as OGC API – Features gives them: collections, a request read, features and the OpenAPI document.

All of it is plain data; `dashboards/ogc.py` hands it out. Core, GeoJSON, OpenAPI 3.0 (OGC 17-069r4) and coordinate
systems by reference (18-058r1).
"""
