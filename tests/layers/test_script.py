"""The document's script, tested by Node's own runner: skipped where Node is absent, required in CI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests" / "web").glob("*.test.mjs"))
MINIMUM_NODE = 20


def node() -> str:
    """Return the path of Node; skip the test where there is none, fail in CI."""
    found = shutil.which("node")
    if found is None:
        reason = f"no node on the PATH: the script's tests need Node {MINIMUM_NODE} or later"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def failures(report: str) -> list[str]:
    """Return the failed tests of a TAP report, each with what it says about itself."""
    told = []
    for name, details in re.findall(r"^not ok \d+ - (.+)\n((?: {2}.*\n)*)", report, re.MULTILINE):
        error = re.search(r"error: (?:\|-\n)?((?:.*\n)+?) {2}(?:code|name|stack|\.\.\.)", details)
        told.append(f"{name}: {error[1].strip() if error else 'no reason given'}")
    return told


def test_the_script_passes_its_own_tests() -> None:
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", *map(str, FILES)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    told = "\n".join(failures(done.stdout)) or done.stdout[-2000:] + done.stderr[-2000:]
    assert done.returncode == 0, f"{done.returncode} from node --test tests/web:\n{told}"
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed, done.stdout[-2000:]
    assert int(passed[1]) > 100


def test_the_types_of_the_script_hold() -> None:
    compiler = ROOT / "tests" / "web" / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        reason = "no TypeScript in tests/web/node_modules: install it with `npm ci --prefix tests/web`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    done = subprocess.run(
        [compiler, "-p", ROOT / "tests" / "web" / "jsconfig.json"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_there_is_a_test_file_to_run() -> None:
    assert {path.name for path in FILES} >= {"view.test.mjs", "text.test.mjs", "model.test.mjs", "find.test.mjs"}


def test_a_failure_is_told_with_its_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken.test.mjs"
    broken.write_text(
        'import assert from "node:assert/strict"; import test from "node:test";\n'
        'test("water is dry", () => assert.equal(1, 2));\ntest("water is wet", () => assert.equal(1, 1));\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(broken)],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    (told,) = [line for line in failures(done.stdout) if line.startswith("water")]
    assert told.startswith("water is dry: Expected values to be strictly equal")
    assert "1 !== 2" in told


def test_without_node_the_reason_is_plain_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match=r"no node on the PATH: the script's tests need Node 20"):
        node()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no node on the PATH"):
        node()
