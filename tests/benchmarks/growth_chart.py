"""What growth.py saw, as a table and as curves: docs/growth.md holds both between its marks."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, PICTURE = DOCS / "growth.md", DOCS / "screenshots" / "growth.svg"
MEASURES = {
    "document_kb": "document (kB)", "beside_kb": "beside it (kB)", "start_s": "server start (s)",
    "server_mb": "server (MB)", "painted_ms": "painted (ms)", "whole_ms": "layer whole (ms)",
    "toggle_ms": "toggle (ms)", "pan_ms": "frame of a pan, p95 (ms)", "click_ms": "click answered (ms)",
    "heap_mb": "browser heap (MB)",
}  # fmt: skip
# Kind and checkout: colour, dash.
LOOKS = {("sites", "now"): ("#0e4f79", ""), ("sites", "before"): ("#0e4f79", "4 3"),
         ("areas", "now"): ("#b3541e", ""), ("areas", "before"): ("#b3541e", "4 3")}  # fmt: skip
WIDE, HIGH, PAD, ACROSS = 230, 150, 46, 4


def seen(path: Path) -> list[dict[str, Any]]:
    """Read the lines that growth.py wrote; of the same page at the same size the last counts."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return list({(one["kind"], one["where"], one["count"]): one for one in lines}.values())


def table(found: list[dict[str, Any]]) -> str:
    """Write what was seen, a row for each page (Markdown)."""
    heads = ["layer", "checkout", *MEASURES.values()]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for one in sorted(found, key=lambda each: (each["kind"], each["count"], each["where"])):
        cells = ["–" if one[name] is None else f"{one[name]:,.0f}" for name in MEASURES]
        lines.append("| " + " | ".join([f"{one['count']:,} {one['kind']}", one["where"], *cells]) + " |")
    return "\n".join(lines) + "\n"


def curves(found: list[dict[str, Any]]) -> str:
    """Draw a panel for each measure, both axes in powers of ten (SVG)."""
    rows = math.ceil(len(MEASURES) / ACROSS)
    parts = [_panel(found, name, title, i) for i, (name, title) in enumerate(MEASURES.items())]
    legend = "".join(
        f'<path d="M{20 + 190 * i} {rows * HIGH + 14}h28" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>'
        f'<text x="{54 + 190 * i}" y="{rows * HIGH + 18}">{kind}, {where}</text>'
        for i, ((kind, where), (colour, dash)) in enumerate(LOOKS.items())
    )
    size = f"{ACROSS * WIDE} {rows * HIGH + 28}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="sans-serif" font-size="11" '
        f'fill="#222"><title>Growth: one panel for each measure</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}{legend}</svg>\n'
    )


def _panel(found: list[dict[str, Any]], name: str, title: str, number: int) -> str:
    left, top = WIDE * (number % ACROSS), HIGH * (number // ACROSS)
    values = [one[name] for one in found if one[name]]
    low, high = (
        (f(math.log10(v)) for f, v in ((math.floor, min(values)), (math.ceil, max(values)))) if values else (0, 1)
    )
    high = max(high, low + 1)

    def place(count: float, value: float) -> str:
        x = left + PAD + (math.log10(count) - 2) / 3 * (WIDE - PAD - 24)
        y = top + HIGH - 22 - (math.log10(value) - low) / (high - low) * (HIGH - 48)
        return f"{x:.1f} {y:.1f}"

    parts = [f'<text x="{left + PAD}" y="{top + 16}" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        x, y = place(100, 10**power).split()
        parts.append(f'<path d="M{x} {y}H{left + WIDE - 24}" stroke="#ddd"/>')
        parts.append(f'<text x="{left + PAD - 4}" y="{float(y) + 4}" text-anchor="end">{10.0**power:g}</text>')
    for power in range(2, 6):
        short = str(10**power) if power < 4 else f"{10 ** (power - 3)}k"
        x = place(10**power, 10**low).split()[0]
        parts.append(f'<text x="{x}" y="{top + HIGH - 8}" text-anchor="middle">{short}</text>')
    for (kind, where), (colour, dash) in LOOKS.items():
        line = sorted(
            (one["count"], one[name]) for one in found if (one["kind"], one["where"]) == (kind, where) and one[name]
        )
        points = [place(*point) for point in line]
        if points:
            parts.append(
                f'<path d="M{"L".join(points)}" fill="none" stroke="{colour}" stroke-width="2" '
                f'stroke-dasharray="{dash}"/>'
            )
        parts += [f'<circle cx="{p.split()[0]}" cy="{p.split()[1]}" r="2.6" fill="{colour}"/>' for p in points]
    return "".join(parts)


def write(path: Path) -> Path:
    """Write the picture, and the table between the marks of the page; the words around it are kept by hand."""
    found = seen(path)
    PICTURE.write_text(curves(found), encoding="utf-8")
    begin, end = "<!-- measured -->\n", "<!-- /measured -->"
    head, rest = PAGE.read_text(encoding="utf-8").split(begin)
    PAGE.write_text(f"{head}{begin}\n{table(found)}\n{end}{rest.split(end)[1]}", encoding="utf-8")
    return PAGE
