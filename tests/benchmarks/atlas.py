"""How long an atlas takes: a sheet of 23, 46 and 92 communes, and 92 by one process and by two, in turn.

Run by hand: `python -m tests.benchmarks.atlas [--rounds 3]`. All is measured in one process; its first sheet, which
reads the tables, is told apart. Processes that are started for an atlas are cold each time.
"""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import date
from statistics import mean, median

from layers.sheet import Sheet, atlas
from layers.snapshot.area import Area

COUNTS = (23, 46, 92)


def plan(count: int = 92) -> Sheet:
    """Plan an atlas of the first communes in its order, pole by pole, on A4."""
    whole = Sheet(area=Area.parse("metropolis"), paper="a4", today=date(2026, 11, 24))
    if count == 92:
        return whole
    # Every so many, so that all poles are in each.
    codes = [sheet.area.ids[0] for sheet in atlas.sheets(whole, "commune")][:: 92 // count]
    return Sheet(area=Area.parse(",".join(codes)), paper="a4", today=whole.today)


def told(*cells: object) -> None:
    """Print one row of a table."""
    sys.stdout.write(f"| {' | '.join(str(cell) for cell in cells)} |\n")
    sys.stdout.flush()


def by_count(rounds: int) -> None:
    """Print the time of a sheet for each number of communes; the rounds go through them in turn."""
    first, *_ = atlas.sheets(plan(COUNTS[0]), "commune")
    _, cold = atlas.one(first)
    _, warm = atlas.one(first)
    sys.stdout.write(f"First sheet of a process {cold:.2f} s, the same again {warm:.2f} s.\n\n")
    told("communes", "s a sheet", "slowest", "s in all", "of which binding", "kB")
    told(*["---"] * 6)
    found: dict[int, list[atlas.Made]] = {count: [] for count in COUNTS}
    for _ in range(rounds):
        for count in COUNTS:
            gc.collect()
            found[count].append(atlas.write(plan(count)))
    for count, made in found.items():
        each, slowest = median(one.each for one in made), median(max(one.sheets) for one in made)
        whole, bound = median(one.seconds for one in made), median(one.seconds - sum(one.sheets) for one in made)
        told(count, f"{each:.3f}", f"{slowest:.2f}", f"{whole:.2f}", f"{bound:.2f}", len(made[0].pdf) // 1000)
    means = [mean(one.each for one in made) for made in found.values()]
    sys.stdout.write(f"\nThe slowest mean is {max(means) / min(means) - 1:.0%} above the fastest.\n\n")


def by_processes(rounds: int) -> None:
    """Print the time of 92 communes by one process and by two, in turn."""
    found: dict[int, list[atlas.Made]] = {1: [], 2: []}
    for _ in range(rounds):
        for processes, made in found.items():
            made.append(atlas.write(plan(), processes=processes))
    told("processes", "s in all", "s a sheet where it is made")
    told(*["---"] * 3)
    for processes, made in found.items():
        told(processes, f"{median(one.seconds for one in made):.2f}", f"{median(one.each for one in made):.3f}")
    alone, together = (median(one.seconds for one in made) for made in found.values())
    sys.stdout.write(f"\nTwo processes take {together / alone:.0%} of the time of one.\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    by_count(options.rounds)
    by_processes(options.rounds)
