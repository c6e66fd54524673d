"""Say what page_load.py saw: one table, the goals beside it, and the page of the documentation."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
OURS, BARE, STREAMLIT = "Provence Map", "bare Leaflet page", "streamlit-folium"
_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("painted_ms", "cold, to painted (ms)", 0),
    ("toggle_ms", "toggle (ms)", 0),
    ("filter_ms", "filter (ms)", 0),
    ("toggle_bytes", "websocket per toggle (B)", 0),
    ("wire_kb", "first load on the wire (kB)", 0),
    ("session_kb", "memory per extra session (kB)", 0),
    ("heap_mb", "heap in the browser (MB)", 1),
)
# What is so or not: what was seen, the heading, and whether all or any of what was seen counts.
_FACTS = (
    ("kept", "keeps the view", all),
    ("blank", "goes blank at a change", any),
    ("works_cut", "toggles once the server is gone", all),
    ("opens_cut", "opens a second time without it", all),
)


def cell(values: list[float], digits: int) -> str:
    """Write the median, with the lowest and highest in brackets where they differ."""
    if not values:
        return "–"
    middle, low, high = (f"{value:,.{digits}f}" for value in (median(values), min(values), max(values)))
    return middle if low == high else f"{middle} ({low}–{high})"


def table(runs: dict[str, Any]) -> str:
    """Write the medians, with the lowest and highest seen, and how they stand to the goals (Markdown)."""
    lines = ["| page | " + " | ".join(title for _, title, _ in _COLUMNS) + " |", "|---" * (len(_COLUMNS) + 1) + "|"]
    for name, run in runs.items():
        cells = [cell(getattr(run, column), digits) for column, _, digits in _COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n" + _said(runs) + "\n" + _goals(runs)


def _said(runs: dict[str, Any]) -> str:
    """Write what each page does and does not, and whom it asks besides its own server."""
    heads = [title for _, title, _ in _FACTS]
    lines = ["| page | " + " | ".join([*heads, "asks elsewhere"]) + " |", "|---" * (len(heads) + 2) + "|"]
    for name, run in runs.items():
        cells = [("yes" if of(seen) else "no") if (seen := getattr(run, fact)) else "–" for fact, _, of in _FACTS]
        lines.append(f"| {name} | " + " | ".join([*cells, ", ".join(sorted(run.asked_elsewhere)) or "nobody"]) + " |")
    return "\n".join(lines) + "\n"


def _goals(runs: dict[str, Any]) -> str:
    ours, bare, other = (runs.get(name) for name in (OURS, BARE, STREAMLIT))
    painted = median(ours.painted_ms)
    to_bare = painted / median(bare.painted_ms)
    toggle, filtered = median(ours.toggle_ms), median(ours.filter_ms)
    sent, wire, session = median(ours.toggle_bytes), median(ours.wire_kb), median(ours.session_kb or [0])
    rows = [
        ("painted, beside the bare page", "at most 1.3 ×", f"{to_bare:.2f} ×", to_bare <= 1.3),
        ("toggle, median", "at most 50 ms", f"{toggle:.0f} ms", toggle <= 50),
        ("filter, median", "at most 50 ms", f"{filtered:.0f} ms", filtered <= 50),
        ("websocket per toggle: never a layer", "under 1 kB", f"{sent:.0f} B", sent < 1000),
        ("memory per extra session", "at most 0.4 MB", f"{session:.0f} kB", session <= 400),
        ("first load on the wire", "at most 1 MB", f"{wire:,.0f} kB", wire <= 1000),
    ]
    if other:
        to_other = painted / median(other.painted_ms)
        rows.insert(1, ("painted, beside streamlit-folium", "at most 0.25 ×", f"{to_other:.2f} ×", to_other <= 0.25))
    lines = ["| goal | wanted | seen | |", "|---|---|---|---|"]
    lines += [f"| {goal} | {wanted} | {seen} | {'met' if met else '**missed**'} |" for goal, wanted, seen, met in rows]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{model}, {os.cpu_count()} cores, {memory / 2**20:.0f} GiB, {platform.system()}"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def facts(how: str, *, chromium: str) -> str:
    """Say when, by which command and on what was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("panel", "bokeh", "folium", "XStatic-Leaflet"))
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"Measured {day} by `{how}` on {_machine()} "
        f"(load average at the end {os.getloadavg()[0]:.1f}), headless Chromium {chromium}, "
        f"Python {platform.python_version()}, {packages}."
    )


def write(text: str, *, facts: str, mark: str = "measured") -> Path:
    """Put a measured part between its marks of docs/benchmarks.md; the words around it are kept by hand."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    page = TARGET.read_text(encoding="utf-8")
    head, rest = page.split(begin)
    tail = rest.split(end)[1]
    TARGET.write_text(f"{head}{begin}\n{facts}\n\n{text}\n{end}{tail}", encoding="utf-8")
    return TARGET
