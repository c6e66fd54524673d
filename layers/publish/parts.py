"""What the pages with a map share: scripts, style, typeface and data, each a file of its own under the name of its sum.

They are the parts of the one document (layers/web), divided so that a page fetches only what it plays, that both
languages share all of it, and that a second visit finds it in the browser's cache.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from layers import drape, stories
from layers.publish.files import Files
from layers.stories import Story
from layers.text import texts
from layers.view import LANGUAGES, View
from layers.web import assets, payload, show
from layers.web.document import DocumentError, dumps, made_by_folium, remote_addresses


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the shared files lie, from the root of the site; scripts in the order they run in."""

    font: str
    style: str
    scripts: tuple[str, ...]
    show_style: str
    show_scripts: tuple[str, ...]
    map: str
    frame: str


def make(files: Files, *, with_stories: bool) -> Parts:
    """Put the shared files of the map, and of stories where there are some, and say where they lie.

    Raises TableError for a table that is missing or broken, DocumentError when anything remote is left.
    """
    chosen = payload.check_layers(None)
    drawn = made_by_folium(chosen)
    laid = any(map(drape.drapes, chosen))
    explorer = (*assets.names(frozenset({"drapes"} if laid else ())), *assets.SITE)
    font = files.asset("inter.woff2", assets.FONT.read_bytes())
    config = payload.config(chosen, view=View())
    # Each page says these for itself.
    del config["query"], config["pages"]
    # Relief is drawn from heights that a server hands out.
    config.pop("relief", None)
    said = assets.spoken(explorer)
    config["texts"] = {language: _said(config["texts"][language], said) for language in LANGUAGES}
    config["services"] = None
    leaflet = files.asset("leaflet.js", assets.leaflet("leaflet.js"))
    explore = files.asset("explore.js", assets.joined(explorer))
    given = files.asset("given.js", f"(globalThis.provence ??= {{}}).given={_quoted(config)};\n")
    data = files.asset("map.js", drawn.script)
    style = files.asset("explore.css", _style(font, assets.styles(frozenset())))
    show_style, show_scripts = "", cast("tuple[str, ...]", ())
    if with_stories:
        show_style = files.asset("show.css", _style(font, assets.styles(frozenset({"show"}))))
        player = files.asset("show.js", assets.joined(assets.SHOWN))
        more = {
            language: {k: v for k, v in _said(texts(language), assets.spoken(assets.SHOWN)).items()
                       if k not in config["texts"][language]}
            for language in LANGUAGES
        }  # fmt: skip
        words = files.asset("words.js", f"{_WORDS}({_quoted(more)});\n")
        show_scripts = (leaflet, explore, player, given, words, data)
    if faults := remote_addresses(drawn.html + assets.frame()):
        raise DocumentError(f"the site would ask for {', '.join(faults)}; it must hold everything itself")
    return Parts(font, style, (leaflet, explore, given, data), show_style, show_scripts, drawn.html, assets.frame())


# Texts of the player beside those of the explorer, which both kinds of page share.
_WORDS = "((more)=>{for(const code in more)Object.assign(provence.given.texts[code],more[code])})"


@dataclass(frozen=True, slots=True)
class Told:
    """A story, and what it comes to with its figures and sources: read and resolved once for all pages and files."""

    story: Story
    resolved: dict[str, Any]


def told(ids: Sequence[str]) -> list[Told]:
    """Read stories. Raises StoryError for one with a fault."""
    found = [stories.read(id_) for id_ in ids]
    return [Told(story, stories.resolved(story)) for story in found]


def page_config(story: Told | None, *, site: dict[str, Any], pages: Sequence[dict[str, object]]) -> str:
    """Write what a page says for itself, ready to stand in it: where it is, other pages, the story it plays."""
    found: dict[str, Any] = {"query": "", "pages": list(pages), "site": site}
    if story:
        # A page is no file to keep: its sum is in the marker of the site.
        colophon = show.colophon() | {"checksum": ""}
        found["query"] = View(theme="dark").to_query()
        found["show"] = {"stories": [story.resolved], "first": story.story.id, "colophon": colophon}
    return dumps(found)


def _said(table: dict[str, str], groups: frozenset[str]) -> dict[str, str]:
    return {key: words for key, words in table.items() if key.partition(".")[0] in groups}


def _quoted(value: object) -> str:
    """Write plain data as a text of JavaScript that holds JSON: browsers read that faster than the data as code."""
    return f"JSON.parse({json.dumps(dumps(value), ensure_ascii=False)})"


def _style(font: str, names: tuple[str, ...]) -> str:
    # Beside the style sheet, in the same folder.
    return assets.style(font.rpartition("/")[2], names)
