"""The structure of the house: imports flow one way, modules stay short, public functions are explained."""

from __future__ import annotations

import ast
import subprocess
import sys
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
    """Return a module's path from the root, as the test's name."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


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


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_flow_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    wrong = imports_of(tree_of(path)) & FORBIDDEN[room]
    assert not wrong, f"{name_of(path)} imports {', '.join(sorted(wrong))}, which {room}/ may not"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_is_relative(path: Path) -> None:
    relative = [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom) and node.level]
    assert not relative, f"{name_of(path)} imports relatively on lines {relative}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_starts_with_a_sentence(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), f"{name_of(path)} says nothing about itself"
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{name_of(path)} has {lines} lines and asks to be two modules"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions_of(tree_of(path)) if f.end_lineno}
    long = {name: lines for name, lines in long.items() if lines > MAX_FUNCTION_LINES}
    assert not long, f"{name_of(path)}: functions over {MAX_FUNCTION_LINES} lines: {long}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_functions_and_classes_are_explained(path: Path) -> None:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    tree = tree_of(path)
    bodies = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_")]
    public = [node for body in bodies for node in body.body if isinstance(node, kinds) and node.name[0] != "_"]
    silent = [node.name for node in public if not ast.get_docstring(node)]
    assert not silent, f"{name_of(path)}: no docstring: {', '.join(silent)}"


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
