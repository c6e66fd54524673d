"""The shortlist as it was kept: keys read into items, each with its row, its place and its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from layers.errors import BriefError
from layers.print import items
from layers.print.items import Item
from layers.print.words import Words
from layers.view import KEPT, MOST_KEPT
from layers.vocabulary import OUTSIDE, POLES

LAYER_OF = {kind: items.LAYER_OF[kind] for kind in KEPT}
_ADVICE = "Name one to {most} features as kind:id, with a kind of {kinds} and an id of the tables."


def read(keys: Sequence[str], words: Words) -> tuple[Item, ...]:
    """Read the keys in their order, each once.

    Raises BriefError naming every key that is not known, and a list that is empty or too long.
    """
    wanted = list(dict.fromkeys(keys))
    faults = [] if wanted else ["the shortlist is empty"]
    if len(wanted) > MOST_KEPT:
        faults.append(f"{len(wanted)} features are on the shortlist, at most {MOST_KEPT} fit on two pages")
    found = [items.row_of(key) if key.partition(":")[0] in LAYER_OF else None for key in wanted]
    faults += [f"{key!r} is not known" for key, row in zip(wanted, found, strict=True) if row is None]
    if faults:
        raise BriefError(faults, advice=_ADVICE.format(most=MOST_KEPT, kinds=", ".join(LAYER_OF)))
    return tuple(
        items.item(number, key, row, words) for number, (key, row) in enumerate(zip(wanted, found, strict=True), 1)
    )


def of_kinds(listed: Iterable[Item], *kinds: str) -> tuple[Item, ...]:
    """Give the items of some kinds, in their order."""
    return tuple(item for item in listed if item.kind in kinds)


def poles_of(listed: Iterable[Item]) -> tuple[str, ...]:
    """Give the poles the items lie in, in the order of the poles."""
    found = {item.pole for item in listed} - {OUTSIDE}
    return tuple(pole for pole in POLES if pole in found)
