"""What a style is asked for: a layer with the columns it was exported with, a language, a year."""

from __future__ import annotations

from dataclasses import dataclass, field

from layers import industry
from layers.catalogue import last_year
from layers.print.words import Words
from layers.style import EXPLORE_FACTOR, MINIMUM_RADIUS_PX, RADIUS_PX_AT_REFERENCE, REFERENCE_CO2_T
from layers.view import Language

# The map draws stations, airfields and places in full from zoom 11.5 on, which is this scale at 43.5° N and 96 dpi.
DETAIL_SCALE = 150_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A layer to be drawn: the columns it carries, the reader's language, the year whose verified CO₂ sizes sites."""

    layer: str
    columns: tuple[str, ...]
    language: Language = "en"
    year: int = field(default_factory=last_year)

    @property
    def words(self) -> Words:
        """Give the reader's words."""
        return Words(self.language)

    def has(self, *columns: str) -> bool:
        """Tell whether the layer carries all of these columns: a style may only speak of what is there."""
        return set(columns) <= set(self.columns)


def sized(asked: Asked) -> bool:
    """Tell whether sites can be drawn by their verified CO₂: from the columns of the last year, or by their id."""
    return asked.has("id") or (asked.year == last_year() and asked.has("co2_t", "co2_year", "co2_basis"))


def by_column(asked: Asked) -> bool:
    """Tell whether the columns hold the verified CO₂ of the year themselves."""
    # The table gives the newest figure of a site: that of the last verified year is the newest there can be.
    return asked.year == last_year() and asked.has("co2_t", "co2_year", "co2_basis")


def tonnes_by_id(year: int) -> dict[str, int]:
    """Give the verified EU ETS tonnes of a year by the id of the site, in the order of the ids."""
    found = industry.emissions()
    rows = found[found["year"] == year].sort_values("site_id")
    return {str(site): int(t) for site, t in zip(rows["site_id"], rows["co2_t"], strict=True)}


def tonnes(asked: Asked) -> str:
    """Write QGIS's expression of a site's verified tonnes in the year, null where nothing was verified."""
    if by_column(asked):
        return f'if("co2_basis" = \'ets\' AND "co2_year" = {asked.year}, "co2_t", NULL)'
    pairs = ", ".join(f"'{site}', {t}" for site, t in tonnes_by_id(asked.year).items())
    return f'map_get(map({pairs}), "id")' if pairs else "NULL"


def radius(asked: Asked) -> str:
    """Write QGIS's expression of the radius of a site's circle in px of the screen, as `style.circle_radius`."""
    if not sized(asked):
        return f"{MINIMUM_RADIUS_PX:g}"
    t = tonnes(asked)
    grown = f"{RADIUS_PX_AT_REFERENCE * EXPLORE_FACTOR:g} * sqrt(({t}) / {REFERENCE_CO2_T:.1f})"
    return f"if(coalesce({t}, 0) > 0, max({MINIMUM_RADIUS_PX:g}, {grown}), {MINIMUM_RADIUS_PX:g})"
