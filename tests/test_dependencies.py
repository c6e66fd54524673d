"""The page that says what each dependency is for names what pyproject.toml names, no more and no less."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_each_dependency_is_explained_with_its_licence() -> None:
    groups = PROJECT["dependency-groups"].values()
    optional = PROJECT["project"]["optional-dependencies"].values()
    lists = [PROJECT["project"]["dependencies"], *groups, *optional]
    named = [re.split(r"[^A-Za-z0-9._-]", one)[0] for part in lists for one in part]
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (.+) \| (.+) \|$", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.M)
    assert sorted(name for name, _, _ in rows) == sorted(named)
    for name, why, licence in rows:
        assert len(why) > 10, name
        assert re.match(r"(MIT|BSD|Apache|MPL)", licence), name
