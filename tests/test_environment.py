"""One list of dependencies, written twice: pyproject.toml for uv and pip, environment.yml for conda."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml  # comes with panel, which reads it through bokeh: no dependency of its own

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

# Where conda-forge calls a package otherwise: its conda name to its name on PyPI. None does at present.
PYPI_NAME: dict[str, str] = {}
# conda-forge lacks these, or has them without the files we need: pip installs them there too.
BY_PIP = {"playwright", "tdewolff-minify", "xstatic-leaflet"}


def bounds_of(requirements: list[str]) -> dict[str, str]:
    """Split each requirement into its PyPI name and its bounds."""
    found = (re.fullmatch(r"([A-Za-z0-9._-]+)\s*(.*)", requirement) for requirement in requirements)
    pairs = ((match[1].lower(), match[2].replace(" ", "")) for match in found if match)
    return {PYPI_NAME.get(name, name): bounds for name, bounds in pairs}


def conda() -> dict[str, str]:
    """Give what conda itself installs."""
    return bounds_of([entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)])


def by_pip() -> list[str]:
    """Give what pip installs in the conda environment."""
    (section,) = (entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))
    return list(section)


def test_conda_and_pip_together_install_what_pyproject_names_with_the_same_bounds() -> None:
    # The group `extract` is left out: `make data` brings it by uv, in the one step that uses the network.
    wanted = bounds_of(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
    found = conda() | bounds_of([entry for entry in by_pip() if not entry.startswith("-")])
    python, pip = found.pop("python"), found.pop("pip")
    assert found == wanted
    assert python == PROJECT["project"]["requires-python"]
    assert pip == ""


def test_only_what_conda_forge_lacks_comes_by_pip() -> None:
    assert set(bounds_of(by_pip()[:-1])) == BY_PIP


def test_the_project_itself_is_installed_last_and_editable() -> None:
    assert by_pip()[-1] == "-e ."
    assert ENVIRONMENT["dependencies"][-1] == {"pip": by_pip()}


def test_no_channel_but_conda_forge_is_asked() -> None:
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]
    assert ENVIRONMENT["name"] == PROJECT["project"]["name"]
