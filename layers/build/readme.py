"""Run `python -m layers.build.readme`: write data/README.md from the catalogue, so that the two cannot differ."""

from __future__ import annotations

import sys

from geo import files
from geo.errors import GeoError
from layers.catalogue import Catalogue, catalogue, data_dir

_HEAD = """# Data

Written from `catalogue.toml` by `python -m layers.build.readme`; edit the catalogue, not this file.

- `hand/`: rows kept by hand, CSV in UTF-8. `poles.toml` says which communes make each pole, `labels.csv` where names
  stand on the map, `position_exceptions.csv` which points lie outside their commune.
- `extracts/`: the small part kept of the packages read by `make data`, with versions and hashes.
- `tables/`: what the map reads. Built by `make data` from the two folders above, offline, to the same bytes each time.
- `catalogue.toml`: every source and every layer.

Faults found while making these tables, and what was done about them: `docs/data-notes.md`.
"""


def text(found: Catalogue) -> str:
    """Return the text of data/README.md: layers with their sources, then sources with licence and attribution."""
    lines = [_HEAD, "## Layers", "", "| Layer | Title | Table | Vintage | Sources |", "|---|---|---|---|---|"]
    for layer in found.layers.values():
        titles = f"{layer.title_en} / {layer.title_fr}"
        lines.append(f"| {layer.id} | {titles} | `{layer.table}` | {layer.vintage} | {', '.join(layer.sources)} |")
    lines += ["", "## Sources", ""]
    for source in found.sources.values():
        lines += [
            f"### {source.id}",
            "",
            f"- {source.title}. {source.publisher}. Vintage: {source.vintage}. Retrieved: {source.retrieved}.",
            f"- Address: <{source.url}>",
            f"- Licence: [{source.licence}]({source.licence_url})",
            f"- Displayed as: {source.attribution} / {source.attribution_fr}",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the file and return the exit code."""
    try:
        files.write_text(data_dir() / "README.md", text(catalogue()))
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
