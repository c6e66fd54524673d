"""What the site needs besides its pages: those made from the catalogue, those of other folders, a look at the result.

The built pages ask no server for anything: the build fails where one would.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from layers import catalogue
from layers.numbers import number
from layers.snapshot.dictionary import Column, dictionary
from layers.text import text
from layers.view import Language
from layers.web.document import remote_addresses

ROOT = Path(__file__).resolve().parents[2]
# Pages of the site that lie elsewhere in the project.
BROUGHT = {"changelog.md": "CHANGELOG.md", "data-sources.md": "data/README.md"}
DICTIONARIES: dict[Language, str] = {"en": "data-dictionary.md", "fr": "dictionnaire-des-donnees.md"}
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s]+)(#[^)]*)?\)")
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//[^)'\"\s]*")
_INTRO: dict[Language, str] = {
    "en": "What each column of each layer holds, made from the catalogue when this site is built. The same table is in "
    "every bundle of `provence-map export`. Columns in two languages end in `_en` and `_fr`.",
    "fr": "Ce que contient chaque colonne de chaque couche, établi depuis le catalogue quand ce site est construit. Le "
    "même tableau est dans chaque lot de `provence-map export`. Les colonnes en deux langues finissent par `_en` "
    "et `_fr`.",
}
_TITLES: dict[Language, str] = {"en": "Data dictionary", "fr": "Dictionnaire des données"}
_SOURCES: dict[Language, str] = {"en": "Sources:", "fr": "Sources\u202f:"}


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made, and those of other folders."""
    made = {page: _dictionary(language) for language, page in DICTIONARIES.items()}
    made |= {page: (ROOT / path).read_text(encoding="utf-8") for page, path in BROUGHT.items()}
    for page, content in made.items():
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to files of the project to their page of the site; a file without one keeps its words alone."""
    here = ROOT / BROUGHT.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def led(link: re.Match[str]) -> str:
        words, target, anchor = link[1], link[2], link[3] or ""
        if re.match(r"[a-z]+:", target):
            return link[0]
        path = (here.parent / target).resolve()
        if not path.exists() or not path.is_relative_to(ROOT):
            # Not one of ours: the build tells of it.
            return link[0]
        name = path.relative_to(ROOT).as_posix()
        brought = next((page for page, source in BROUGHT.items() if source == name), "")
        found = brought or (name.removeprefix("docs/") if name.startswith("docs/") else "")
        return f"[{words}]({found}{anchor})" if found else words

    return _LINK.sub(led, markdown)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Say of the pages in French that they are, to whoever reads them out."""
    french = page.file.src_uri.startswith("visite-") or page.file.src_uri == DICTIONARIES["fr"]
    return output.replace('<html lang="en"', '<html lang="fr"', 1) if french else output


def on_post_build(config: Any) -> None:
    """Fail for every address of another server that a built page or style would ask for."""
    site, faults = Path(config.site_dir), []
    for path in sorted(site.rglob("*.html")):
        faults += [f"{path.name}: {address}" for address in remote_addresses(path.read_text(encoding="utf-8"))]
    for path in sorted(site.rglob("*.css")):
        faults += [f"{path.name}: {address}" for address in _IN_STYLE.findall(path.read_text(encoding="utf-8"))]
    if faults:
        raise PluginError("these would be asked of other servers: " + "; ".join(faults))


def _dictionary(language: Language) -> str:
    """Write the page of the dictionary: a table for each layer."""
    known = catalogue.catalogue()
    by_layer: dict[str, list[Column]] = {}
    for column in dictionary():
        by_layer.setdefault(column.layer, []).append(column)
    lines = [f"# {_TITLES[language]}", "", _INTRO[language], ""]
    for layer, columns in by_layer.items():
        record = known.layers.get(layer)
        # A table of figures, such as emissions, is no layer of its own.
        title = record.title(language) if record else layer.capitalize()
        heads = [text(f"snapshot_dictionary.{key}", language) for key in ("column", "type", "unit", "meaning")]
        lines += [
            f"## {title} {{ #{layer} }}",
            "",
            *_about(record, language),
            f"| {' | '.join(heads)} |",
            "|---" * 4 + "|",
        ]
        lines += [
            f"| `{one.column}` | {_type(one, language)} | {one.unit} | {_cell(one.meaning[language])} |"
            for one in columns
        ]
        named = [known.sources[name] for name in columns[0].sources if name in known.sources]
        told = dict.fromkeys(f"{s.word('publisher', language)} ({s.word('licence', language)})" for s in named)
        lines += ["", f"{_SOURCES[language]} {'; '.join(told)}.", ""]
    return "\n".join(lines)


def _about(record: Any, language: Language) -> list[str]:
    if record is None:
        return []
    rows = number(len(catalogue.load(record.id)), language)
    return [f"`{record.id}` · {rows} × {record.geometry} · {record.word('vintage', language)}", ""]


def _type(column: Column, language: Language) -> str:
    return column.type if column.type == "geometry" else text(f"plan_type.{column.type}", language)


def _cell(words: str) -> str:
    """Keep words within their cell."""
    return words.replace("|", "\\|").replace("\n", " ")
