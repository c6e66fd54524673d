"""The kinds of column that tables are made of, each with its type and its rule."""

from __future__ import annotations

from collections.abc import Iterable

import pandera.pandas as pa

ID = r"[a-z0-9]+(-[a-z0-9]+)*"
INSEE = r"\d{5}"
YEAR = (1990, 2040)


def matches(pattern: str) -> pa.Check:
    """Say that text matches a pattern as a whole."""
    return pa.Check.str_matches(f"^(?:{pattern})$", error=f"matches {pattern}")


def one_of(values: Iterable[str]) -> pa.Check:
    """Say that a value is one of these."""
    allowed = tuple(values)
    return pa.Check.isin(allowed, error=f"is one of {', '.join(allowed)}")


def text(pattern: str | None = None, *, unique: bool = False) -> pa.Column:
    """Give a column of text that is never null; without a pattern it may be empty."""
    return pa.Column("str", matches(pattern) if pattern else None, unique=unique)


def words() -> pa.Column:
    """Give a column of text that a person reads: never empty."""
    return pa.Column("str", pa.Check(lambda s: s.str.strip() != "", error="is not empty"))


def choice(values: Iterable[str], *, nullable: bool = False) -> pa.Column:
    """Give a column of one of these words; absent ones are null where that is allowed."""
    return pa.Column("str", one_of(values), nullable=nullable)


def between(low: float, high: float) -> pa.Check:
    """Say that a number lies between two, both allowed."""
    return pa.Check.in_range(low, high, error=f"lies between {low} and {high}")


def integer(low: int, high: int, *, nullable: bool = False) -> pa.Column:
    """Give a column of whole numbers between two; absent ones are null where that is allowed."""
    return pa.Column("Int64", between(low, high), nullable=nullable)


def number(low: float, high: float, *, nullable: bool = False) -> pa.Column:
    """Give a column of numbers between two; absent ones are null where that is allowed."""
    return pa.Column("float64", between(low, high), nullable=nullable)


def flag() -> pa.Column:
    """Give a column of yes or no."""
    return pa.Column("bool")


def geometry(*kinds: str, nullable: bool = False) -> pa.Column:
    """Give a column of shapes of these kinds (EPSG:4326)."""
    rule = pa.Check(lambda s: s.map(lambda shape: shape.geom_type in kinds), error=f"is {' or '.join(kinds)}")
    return pa.Column("geometry", rule, nullable=nullable)


def area() -> pa.Column:
    """Give a column of areas (EPSG:4326)."""
    return geometry("Polygon", "MultiPolygon")
