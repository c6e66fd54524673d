"""A published site: what it holds, that all of it leads somewhere, and that nothing else is ever overwritten."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from PIL import Image

from geo.errors import FormatError
from layers import budget, editions, publish
from layers.catalogue import load
from layers.errors import UnknownLayerError
from layers.publish import PublishError, downloads, folder, hosts
from layers.publish.choices import Choices
from layers.publish.downloads import File, Taken
from layers.publish.files import Files
from layers.publish.pages import Page, Pages
from layers.publish.parts import Parts, Told
from layers.publish.site import make
from layers.stories import Story, read, resolved
from layers.text import text
from layers.view import LANGUAGES
from layers.web import assets, beside, drapes
from layers.web.lean import lean
from tests.conftest import SITE_URL

MOST_FIRST_LOAD = 400_000
HTTP = re.compile(r"https?://")


class Addresses(HTMLParser):
    """Every address of a page by what it is for, and its meta elements by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.meta: dict[str, str] = {}
        self.rel: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[found.get("name") or found.get("property") or found.get("http-equiv", "")] = found.get(
                "content", ""
            )
        elif tag == "link":
            self.rel.setdefault(found["rel"], []).append(found["href"])
            if found["rel"] not in {"canonical", "alternate"}:
                self.fetched.append(found["href"])
        elif "src" in found:
            self.fetched.append(found["src"])
        elif tag == "a":
            self.links.append(found["href"])


def pages(site: Path) -> dict[str, Addresses]:
    """Read every page of a site by its address from the root."""
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("index.html"))}
    # The one-file shows among the downloads are documents of their own.
    return {name.removesuffix("index.html"): Addresses(path.read_text("utf-8")) for name, path in found.items()}


def there(site: Path, address: str) -> Path:
    """Give the file that a host answers an address of the site with."""
    path = address.removeprefix(SITE_URL).partition("#")[0]
    return site / (f"{path}index.html" if not path or path.endswith("/") else path)


@pytest.fixture(scope="module")
def small() -> Files:
    """Make a site in this process, with less of everything and without an address."""
    return make(Choices(languages=("fr",), stories=(), layers=("ports",), handouts=False))


def test_there_is_a_page_of_each_kind_in_each_language(site: Path) -> None:
    kinds = ("", "stories/", "stories/hydrogen/", "downloads/")
    assert set(pages(site)) == {"", *(f"{language}/{kind}" for language in LANGUAGES for kind in kinds)}
    for language in LANGUAGES:
        html = (site / language / "index.html").read_text("utf-8")
        assert f'<html lang="{language}"' in html
        assert f"<title>{text('publish.title', language)} – Provence Map</title>" in html


def test_every_address_is_relative_and_leads_to_a_file(site: Path) -> None:
    for name, page in pages(site).items():
        assert not [address for address in page.fetched if HTTP.match(address) or address.startswith("/")], name
        own = [address for address in page.links if not HTTP.match(address)]
        lost = [a for a in (*page.fetched, *own) if not there(site, urljoin(SITE_URL + name, a)).is_file()]
        assert lost == [], name


def test_the_first_load_is_small_and_said_by_the_command(site: Path) -> None:
    page = pages(site)["fr/"]
    shown = [a for a in page.fetched if not a.endswith((".png", ".svg", ".webmanifest"))]
    files = [
        site / "fr/index.html",
        *(there(site, urljoin(f"{SITE_URL}fr/", address)) for address in dict.fromkeys(shown)),
    ]
    sizes = {path.name: min(path.stat().st_size, len(gzip.compress(path.read_bytes(), 9))) for path in files}
    assert len(sizes) == 7, "page, style, typeface, Leaflet, script, what pages share, features"
    assert 100_000 < sum(sizes.values()) <= MOST_FIRST_LOAD


def test_the_same_data_give_the_same_bytes_in_another_process(site: Path, small: Files) -> None:
    shared = [path for path in small.held if path.startswith(("assets/", "fr/downloads/ports."))]
    assert len(shared) > 12
    differing = [path for path in shared if (site / path).read_bytes() != small.held[path]]
    assert differing == []


def test_the_marker_names_every_file_with_its_size_and_sum(site: Path) -> None:
    said = json.loads((site / folder.MARKER).read_text("utf-8"))
    held = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    del held[folder.MARKER]
    assert said["files"] == {
        name: [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()] for name, path in held.items()
    }
    for name, path in held.items():
        if name.endswith(".gz"):
            assert gzip.decompress(path.read_bytes()) == held[name.removesuffix(".gz")].read_bytes(), name


def test_the_worker_keeps_every_page_with_what_it_fetches_and_no_download(site: Path) -> None:
    kept = json.loads(re.findall(r"Object\.entries\((\{.*?\})\)", (site / "sw.js").read_text("utf-8"), re.DOTALL)[0])
    for path, said in kept.items():
        assert base64.b64encode(hashlib.sha256(there(site, path).read_bytes()).digest()).decode() == said, path
    fetched = {
        urljoin(SITE_URL + name, address).removeprefix(SITE_URL)
        for name, page in pages(site).items()
        for address in page.fetched
        if not address.endswith(".webmanifest")
    }
    assert set(pages(site)) | fetched <= set(kept)
    assert not [path for path in kept if "downloads/" in path and not path.endswith("/")]


def test_another_file_is_another_version_of_the_worker() -> None:
    files = Files({"index.html": b"one"})
    first = hosts.worker(files, ["index.html"])
    files.held["index.html"] = b"two"
    assert re.findall(r'VERSION = "(\w{16})"', first) != re.findall(
        r'VERSION = "(\w{16})"', hosts.worker(files, ["index.html"])
    )


def test_the_map_of_the_site_names_each_page_with_its_languages(site: Path) -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = ElementTree.parse(site / "sitemap.xml").getroot()  # noqa: S314 (our own file)
    urls = found.findall("s:url", names)
    assert {url.findtext("s:loc", "", names) for url in urls} == {SITE_URL + name for name in pages(site) if name}
    for url in urls:
        links = {link.get("hreflang"): link.get("href", "") for link in url.findall("x:link", names)}
        assert set(links) == {*LANGUAGES, "x-default"}
        assert url.findtext("s:loc", "", names) in links.values()
        assert all(there(site, address).is_file() for address in links.values())
    assert f"Sitemap: {SITE_URL}sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_each_page_has_a_card_with_a_picture_of_its_language(site: Path) -> None:
    pictures = {}
    for name, page in pages(site).items():
        assert page.rel["canonical"] == [SITE_URL + name]
        assert page.meta["og:image"] == page.meta["twitter:image"]
        pictures[name] = page.meta["og:image"]
        with Image.open(there(site, pictures[name])) as picture:
            assert picture.size == (1200, 630)
            # A map has many colours; a page that failed has few.
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 60
        assert page.meta["twitter:card"] == "summary_large_image"
        assert page.meta["og:locale"] == ("fr_FR" if name.startswith("fr") else "en_GB")
    assert len({pictures[name] for name in ("fr/", "en/", "fr/stories/hydrogen/", "en/stories/hydrogen/")}) == 4


def test_layers_over_their_budget_are_files_that_every_page_finds(
    draped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(budget.VARIABLE, "0.001")
    monkeypatch.setenv(beside.CACHE_VARIABLE, str(tmp_path))
    drapes.over.cache_clear()  # type: ignore[attr-defined]
    with editions.using(draped):
        held = make(Choices(languages=("fr",), stories=("hydrogen",), layers=("ports",), handouts=False)).held
    drapes.over.cache_clear()  # type: ignore[attr-defined]
    for page in ("fr/", "fr/stories/hydrogen/"):
        html = held[f"{page}index.html"].decode()
        told = json.loads(re.findall(r'id="provence-config">(.*?)</script>', html, re.DOTALL)[0])["beside"]
        assert {"industry", "zones", "rail"} <= set(told)
        said = [files[kind] for files in told.values() for kind in ("url", "tiles") if kind in files]
        said += [f"{told['industry']['cards']}{block}.json" for block in (0, 3)]
        assert [
            address for address in said if urljoin(SITE_URL + page, address).removeprefix(SITE_URL) not in held
        ] == []
        scripts = "".join(held[urljoin(SITE_URL + page, src).removeprefix(SITE_URL)].decode()
                          for src in Addresses(html).fetched if src.endswith(".js"))  # fmt: skip
        assert all(part in scripts for part in ("pm.beside = ", "pm.clusters = ", "PMTiles", "cluster.brief_failed"))
        assert "Zone d'exemple" not in scripts
    rows = json.loads(held[told["industry"]["url"].removeprefix("../" * 3)])
    assert rows["rows"] == 121
    assert any(rows["series"].values()), "the verified tonnes travel with the rows"
    assert b"data/" not in held["sw.js"], "what is fetched by ranges, and thousands of cards, are not kept"


def test_without_an_address_what_needs_one_is_left_out(small: Files) -> None:
    assert "sitemap.xml" not in small.held
    assert b"Sitemap" not in small.held["robots.txt"]
    page = Addresses(small.held["fr/index.html"].decode())
    assert not {"canonical", "alternate"} & set(page.rel)
    assert not {"og:image", "og:url", "twitter:image"} & set(page.meta)
    assert page.meta["og:title"] == text("publish.title", "fr")
    assert b"href" not in small.held["404.html"]
    assert "stories/" not in "".join(page.links)


def test_a_policy_stands_in_every_page_and_allows_no_script_inside_it(site: Path) -> None:
    for name, page in pages(site).items():
        policy = page.meta["Content-Security-Policy"]
        assert "script-src 'self';" in policy, name
        assert "default-src 'none'" in policy, name
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", there(site, name).read_text("utf-8"))
        assert all("application/json" in attributes for attributes in scripts), name
    assert f"Content-Security-Policy: {hosts.POLICY}" in (site / "_headers").read_text("utf-8")
    assert "\n/dir/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n" in (site / "_headers").read_text(
        "utf-8"
    )


def test_downloads_say_source_day_licence_system_size_and_sum(site: Path) -> None:
    html = (site / "fr/downloads/index.html").read_text("utf-8")
    sums = dict(line.split("  ")[::-1] for line in (site / "fr/downloads/SHA256SUMS").read_text().splitlines())
    held = {path.name: path for path in (site / "fr/downloads").iterdir() if path.suffix not in {".gz", ""}}
    del held["index.html"]
    assert set(sums) == set(held) >= {"ports.gpkg", "ports.geojson", "ports.csv", "ports.xlsx", "emissions.csv"}
    for name, path in held.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sums[name]
        assert f'href="{name}"' in html
        assert sums[name] in html
    ports = html.partition('id="ports"')[2].partition("</section>")[0]
    for said in ("EPSG:2154", "EPSG:4326", "Relevé le", "Sous <a href=", f"{len(load('ports'))} lignes", " ko<"):
        assert said in ports, said


def test_a_story_can_be_taken_along_on_paper_and_as_one_file_and_the_map_too() -> None:
    files, story = Files(), read("hydrogen")
    taken = list(downloads.handouts(files, [Told(story, resolved(story))], "fr", "fr/downloads/"))
    assert [[file.format for file in one.files] for one in taken] == [["PDF", "HTML"], ["HTML"]]
    assert taken[0].title == story.title["fr"]
    paper, show, whole = files.held.values()
    assert paper.startswith(b"%PDF")
    assert b'"show":' in show
    assert b'<html lang="fr"' in whole
    assert [file.sha256 for one in taken for file in one.files] == [
        hashlib.sha256(b).hexdigest() for b in files.held.values()
    ]


def test_the_manifest_names_icons_that_are_there(site: Path) -> None:
    for language in LANGUAGES:
        said = json.loads((site / language / "site.webmanifest").read_text("utf-8"))
        assert said["lang"] == language
        assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
        for icon in said["icons"]:
            path = there(site, urljoin(f"{SITE_URL}{language}/", icon["src"]))
            if icon["sizes"] != "any":
                with Image.open(io.BytesIO(path.read_bytes())) as picture:
                    assert f"{picture.width}x{picture.height}" == icon["sizes"]
                    corner = picture.convert("RGBA").getpixel((0, 0))
                    assert corner[3] == (255 if icon["purpose"] == "maskable" else 0)


def test_texts_of_stories_are_text_and_never_markup() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    files = Files()
    icons = {"svg": "assets/i.svg", "apple": "assets/i.png"}
    writer = Pages(files, Choices(), Parts("f", "s", (), "", (), "", ""), icons, "s", "2026-11-23", "v")
    words = dict.fromkeys(LANGUAGES, hostile)
    told = Story(id="x", title=words, about=words, minutes=1, scenes=())
    taken = Taken(hostile, hostile, (File("a.pdf", hostile, "", 1, "0"),))
    writer.stories(Page("en", "stories/", hostile, hostile, "p.png"), [told], [taken], ["p.png"])
    html = files.held["en/stories/index.html"].decode()
    assert html.count("&lt;img src=x") >= 6
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://a b/",
        "https://x.org/?q",
        'https://x.org/"',
        "https://me@x.org",
        "https://x.org:no/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(PublishError, match="is no address of a site: write one such as"):
        Choices(url=url)


def test_an_address_gets_its_slash() -> None:
    assert Choices(url="https://example.org/map").url == "https://example.org/map/"


def test_what_is_not_known_is_named_with_what_is() -> None:
    with pytest.raises(PublishError, match="no story sagas: name some of pitch, hydrogen, living"):
        Choices(stories=("sagas",))
    with pytest.raises(PublishError, match="the languages are de: name one or more of en, fr") as said:
        Choices(languages=("de",))  # type: ignore[arg-type]
    assert said.value.said["fr"].startswith("les langues sont de")
    with pytest.raises(UnknownLayerError, match="unknown layer 'moon'"):
        Choices(layers=("moon",))


def test_a_script_is_sent_without_comments_and_means_the_same() -> None:
    code = "// a note\n  const a = 1; // kept\n\n  /** @param b\n   * more */\n  f(`${a} ${`b ${a}`}`,\n    '//c');\n"
    assert lean(code) == "const a = 1; // kept\nf(`${a} ${`b ${a}`}`,\n'//c');\n"
    for told in (
        "const a = `one\n  // two`;\n",
        "const a = 'one \\\n  two';\n",
        "/* one\n */ f();\n",
        "/* one */ f();\n",
    ):
        assert lean(told) == told, "what a reader sees, or code, is never touched"


def test_every_script_of_the_site_can_be_sent_so() -> None:
    folder = Path(assets.__file__).parent / "js"
    names = (*assets.names(), *assets.SITE)
    scripts = {name: folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in names}
    assert [name for name, script in scripts.items() if len(lean(script)) >= len(script)] == []


def put(path: Path, **files: str | bytes) -> Files:
    """Put a tiny site in a folder as a real one is put there."""
    held = Files({name: data.encode() if isinstance(data, str) else data for name, data in files.items()})
    with folder.replacing(path) as beside:
        held.write(beside)
        beside.joinpath(folder.MARKER).write_text(folder.marker({}, held.listed()), encoding="utf-8")
    return held


def test_a_site_replaces_the_one_before_as_a_whole(tmp_path: Path) -> None:
    put(tmp_path / "site", old="1", both="1")
    put(tmp_path / "site", both="2", new="2")
    assert {path.name: path.read_text() for path in (tmp_path / "site").iterdir() if path.name != folder.MARKER} == {
        "both": "2", "new": "2",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["site"], "nothing is left beside"


def test_a_site_that_cannot_be_made_leaves_the_one_before(tmp_path: Path) -> None:
    put(tmp_path / "site", index="1")
    with pytest.raises(FormatError, match=r"cannot write .*site: .*; choose a folder that can be written"):
        put(tmp_path / "site", **{"index": "2", "index/of": "a file cannot be a folder too"})
    assert (tmp_path / "site" / "index").read_text() == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_is_not_ours_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"1")
    with pytest.raises(PublishError, match=r"photos holds files but no provence-map\.json"):
        publish.publish(tmp_path / "photos")
    (tmp_path / "photos" / folder.MARKER).write_text("[]")
    with pytest.raises(PublishError, match="is not a site made by this command and is left as it is"):
        publish.publish(tmp_path / "photos")
    with pytest.raises(PublishError, match=r"one\.jpg is a file: name a folder"):
        publish.publish(tmp_path / "photos" / "one.jpg")
    assert (tmp_path / "photos" / "one.jpg").read_bytes() == b"1"


def test_a_file_that_somebody_added_to_a_site_is_not_lost(tmp_path: Path) -> None:
    put(tmp_path / "site", index="1")
    (tmp_path / "site" / "CNAME").write_text("example.org")
    with pytest.raises(PublishError, match=r"did not write \(CNAME\) and would be lost: move them elsewhere first"):
        publish.publish(tmp_path / "site")
    assert (tmp_path / "site" / "CNAME").read_text() == "example.org"


def test_a_link_to_a_folder_goes_on_leading_there(tmp_path: Path) -> None:
    put(tmp_path / "version", index="1")
    (tmp_path / "site").symlink_to("version")
    put(tmp_path / "site", index="2")
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "version" / "index").read_text() == "2"
