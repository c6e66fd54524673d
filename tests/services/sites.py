"""A few sites on the small territory, as rows of text: one whose position is a guess, one with two accounts."""

from __future__ import annotations

from pandas import DataFrame

COLUMNS = [
    "id", "name", "operator", "insee", "lon", "lat", "position_precision", "seveso", "ets_id", "irep_id", "icpe_id"
]  # fmt: skip
_LINES = """
example|Usine Exemple|Exemple Chimie|13999|5.25|43.35|approx|unknown|FR_900001|064.00001|
depot|Dépôt de la Rade|Stockages de la Rade|13055|5.36|43.36|site|upper||064.00002|
brewery|Brasserie Modèle|Brasserie Modèle|13055|5.35|43.35|site|unknown|||
double|Complexe Double|Double SA|84089|5.35|43.45|site|unknown|FR_900002;FR_900003||
"""
ROWS = [line.split("|") for line in _LINES.strip().splitlines()]


def sites(**changes: str) -> DataFrame:
    """Give the sites; `brewery="lon=5.3"` and the like change one cell of one site."""
    frame = DataFrame(ROWS, columns=COLUMNS, dtype="str").set_index("id", drop=False)
    for site, change in changes.items():
        column, _, value = change.partition("=")
        frame.loc[site, column] = value
    return frame.reset_index(drop=True)
