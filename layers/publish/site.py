"""Make a site and put it in its folder: whole or not at all, the same bytes from the same data and choices."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from layers.publish import downloads, folder, hosts, pages, parts, pictures
from layers.publish.choices import Choices
from layers.publish.downloads import Row, Taken
from layers.publish.files import Files
from layers.publish.pages import DOWNLOADS, STORIES, Page, Pages
from layers.publish.parts import Told
from layers.text import text
from layers.view import Language, View
from layers.web import show

_log = logging.getLogger(__name__)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """Say what was written: where, how many files and bytes, and what the first load of the map weighs in gzip."""

    folder: Path
    files: int
    size: int
    first_load: int


def publish(out: Path, choices: Choices | None = None, *, progress: Progress | None = None) -> Report:
    """Write a site into a folder of its own, in place of the site that was there.

    Nothing is written until all of it is made. progress: called with the path of each page that was made.

    Raises PublishError for a folder that holds anything but a site of ours, and what making its parts raises.
    """
    chosen = choices or Choices()
    # Half a minute of work is not done for a folder that will be refused.
    folder.check(Path(out).resolve())
    files = make(chosen, progress=progress)
    with folder.replacing(Path(out)) as beside:
        files.write(beside)
        beside.joinpath(folder.MARKER).write_text(marker(files, chosen), encoding="utf-8")
    packed = files.packed()
    return Report(Path(out), len(packed) + 1, sum(map(len, packed.values())), first_load(files, chosen.languages[0]))


def marker(files: Files, choices: Choices) -> str:
    """Write the marker of a site: what it was made of, and size and sum of each file."""
    made = show.colophon()
    said = {key: made[key] for key in ("version", "data", "data_version")}
    return folder.marker(said | {"choices": choices.said()}, files.listed())


def make(choices: Choices, *, progress: Progress | None = None) -> Files:
    """Make every file of a site. Raises what making its parts raises: TableError, StoryError, SnapshotError, …"""
    files = Files()
    told = parts.told(choices.told)
    shared = parts.make(files, with_stories=bool(told))
    icons = _icons(files)
    style = files.asset("pages.css", pages.plain_style(shared.font.rpartition("/")[2]))
    made = show.colophon()
    writer = Pages(files, choices, shared, icons, style, made["data"], made["data_version"])
    for language in choices.languages:
        _language(writer, told, language, progress or (lambda _: None))
    writer.first(next(path for path in files.held if path.startswith(f"assets/preview-{choices.languages[0]}.")))
    writer.missing()
    files.put("robots.txt", hosts.robots(choices.url))
    files.put("_headers", hosts.headers(choices.url))
    # GitHub Pages would leave out what begins with an underscore.
    files.put(".nojekyll", "")
    if choices.url:
        files.put("sitemap.xml", hosts.sitemap(choices.url, writer.listed.values(), made["data"]))
    files.put("sw.js", hosts.worker(files, _kept(files, choices)))
    return files


def _kept(files: Files, choices: Choices) -> list[str]:
    """Give what a second visit has without the network: every page with all it shows; no download."""
    unseen = tuple(f"assets/preview-{language}." for language in choices.languages)
    return [
        path
        for path in files.held
        if path.endswith("index.html") or (path.startswith("assets/") and not path.startswith(unseen))
    ]


def first_load(files: Files, language: Language) -> int:
    """Give the bytes in gzip that the first load of the map fetches before it stands: page, scripts, style, font."""
    page = f"{language}/index.html"
    html = files.held[page].decode()
    named = [path for path in files.held if path.startswith("assets/") and path.endswith((".js", ".css", ".woff2"))]
    fetched, packed = [page, *(path for path in named if path in html)], files.packed()
    return sum(len(packed.get(f"{path}.gz", packed[path])) for path in fetched)


def _language(writer: Pages, told: list[Told], language: Language, progress: Progress) -> None:
    """Write all pages of a language, and what they hand out."""
    files, choices = writer.files, writer.choices
    picture, title, about = _preview(files, language), text("publish.title", language), text("publish.about", language)
    files.put(f"{language}/site.webmanifest", hosts.manifest(language, dict(writer.icons)))
    writer.explorer(Page(language, "", title, about, picture))
    progress(f"{language}/")
    shown = []
    for one in told:
        shown.append(_story_preview(files, one, language))
        story = one.story
        page = Page(language, f"{STORIES}{story.id}/", story.title[language], story.about[language], shown[-1])
        writer.story(page, one)
        progress(f"{language}/{page.path}")
    rows: list[Row] = downloads.layers(files, choices, language, f"{language}/{DOWNLOADS}")
    taken: list[Taken] = []
    if choices.handouts:
        taken += downloads.handouts(files, told, language, f"{language}/{DOWNLOADS}")
    if told:
        page = Page(
            language, STORIES, text("publish.stories", language), text("publish.stories_what", language), shown[0]
        )
        writer.stories(page, [one.story for one in told], taken[:-1], shown)
    what = text("publish.downloads_what", language)
    writer.downloads(Page(language, DOWNLOADS, text("publish.downloads", language), what, picture), rows, taken)
    progress(f"{language}/{DOWNLOADS}")


def _preview(files: Files, language: Language) -> str:
    drawn = pictures.preview(
        text("publish.title", language), text("publish.about", language), View().to_query(), language
    )
    return files.asset(f"preview-{language}.png", drawn)


def _story_preview(files: Files, told: Told, language: Language) -> str:
    """Draw the preview of a story: its title beside the first map that it tells of."""
    scenes, story = told.resolved["scenes"], told.story
    scene = next((one for one in scenes if one["kind"] == "scene"), scenes[0])
    drawn = pictures.preview(story.title[language], story.about[language], str(scene["view"]), language)
    return files.asset(f"preview-{story.id}-{language}.png", drawn)


def _icons(files: Files) -> dict[str, str]:
    """Put the icons of the product, and give where each lies."""
    return {
        "svg": files.asset("icon.svg", pictures.svg()),
        "192": files.asset("icon-192.png", pictures.icon(192)),
        "512": files.asset("icon-512.png", pictures.icon(512)),
        "apple": files.asset("icon-180.png", pictures.icon(180, maskable=True)),
        "maskable": files.asset("icon-maskable.png", pictures.icon(512, maskable=True)),
    }
