"""The criteria of siting as the document carries them: one byte a cell, packed once; the script adds them up.

`packed()` gives plain data, to be written as JSON:

    version     1
    crs         "EPSG:2154"
    step        side of a cell in metres
    west, north outer corner of the first cell, metres (easting, northing)
    rows, columns
    lattice     from Web Mercator to cells, without formulas of Lambert-93: {"west", "south", "east", "north": metres of
                EPSG:3857, "rows", "columns", "at": [column, row, column, row, ...]}. Nodes are evenly spaced, row by
                row from the north, the first and the last lie on the bounds. `column` and `row` are fractions counted
                from the outer corner of the first cell: the cell is their floor. Between nodes: bilinear, right to
                under a tenth of a cell of 100 m
    communes    [{"insee", "name", "pole"}], in the order of the plane "communes"
    criteria    [{"id", "kind", "title", "curve", "limits": both languages, "sources": ids of the catalogue,
                 "full_m", "zero_m"}], in the order of the planes. For "near" a value tells the distance back:
                 zero_m + value × (full_m − zero_m), "up to" at 1 and "from" at 0. full_m and zero_m are null for others
    absent      [{"id", "title", "reason"}]: criteria that take no part because their data are not here
    exclusions  [{"id", "bit", "title", "limits", "sources"}]; `bit` is the number of the bit, 0 the lowest
    profiles    [{"id", "title", "about", "weights": {criterion: number}, "exclusions": [ids]}]; absent ones left out
    rule        {"share": 0.1, "least": 20, "most": 10}: of a commune, the mean of its best tenth of cells that count;
                communes with fewer cells than `least` are not ranked; `most` are shown
    bytes       length of the planes before packing
    planes      base64 of the gzip of the planes one after another, each rows × columns bytes, row by row from north:
                  1. communes: 0 outside the metropolis, else 1 + the index in `communes`
                  2. exclusions: the bits of what excludes the cell
                  3. one for each criterion: 0 to 254 for 0 to 1, 255 where the value is not known

The score of a cell is Σ weight × value / Σ weight over the criteria whose weight is not 0; it has none outside the
metropolis, where an exclusion of the profile stands, or where one of those values is 255.
"""
