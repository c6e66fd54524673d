"""The structure of the house: imports flow one way, modules stay short, public functions are explained."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("geo", "layers", "dashboards")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# What a room may never import: the rooms above it, and what ARCHITECTURE keeps out of it.
FORBIDDEN = {
    "geo": {"layers", "dashboards", "folium", "panel", "param", "bokeh", "tornado", "requests", "urllib", "http"},
    "layers": {"dashboards", "panel", "bokeh", "tornado"},
    "dashboards": {"pyogrio", "shapely", "pyproj"},
}
MAX_LINES = 400
MAX_FUNCTION_LINES = 50


def name_of(path: Path) -> str:
    """Return a module's path from the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def trees() -> dict[str, ast.Module]:
    """Parse every module, by its name."""
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8"), filename=str(path)) for path in MODULES}


def imports_of(tree: ast.Module) -> set[str]:
    """Return the top-level packages a module imports, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def functions_of(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a module, methods included."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_are_modules_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ROOMS)


def test_imports_flow_one_way() -> None:
    wrong = {name: imports_of(tree) & FORBIDDEN[name.partition("/")[0]] for name, tree in trees().items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_no_import_is_relative() -> None:
    relative = [
        f"{name}, line {node.lineno}"
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_a_module_is_short_and_starts_with_a_sentence() -> None:
    silent = [name for name, tree in trees().items() if not ast.get_docstring(tree)]
    assert silent == [], "these say nothing about themselves"
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {name: count for name, count in lines.items() if count > MAX_LINES}
    assert long == {}, f"these have over {MAX_LINES} lines and ask to be two modules"


def test_functions_are_short() -> None:
    lines = {
        f"{name}: {f.name}": f.end_lineno - f.lineno + 1
        for name, tree in trees().items()
        for f in functions_of(tree)
        if f.end_lineno
    }
    long = {name: count for name, count in lines.items() if count > MAX_FUNCTION_LINES}
    assert long == {}, f"functions over {MAX_FUNCTION_LINES} lines"


def test_public_functions_and_classes_are_explained() -> None:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    silent = []
    for name, tree in trees().items():
        bodies = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_")]
        public = [node for body in bodies for node in body.body if isinstance(node, kinds) and node.name[0] != "_"]
        silent += [f"{name}: {node.name}" for node in public if not ast.get_docstring(node)]
    assert silent == [], "these have no docstring"


@pytest.mark.parametrize("room", ["geo", "layers"])
def test_a_lower_room_loads_nothing_heavy_from_above(room: str) -> None:
    heavy = {"geo": ["folium", "panel", "bokeh", "pandera"], "layers": ["panel", "bokeh", "fontTools"]}[room]
    names = [
        name_of(p)[:-3].replace("/", ".").removesuffix(".__init__") for p in MODULES if name_of(p).startswith(room)
    ]
    code = "import importlib, sys\n"
    code += f"[importlib.import_module(name) for name in {[n for n in names if not n.endswith('__main__')]!r}]\n"
    code += f"print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_what_is_printed_or_taken_out_waits_for_no_map() -> None:
    # Processes are started for each sheet, atlas and export: folium would cost them half a second.
    code = "import sys, layers.brief, layers.handout.deck, layers.sheet.atlas, layers.snapshot.bundle\n"
    code += "print([name for name in ('folium', 'jinja2', 'panel') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
