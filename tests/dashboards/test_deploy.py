"""What a host starts from: each file of deploy/ is read by the program that will read it, where that is here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from dashboards import kind_page
from layers.view import LANGUAGES
from layers.web import beside
from tests import nginx

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes" / "provence-map.yaml").read_text(encoding="utf-8"))
)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this machine; skip where it is not."""
    if not shutil.which(command[0]):
        pytest.skip(f"no {command[0]} on this machine")
    return subprocess.run(command, capture_output=True, text=True, check=False)


def manifest(kind: str) -> dict[str, Any]:
    """Give the manifest of a kind."""
    return next(one for one in MANIFESTS if one["kind"] == kind)


def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    for prefix in ("", "/map"):
        path = nginx.configured(tmp_path, port=18080, server=15006, prefix=prefix)
        done = run("nginx", "-t", "-c", str(path), "-p", str(tmp_path))
        assert done.returncode == 0, done.stderr


def test_the_guide_names_every_location_that_a_prefix_stands_before(tmp_path: Path) -> None:
    said = nginx.configured(tmp_path, port=18080, server=15006, prefix="/map").read_text(encoding="utf-8")
    locations = re.findall(r"^  location (?!@)(.+) \{$", said, re.MULTILINE)
    guide = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert len(locations) >= 7
    for location in locations:
        assert "/map" in location
        assert f"`{location}`" in guide


def test_what_is_of_no_reader_is_closed_to_the_world() -> None:
    closed = [one for one in MANIFESTS if one["kind"] == "Ingress" and one["metadata"]["name"].endswith("-closed")]
    (rule,) = closed[0]["spec"]["rules"]
    assert rule["host"] == manifest("Ingress")["spec"]["rules"][0]["host"]
    assert {path["path"] for path in rule["http"]["paths"]} == {"/metrics", "/health", "/usage"}
    assert closed[0]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/whitelist-source-range"] == "127.0.0.1/32"
    configuration = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    shut = re.findall(r"location \S+ (\S+) \{[^}]*deny all;", configuration)
    assert shut == ["^/(metrics|health/)", "/usage"]


def test_no_manifest_holds_a_secret() -> None:
    assert "Secret" not in {one["kind"] for one in MANIFESTS}
    (container,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": "provence-map"}}]


def test_systemd_reads_its_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    unit = tmp_path / "provence-map.service"
    said = (DEPLOY / "provence-map.service").read_text(encoding="utf-8")
    unit.write_text(
        said.replace("/opt/provence-map/.venv/bin/provence-map", sys.executable).replace(
            "/opt/provence-map", str(ROOT)
        ),
        encoding="utf-8",
    )
    done = run("systemd-analyze", "verify", str(unit))
    assert (done.returncode, done.stderr) == (0, "")
    told = run("systemd-analyze", "security", "--offline=true", str(unit)).stdout
    assert float(re.findall(r"Overall exposure level for \S+: ([\d.]+)", told)[0]) < 2


@pytest.mark.parametrize("one", MANIFESTS, ids=lambda one: one["kind"])
def test_a_manifest_keeps_to_the_schema_of_kubernetes(one: dict[str, Any]) -> None:
    kubernetes_validate.validate(one, "1.30", strict=True)


def test_probes_ask_what_the_server_answers_and_a_stop_has_time_enough() -> None:
    spec = manifest("Deployment")["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    probes = {container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert probes == {"/health/ready", "/health/live"}
    grace = int(container["args"][container["args"].index("--grace") + 1])
    assert spec["terminationGracePeriodSeconds"] >= grace + 5 + 5
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert manifest("Service")["spec"]["sessionAffinity"] == "ClientIP"


def test_the_options_that_are_written_there_are_those_of_the_command() -> None:
    from dashboards.cli import _parser

    unit = re.findall(r"ExecStart=\S+ (.*)", (DEPLOY / "provence-map.service").read_text(encoding="utf-8"))[0]
    image = re.findall(r"CMD \[(\"serve\".*)\]", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))[0]
    written = [
        unit.replace(" $PROVENCE_MAP_OPTIONS", "").split(),
        [word.strip(' "') for word in image.split(",")],
        manifest("Deployment")["spec"]["template"]["spec"]["containers"][0]["args"],
    ]
    for arguments in written:
        assert _parser("en").parse_args(arguments).log == "json"


def test_files_of_large_layers_have_a_folder_that_the_server_may_write() -> None:
    unit = (DEPLOY / "provence-map.service").read_text(encoding="utf-8")
    (folder,) = re.findall(rf"^Environment=.*\b{beside.CACHE_VARIABLE}=/var/cache/(\S+)", unit, re.MULTILINE)
    assert f"CacheDirectory={folder}" in unit.splitlines()
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    (folder,) = re.findall(rf"{beside.CACHE_VARIABLE}=(\S+)", image)
    assert re.search(rf"install -d -o 10001 -g 10001 -m 700 .*{folder}\b", image)
    (container,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    named = Path({one["name"]: one["value"] for one in container["env"]}[beside.CACHE_VARIABLE])
    # A volume's own folder belongs to root and is not taken.
    assert str(named.parent) in {mount["mountPath"] for mount in container["volumeMounts"]}


def test_the_container_runs_as_nobody_in_particular_from_what_is_locked() -> None:
    said = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", said, re.MULTILINE)
    # Without any group of those who work on it: not only without `dev`.
    making = [said, (ROOT / "Makefile").read_text(encoding="utf-8")]
    assert [len(re.findall(r"uv sync --locked --no-default-groups|export --quiet --locked --no-default-groups", one))
            for one in making] == [2, 2]  # fmt: skip
    assert not [one for one in making if "--no-dev" in one]
    assert "/health/live" in re.findall(r"HEALTHCHECK.*\n.*", said)[0]
    for folder in re.findall(r"^COPY (\w+) \./", said, re.MULTILINE):
        assert (ROOT / folder).is_dir()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_stands_in_for_the_server_is_as_it_is_made(language: Any) -> None:
    kept = (DEPLOY / f"away.{language}.html").read_text(encoding="utf-8")
    assert kept == kind_page.away(language), "write it again: python -m dashboards.kind_page"
