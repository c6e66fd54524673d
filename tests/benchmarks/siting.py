"""What a surface costs: time and memory at 200, 100, 50 and 25 m, and the weighted sum against bare numpy.

Run by hand: `python -m tests.benchmarks.siting [--steps 200,100,50,25] [--profile hydrogen]`. Each step is measured in
a process of its own, so that the most memory it took is its own; `base` is what the program takes before there is a
grid. `prepare` makes criteria ready (and keeps them, up to the size that is weighed at once), `surface` weighs them
again with other weights, `bare` is the same sum in numpy written out by hand over arrays of the same kind (up to the
size that is weighed at once), `write` makes the GeoTIFF, `sensitivity` weighs two dozen times.

What it gave when last measured: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from layers import siting
from layers.siting import export
from layers.siting.grid import MOST_WHOLE
from layers.web import siting as pack

ROUNDS = 7


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Give the median of several runs."""
    return statistics.median(timed(work) for _ in range(rounds))


def memory_mb() -> float:
    """Give the most memory this process has taken, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare(made: siting.Siting, weights: dict[str, float]) -> Callable[[], object]:
    """Make the same sum and the same holes over plain arrays."""
    values = [np.array(made.criterion(name)) for name in weights]
    out = made.communes == 0
    shares = [np.float32(weight) for weight in weights.values()]

    def work() -> object:
        total = values[0] * shares[0]
        for value, share in zip(values[1:], shares[1:], strict=True):
            total += value * share
        total[out | np.isnan(total)] = -1
        return total

    return work


def measured(step: float, profile: str) -> dict[str, object]:
    """Measure one step in this process."""
    siting.at(1000.0).surface({"port": 1})
    base = memory_mb()
    start = time.perf_counter()
    made = siting.at(step)
    said = made.profile(profile)
    weights = made.weights(said.weights)
    made.surface(weights, said.exclusions)
    prepare = time.perf_counter() - start
    whole = made.cells.size <= MOST_WHOLE
    rounds = ROUNDS if whole else 1
    row: dict[str, object] = {
        "step m": f"{step:g}",
        "cells": f"{made.cells.size:,}",
        "criteria": len(weights),
        "at once": "yes" if whole else "in blocks",
        "prepare s": f"{prepare:.2f}",
    }
    surface = median(lambda: made.surface(weights), rounds)
    row["surface ms"] = f"{1000 * surface:.1f}"
    if whole:
        plain = median(bare(made, weights))
        row["bare ms"], row["surface / bare"] = f"{1000 * plain:.1f}", f"{surface / plain:.2f}"
    score = made.surface(weights, said.exclusions)
    row["ranking ms"] = f"{1000 * median(lambda: siting.ranked(made, score.values), rounds):.0f}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        seconds = timed(lambda: export.write(made, path, weights=weights, exclusions=said.exclusions, profile=profile))
        row["write s"], row["file MB"] = f"{seconds:.1f}", f"{path.stat().st_size / 1e6:.0f}"
    row["most MB"], row["base MB"] = f"{memory_mb():.0f}", f"{base:.0f}"
    if step == siting.STEP:
        row["sensitivity s"] = f"{timed(lambda: siting.sensitivity(made, weights, said.exclusions)):.2f}"
        row["pack s"] = f"{timed(pack.packed):.2f}"
        row["pack MB"] = f"{len(pack.packed()['planes']) * 3 / 4e6:.2f}"
    return row


def main() -> None:
    """Print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", default="200,100,50,25")
    asked.add_argument("--profile", default="hydrogen")
    options = asked.parse_args()
    rows = []
    for word in options.steps.split(","):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(measured, (float(word), options.profile)))
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, ["---"] * len(names), *([str(row.get(name, "")) for name in names] for row in rows)]
    sys.stdout.write("".join(f"| {' | '.join(line)} |\n" for line in lines))


if __name__ == "__main__":
    main()
