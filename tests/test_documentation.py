"""The documentation keeps its word: its commands run, its site builds whole, and asks nobody for anything."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboards import cli, usage
from geo import raster
from layers.snapshot.dictionary import dictionary
from layers.stories import archive
from tests import hills

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^ *```(?P<kind>\w*)\n(?P<body>.*?)^ *```", re.DOTALL | re.MULTILINE)
# Fences without a kind hold what a person types, or a picture of folders; those of a shell hold commands alone.
SHELL = {"bash", "console", "sh"}
PROGRAM = re.compile(r"([A-Z_]+=\S+ )*(provence-map|make|uv|python|conda|npm|git|curl|mkdocs)\b")

# Commands that are not run as they stand, by how they begin, and why. Every other command of `provence-map` is run
# here; the arguments of these are read by the command line all the same, and the targets of make are looked for.
NOT_RUN: dict[str, str] = {
    "make ": "installs, serves or runs the tests themselves; its target is looked for",
    "provence-map serve": "runs until it is stopped: tests/conftest.py starts it",
    "provence-map sign-in": "asks for a password: tests/dashboards/test_hosting.py gives one",
    "provence-map publish": "seconds: tests/layers/test_publish.py",
    "provence-map refresh": "asks the official services: tests/refresh runs it against stand-ins",
    "provence-map check --live": "asks the official services: tests/refresh/test_command.py",
    "provence-map relief": "puts terrain beside the data: tests/dashboards/test_cli_relief.py",
    "provence-map siting": "seconds of computing: tests/dashboards/test_cli_siting.py runs each of its options",
    "provence-map present --story pitch --lang fr --out pitch.pdf": "seconds: tests/layers/test_handout_pdf.py",
    "provence-map present --story my-story.zip --out my-story.pptx": "seconds: tests/layers/test_handout_deck.py",
    "provence-map atlas": "a sheet for each commune: tests/layers/test_atlas.py binds two",
    "provence-map export --layers all": "every layer as a bundle: tests/layers/test_snapshot_bundle.py",
    "uv run python -m layers.build": "writes the tables: tests/layers/test_build.py builds them in memory",
    "python -m http.server": "runs until it is stopped; stands for a server of the reader's own",
    "PROVENCE_MAP_SERVICES=": "asks the server above: tests/refresh/test_command.py asks one of its own",
}


@dataclass(frozen=True)
class Command:
    """A line that a reader is told to type."""

    page: str
    line: str

    @property
    def why_not(self) -> str | None:
        """Why it is not run here; None where it is."""
        return next((why for begin, why in NOT_RUN.items() if self.line.startswith(begin)), None)


def commands() -> list[Command]:
    """Return every command of every page, comments left out."""
    found = []
    for page in PAGES:
        for fence in FENCE.finditer(page.read_text(encoding="utf-8")):
            if fence["kind"] not in {"", *SHELL}:
                continue
            for line in fence["body"].replace("\\\n", " ").splitlines():
                said = re.sub(r"\s+#.*", "", line).strip().removeprefix("$ ")
                if PROGRAM.match(said) or (fence["kind"] in SHELL and said and not said.startswith("#")):
                    found.append(Command(page.name, said))
    return found


ALL = commands()


def test_the_pages_tell_commands_and_each_is_run_or_says_why_not() -> None:
    assert len(ALL) > 40
    unknown = [f"{c.page}: {c.line}" for c in ALL if c.why_not is None and not c.line.startswith("provence-map ")]
    assert unknown == [], "run these in a scratch folder here, or say in NOT_RUN why they are not"
    unused = [begin for begin in NOT_RUN if not any(c.line.startswith(begin) for c in ALL)]
    assert unused == [], "no page tells these any more"


def test_every_argument_is_one_the_command_line_takes(capsys: pytest.CaptureFixture[str]) -> None:
    parser, refused = cli._parser("en"), []
    for command in ALL:
        words = shlex.split(command.line)
        if words[0] != "provence-map":
            continue
        try:
            parser.parse_args(words[1:])
        except SystemExit:
            refused.append(f"{command.page}: {command.line}: {capsys.readouterr().err.splitlines()[-1]}")
    assert refused == []


def test_every_target_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {shlex.split(c.line)[1] for c in ALL if c.line.startswith("make ")}
    named |= set(re.findall(r"`make ([a-z-]+)", "".join(page.read_text(encoding="utf-8") for page in PAGES)))
    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with what a reader is told to have: a story, two snapshots, a raster, figures of usage."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    story = ROOT / "data/stories/hydrogen"
    shutil.copytree(story, "my-story")
    files = {path.name: path.read_bytes() for path in story.iterdir() if path.is_file()}
    Path("my-story.zip").write_bytes(archive.pack(files))
    for name in ("old.zip", "new.zip"):
        assert cli.main(["export", "--layers", "ports", "--format", "bundle", "--out", name]) == 0
    raster.write_cog(hills.marked(), Path("siting.tif"))
    Path("figures").mkdir()
    usage.Store(Path("figures") / usage.FILE).add({("2026-11-30", "page", "plan"): 1})
    return tmp_path


def test_the_commands_of_the_pages_run(scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scratch.is_dir()
    failed = []
    for line in dict.fromkeys(c.line for c in ALL if c.why_not is None and c.line.startswith("provence-map ")):
        code = cli.main(shlex.split(line)[1:])
        said = capsys.readouterr()
        if code != 0:
            failed.append(f"{line}: {code}: {said.err.strip()}")
        out = re.findall(r"--(?:out|csv|ranking) (\S+)", line)
        failed += [f"{line}: {name} is not there" for name in out if not Path(name).is_file()]
    assert failed == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does."""
    pytest.importorskip("mkdocs", reason="the site is built by the group `docs`: run make setup")
    folder = tmp_path_factory.mktemp("docs")
    # Not quietly: mkdocs counts no warning that it does not write, and strict mode would then let all of them pass.
    build = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_holds_every_page_and_every_column(site: Path) -> None:
    made = {path.stem for path in site.glob("*.html")}
    assert {page.stem for page in PAGES if page.stem != "README"} <= made
    for name, language in (("data-dictionary", "en"), ("dictionnaire-des-donnees", "fr")):
        said = (site / f"{name}.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}"' in said
        assert {c.column for c in dictionary() if f"<code>{c.column}</code>" not in said} == set()


def test_a_page_that_is_not_in_the_nav_fails_the_build(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the site is built by the group `docs`: run make setup")
    own = f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nsite_dir: site\nhooks: []\nplugins: []\nnav: [README.md]\n"
    (tmp_path / "mkdocs.yml").write_text(own, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/README.md").write_text("# Home\n", encoding="utf-8")
    (tmp_path / "docs/forgotten.md").write_text("# Forgotten\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "forgotten.md" in done.stderr
    # Nothing else is wrong with it.
    assert "Aborted with 1 warnings" in done.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", '<img src="https://elsewhere.example/a.png">'),
        ("page.html", '<script src="//elsewhere.example/a.js">'),
        ("style.css", "@import url(https://elsewhere.example/font.css);"),
    ],
)  # fmt: skip
def test_a_page_that_would_ask_elsewhere_fails_the_build(tmp_path: Path, name: str, content: str) -> None:
    pytest.importorskip("mkdocs", reason="the site is built by the group `docs`: run make setup")
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs/site/hooks.py")
    assert spec
    assert spec.loader
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    config = SimpleNamespace(site_dir=tmp_path)
    (tmp_path / "fine.html").write_text('<a href="https://elsewhere.example/">a link</a>', encoding="utf-8")
    hooks.on_post_build(config)
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(hooks.PluginError, match=rf"{name}.*//elsewhere\.example"):
        hooks.on_post_build(config)
