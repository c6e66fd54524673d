"""What changes from one edition to the next: what is stopped for review, and what is told, table by table.

Rows are compared by `layers.snapshot.diff`; figures are numbers with a unit, never years or positions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from geopandas import GeoSeries
from pandas import DataFrame

from geo.crs import EXCHANGE_DECIMALS, LAMBERT93, WGS84
from layers import numbers
from layers.authority import Limits
from layers.refresh.merge import CONTOURS, METROPOLIS, Laid, Said, key_of
from layers.refresh.titles import table_title
from layers.schema import SCHEMAS
from layers.snapshot.diff import ADDED, CHANGED, MOVED, REMOVED, LayerDiff
from layers.text import both
from layers.view import Language

MOST_FIGURES = 10
MOST_KEYS = 50
MOST_PLACES = 500
# So many rows are named where a limit is broken by many.
_MOST_NAMED = 5
_NO_FIGURES = {"mairie_lon", "mairie_lat", "lon", "lat", "offset_km", "rank", "tracks", "voltage_kv"}
_YEARLY = {"emissions", "irep", "employment"}

Words = dict[Language, str]


def figures_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table that hold figures."""
    schema = SCHEMAS.get("communes" if table == METROPOLIS else table)
    if schema is None:
        return ()
    return tuple(
        name
        for name, column in schema.columns.items()
        if str(column.dtype).startswith(("Int64", "float64")) and not name.endswith("year") and name not in _NO_FIGURES
    )


def broken_limits(before: Laid, after: Laid, one: Said, limits: Limits, *, known: bool) -> list[Words]:
    """Return why what a connector says is to be seen by a person first, in both languages; nothing where it is not.

    `before` and `after` are what was laid over without and with it. `known`: the connector was refreshed before, so
    that rows which come in now are also weighed.
    """
    reasons: list[Words] = []
    for table in dict.fromkeys((*one.contribution.cells, *one.contribution.rows, *one.contribution.tables)):
        old, new = _side(before, table), _side(after, table)
        if old is None or new is None or not len(old):
            continue
        lost = len(old) - len(new)
        if lost > limits.rows_lost * len(old):
            reasons.append(
                both(
                    "refresh.limit_rows",
                    table=partial(table_title, table),
                    before=_said(len(old)),
                    after=_said(len(new)),
                    lost=_said(lost),
                )
            )
        for column in figures_of(table):
            if column in old and column in new:
                reasons += _jumps(table, column, old, new, limits)
                reasons += _totals(table, column, old, new, limits, known=known)
                reasons += _unfinished(table, column, old, new, limits)
    return reasons


def _said(value: float) -> Callable[[Language], str]:
    return partial(numbers.plain, value)


def _side(laid: Laid, table: str) -> DataFrame | None:
    """Return a table of one side, each row named by its key."""
    frame = laid.table(table)
    if frame is None:
        return None
    key = ["code"] if table == CONTOURS else _key(frame, table)
    return DataFrame(frame).set_index(frame[key].astype(str).agg("/".join, axis=1)) if key else DataFrame(frame)


def _key(frame: DataFrame, table: str) -> list[str]:
    wanted = key_of(table)
    return list(wanted) if set(wanted) <= set(frame.columns) else []


def _jumps(table: str, column: str, old: DataFrame, new: DataFrame, limits: Limits) -> list[Words]:
    """Name the figures that become many times larger or smaller."""
    # Rows without a key of their own cannot be told from one another.
    if not (old.index.is_unique and new.index.is_unique) or isinstance(old.index, pd.RangeIndex):
        return []
    shared = old.index.intersection(new.index)
    left, right = _numbers(old.loc[shared, column]), _numbers(new.loc[shared, column])
    high, low = pd.concat([left, right], axis=1).max(axis=1), pd.concat([left, right], axis=1).min(axis=1)
    told = left.notna() & right.notna() & (high > limits.floor_of(column)) & (high > low * limits.figure_factor)
    found = [
        both(
            "refresh.limit_figure",
            table=partial(table_title, table),
            key=key,
            column=column,
            before=_said(float(left[key])),
            after=_said(float(right[key])),
        )
        for key in told.index[told]
    ]
    more = len(found) - _MOST_NAMED
    if more > 0:
        rest = both("refresh.limit_more", table=partial(table_title, table), column=column, n=_said(more))
        return [*found[:_MOST_NAMED], rest]
    return found


def _totals(table: str, column: str, old: DataFrame, new: DataFrame, limits: Limits, *, known: bool) -> list[Words]:
    """Name the sums that move by more than a share: of each year where rows are yearly."""
    if not known:
        # What is first learnt of a table adds to it: only rows that were there can tell a fault.
        new = new.loc[new.index.isin(old.index)]
    sides = []
    for frame in (old, new):
        by = frame["year"].astype(str) if table in _YEARLY and "year" in frame else pd.Series("", index=frame.index)
        sides.append(_numbers(frame[column]).groupby(by).sum())
    found = []
    for year, before in sides[0].items():
        after = float(sides[1].get(year, 0.0))
        if year not in sides[1].index and year:
            continue
        if before > limits.floor_of(column) and abs(after - before) > limits.total_moved * before:
            found.append(
                both(
                    "refresh.limit_total_year" if year else "refresh.limit_total",
                    table=partial(table_title, table),
                    column=column,
                    year=year,
                    before=_said(float(before)),
                    after=_said(after),
                )
            )
    return found


def _unfinished(table: str, column: str, old: DataFrame, new: DataFrame, limits: Limits) -> list[Words]:
    """Name the new years of verified emissions that are far from full.

    A registry fills a year site by site; taken early, it would become the last year of the map, with a total that says
    less than nothing.
    """
    if table != "emissions":
        return []
    sums = _numbers(new[column]).groupby(new["year"].astype(int)).sum()
    found = []
    for year in sums.index[sums.index > old["year"].astype(int).max()]:
        before, after = float(sums.get(year - 1, 0.0)), float(sums[year])
        if year - 1 not in sums.index or after < (1 - limits.total_moved) * before:
            said = {"before": _said(before), "after": _said(after)}
            found.append(both("refresh.limit_unfinished", table=partial(table_title, table), year=year, **said))
    return found


def _numbers(column: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(column, errors="coerce").astype("float64")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that changed: whose it is, where it stands, before and after in the unit of its column."""

    key: str
    name: str
    column: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row that changed stands, in degrees (EPSG:4326), and how it changed; areas and lines by one point."""

    change: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class TableChange:
    """What changed in one table: counts, rows by name and places (the first of many), largest changes of figures."""

    table: str
    added: int
    removed: int
    changed: int
    moved: int
    same: int
    rows: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, int]
    figures: tuple[Figure, ...]
    places: tuple[Place, ...] = ()

    @property
    def any(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.added or self.removed or self.changed or self.moved)


def summed(found: LayerDiff, names: Mapping[str, str], totals: Mapping[str, float]) -> TableChange:
    """Sum a comparison up; `names` are those of rows by key, `totals` the sums of figures before, to weigh changes."""
    columns: dict[str, int] = {}
    figures: list[tuple[float, Figure]] = []
    for change in found.changes:
        if change.change != CHANGED:
            continue
        columns[change.column] = columns.get(change.column, 0) + 1
        before, after = change.before, change.after
        if change.column in totals and isinstance(before, (int, float)) and isinstance(after, (int, float)):
            figure = Figure(change.key, names.get(change.key, ""), change.column, float(before), float(after))
            # Tonnes are not inhabitants: a change weighs by its share of all there is of its kind.
            figures.append((abs(after - before) / (abs(totals[change.column]) or 1.0), figure))
    figures.sort(key=lambda one: (-one[0], one[1].key, one[1].column))
    keys = {kind: found.keys(kind) for kind in (ADDED, REMOVED, CHANGED, MOVED)}
    return TableChange(
        table=found.layer,
        **{kind: len(rows) for kind, rows in keys.items()},
        same=found.same,
        rows={kind: tuple(names.get(k) or k for k in rows[:MOST_KEYS]) for kind, rows in keys.items()},
        columns=columns,
        figures=tuple(figure for _, figure in figures[:MOST_FIGURES]),
        places=_places(found),
    )


def _places(found: LayerDiff) -> tuple[Place, ...]:
    """Give where the rows that differ stand: a row that moved as well as changed is told as moved."""
    if not found.spatial or not found.shapes:
        return ()
    kinds = {change.key: change.change for change in found.changes}
    keys = [key for key, shape in found.shapes.items() if shape is not None and not shape.is_empty][:MOST_PLACES]
    if not keys:
        return ()
    points = GeoSeries([found.shapes[key].representative_point() for key in keys], crs=LAMBERT93).to_crs(WGS84)
    return tuple(
        Place(kinds[key], round(point.x, EXCHANGE_DECIMALS), round(point.y, EXCHANGE_DECIMALS))
        for key, point in zip(keys, points, strict=True)
    )


def totals_of(frame: DataFrame, table: str) -> dict[str, float]:
    """Return the sums of the figures of a table."""
    return {column: float(_numbers(frame[column]).sum()) for column in figures_of(table) if column in frame}
