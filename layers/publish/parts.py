"""What the pages with a map share: scripts, style, typeface and data, each a file of its own under the name of its sum.

They are the parts of the one document (layers/web), divided so that a page fetches only what it plays, that both
languages share all of it, and that a second visit finds it in the browser's cache.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from layers import drape, stories
from layers.publish.files import Files
from layers.stories import Story
from layers.text import texts
from layers.view import LANGUAGES, View
from layers.web import assets, beside, payload, show
from layers.web.document import DocumentError, dumps, made_by_folium, remote_addresses

# Where the files of layers over their budget lie, from the root of the site.
DATA = "data/"


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
    # Layers over their budget, which a page fetches from DATA when it shows them.
    away: tuple[str, ...] = ()


def make(files: Files, *, with_stories: bool) -> Parts:
    """Put the shared files of the map, and of stories where there are some, and say where they lie.

    Raises TableError for a table that is missing or broken, FormatError for a file of a layer over its budget that
    cannot be made, DocumentError when anything remote is left.
    """
    chosen = payload.check_layers(None)
    away = beside.layers(chosen)
    for layer in away:
        _lay(files, layer)
    drawn = made_by_folium(chosen, away)
    has = {"drapes": any(map(drape.drapes, chosen)), "away": bool(away)}
    explorer = (*assets.names(frozenset(part for part, there in has.items() if there)), *assets.SITE)
    font = files.asset("inter.woff2", assets.FONT.read_bytes())
    config = payload.config(chosen, view=View())
    # Each page says these for itself.
    del config["query"], config["pages"]
    # Relief is drawn from heights that a server hands out.
    config.pop("relief", None)
    said = assets.spoken(explorer)
    config["texts"] = {language: _said(config["texts"][language], said) for language in LANGUAGES}
    config["services"] = None
    first: tuple[str, ...] = (files.asset("leaflet.js", assets.leaflet("leaflet.js")),)
    if away:
        first += (files.asset("tiled.js", "\n".join(assets.tiled())),)
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
        show_scripts = (*first, explore, player, given, words, data)
    if faults := remote_addresses(drawn.html + assets.frame()):
        raise DocumentError(f"the site would ask for {', '.join(faults)}; it must hold everything itself")
    scripts = (*first, explore, given, data)
    return Parts(font, style, scripts, show_style, show_scripts, drawn.html, assets.frame(), away)


def _lay(files: Files, layer: str) -> None:
    """Put the files of a layer over its budget: rows, shapes, and the cards of sites, which a server makes when asked.

    Their names change with the data, as those in assets/ do with their bytes.
    """
    for kind in beside.kinds(layer):
        data = beside.made(layer, kind).read_bytes()
        # Hosts get rows as plain text, and packed beside it as every other file.
        files.put(DATA + beside.name(layer, kind), gzip.decompress(data) if kind == beside.ROWS else data)
    if beside.SHAPES not in beside.kinds(layer):
        stem = beside.name(layer, beside.ROWS).removesuffix(f".{beside.ROWS}")
        for block in range(beside.blocks()):
            files.put(f"{DATA}{stem}/{block}.json", gzip.decompress(beside.cards(block)))


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


def page_config(
    story: Told | None, *, site: dict[str, Any], pages: Sequence[dict[str, object]], away: Sequence[str] = ()
) -> str:
    """Write what a page says for itself, ready to stand in it: where it is, other pages, the story it plays.

    `away` are the layers that it fetches, from an address that is another for pages at another depth.
    """
    found: dict[str, Any] = {"query": "", "pages": list(pages), "site": site}
    if away:
        found["beside"] = beside.config(away, url=f"{site['root']}{DATA}")
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
