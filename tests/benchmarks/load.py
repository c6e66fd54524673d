"""A launch day on one machine: a thousand open pages, fifty new ones a second, then hours of churn: `make load`.

The server runs as docs/hosting.md tells, two processes behind nginx. The visitors run on the same cores, so that what
is measured is the least that the machine can do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import doors
import report
from visitors import Crowd, Seen, crowd

SAMPLE_S = 10.0
log = logging.getLogger("load")


class Memory:
    """What the processes of a server hold, looked at every few seconds."""

    def __init__(self, pid: int) -> None:
        """Look at a process and all that it started."""
        self.pid, self.seen = pid, list[tuple[float, float]]()
        self._done = threading.Event()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def now(self) -> float:
        """Give the memory that is the processes' own and their share of the rest (PSS, MB)."""
        total = 0
        for pid in [self.pid, *_below(self.pid)]:
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            except (FileNotFoundError, ProcessLookupError):
                continue
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1000

    def stop(self) -> None:
        """Look no longer."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_S):
            self.seen.append((time.monotonic() - self._began, self.now()))


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += [int(child), *_below(int(child))]
    return found


def percentile(values: list[float], share: float) -> float:
    """Give the value that a share of all stays under; nan of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def slope(samples: list[tuple[float, float]]) -> float:
    """Give how fast memory grows (MB an hour), by least squares."""
    if len(samples) < 3:
        return float("nan")
    at = sum(second for second, _ in samples) / len(samples)
    mean = sum(held for _, held in samples) / len(samples)
    spread = sum((second - at) ** 2 for second, _ in samples)
    return sum((second - at) * (held - mean) for second, held in samples) / spread * 3600


def _visit(root: str, plan: Crowd, memory: Memory) -> tuple[Seen, dict[str, float]]:
    before, seen = memory.now(), Seen()
    first = len(memory.seen)
    asyncio.run(crowd(root, plan, seen))
    held = [value for _, value in memory.seen[first:]] or [memory.now()]
    return seen, {"before": before, "most": max(held), "after": memory.now()}


def row(name: str, plan: Crowd, seen: Seen, held: dict[str, float]) -> str:
    """Write what a crowd met as a row of the table (Markdown)."""
    times = (seen.page_ms, seen.joined_ms, seen.change_ms)
    cells = [f"{median(ms):,.0f} / {percentile(ms, 0.95):,.0f}" if ms else "–" for ms in times]
    faults = sum(seen.faults.values())
    return (
        f"| {name} | {plan.visitors:,} | {plan.per_second:g} | {seen.most:,} | {' | '.join(cells)} | "
        f"{len(seen.change_ms):,} | {seen.kind:,} | {faults:,} | {held['before']:,.0f} → {held['most']:,.0f} |"
    )


HEAD = (
    "| crowd | pages opened | a second | open at once | page, p50 / p95 (ms) | session joined, p50 / p95 (ms) | "
    "change of View, p50 / p95 (ms) | changes | told to wait | faults | memory (MB) |\n" + "|---" * 11 + "|"
)


def main() -> int:
    """Let the crowds come, print the table and write it to the documentation when asked to."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=1000, help="pages open at once")
    parser.add_argument("--per-second", type=float, default=50, help="new pages a second")
    parser.add_argument("--pause", type=float, default=10, help="seconds between two changes of a visitor's View")
    parser.add_argument("--stay", type=float, default=60, help="seconds that a visitor of the first crowd stays")
    parser.add_argument("--soak", type=float, default=0, help="minutes of coming and going afterwards")
    parser.add_argument("--churn", type=float, default=10, help="pages a second that come and go meanwhile")
    parser.add_argument("--direct", action="store_true", help="leave nginx out")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    chosen = parser.parse_args()
    lines, notes = [HEAD], []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        root, pid = stack.enter_context(doors.door(folder, nginx=not chosen.direct))
        memory = Memory(pid)
        stack.callback(memory.stop)
        _visit(root, Crowd(20, 10, 2, 1), memory)
        launch = Crowd(chosen.visitors, chosen.per_second, chosen.stay, chosen.pause)
        seen, held = _visit(root, launch, memory)
        lines.append(row("launch", launch, seen, held))
        notes += _faults("launch", seen)
        log.info("\n".join(lines))
        if chosen.soak:
            first = len(memory.seen)
            churn = Crowd(int(chosen.soak * 60 * chosen.churn), chosen.churn, 8, 2)
            seen, held = _visit(root, churn, memory)
            lines.append(row(f"soak, {chosen.soak:g} min", churn, seen, held))
            notes += _faults("soak", seen)
            steady = memory.seen[first + (len(memory.seen) - first) // 4 :]
            curve = json.dumps([[round(at), round(value)] for at, value in memory.seen[first:]])
            log.info("memory of the soak (s, MB): %s", curve)
            low, high = min(value for _, value in steady), max(value for _, value in steady)
            notes.append(
                f"Memory over the last three quarters of the soak: {low:,.0f} to {high:,.0f} MB, "
                f"{slope(steady):+,.0f} MB an hour."
            )
    text = "\n".join([*lines, "", *notes]) + "\n"
    sys.stdout.write(text)
    if chosen.write:
        how = f'make load ARGS="{" ".join(sys.argv[1:])}"'
        log.info("written to %s", report.write(text, facts=report.facts(how, chromium="not used"), mark="load"))
    return 0


def _faults(name: str, seen: Seen) -> list[str]:
    return [f"{name}: {number:,} × {what}" for what, number in seen.faults.most_common(5)]


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
