"""What is set on paper: type, paths, symbols, names and the ground of a map, for the brief and the handouts.

Lengths in points, y upwards from the page's foot; the ground in metres of Lambert-93 (EPSG:2154).
"""
