"""The pages of a site: explorer, stories, downloads in each language, the first page and that of a lost address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from layers import numbers
from layers.print.words import tidy
from layers.publish import hosts, pictures
from layers.publish.choices import Choices
from layers.publish.downloads import Row, Taken
from layers.publish.files import Files
from layers.publish.parts import Parts, Told, page_config
from layers.stories import Story
from layers.style import TOKENS, css_variables
from layers.text import text
from layers.view import Language

_LOCALES: dict[Language, str] = {"en": "en_GB", "fr": "fr_FR"}
STORIES, DOWNLOADS = "stories/", "downloads/"


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    # StrictUndefined: a slot that nothing fills is an error, not an empty place.
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a language: `path` is its folder below that of the language; `picture` its preview, from the root."""

    language: Language
    path: str
    title: str
    about: str
    picture: str


@dataclass(slots=True)
class Pages:
    """Write the pages of a site into its files."""

    files: Files
    choices: Choices
    parts: Parts
    icons: Mapping[str, str]
    style: str
    day: str
    version: str
    # Addresses of each page by language, for the map of the site.
    listed: dict[str, dict[str, str]] = field(default_factory=dict)

    def explorer(self, page: Page) -> None:
        """Write the page of the map."""
        tabs = self._tabs(page, "explore")
        self._map(page, config=page_config(None, site=self._site(page), pages=tabs, away=self.parts.away), theme=None)

    def story(self, page: Page, told: Told) -> None:
        """Write the page that plays a story."""
        # Without tabs: what leads back to the story stands in their place when the map is explored.
        config = page_config(told, site=self._site(page), pages=(), away=self.parts.away)
        self._map(page, config=config, theme="dark")

    def stories(self, page: Page, told: Sequence[Story], taken: Sequence[Taken], shown: list[str]) -> None:
        """Write the list of stories; `shown` is the preview of each, `taken` what can be taken along of each."""
        rows = [
            {
                "href": f"{story.id}/", "title": story.title[page.language], "about": story.about[page.language],
                "picture": picture, "files": taken[at].files if at < len(taken) else (),
                "length": text("publish.length", page.language, scenes=len(story.scenes), minutes=story.minutes),
            }
            for at, (story, picture) in enumerate(zip(told, shown, strict=True))
        ]  # fmt: skip
        self._plain("stories.html", page, "stories", stories=rows)

    def downloads(self, page: Page, rows: Sequence[Row], taken: Sequence[Taken]) -> None:
        """Write what can be taken along, with source, day, licence, system, size and sum, and the list of sums."""
        language = page.language
        told = [
            {"id": row.id, "title": row.title, "said": row.said, "files": row.files, "count": _counted(row, language)}
            for row in rows
        ]
        self._plain("downloads.html", page, "downloads", rows=told, taken=taken,
                    tidy=tidy, date=lambda iso: numbers.date(iso, language))  # fmt: skip
        files = [file for held in (*(row.files for row in rows), *(one.files for one in taken)) for file in held]
        sums = "".join(f"{file.sha256}  {file.href}\n" for file in sorted(files, key=lambda file: file.href))
        self.files.put(f"{language}/{DOWNLOADS}SHA256SUMS", sums)

    def first(self, picture: str) -> None:
        """Write the page at the root: on to the reader's language, with a link to each."""
        language = self.choices.languages[0]
        page = Page(language, "", text("publish.title", language), text("publish.about", language), picture)
        shared = self._page(page, root="", path="")
        # A script that runs at once, so that nobody sees this page whose browser can go on.
        choose = self.files.asset("choose.js", hosts.static("choose.js"))
        self._write("index.html", "root.html", page=shared, choose=choose, tongues=self._tongues(""))

    def missing(self) -> None:
        """Write the page of a lost address. It is shown at any depth, so that it holds all it needs."""
        tongues = [
            {
                "code": language, "title": text("publish.missing", language),
                "about": text("publish.missing_what" if self.choices.url else "publish.missing_alone", language),
                "link": text("publish.missing_link", language),
                "href": f"{self.choices.url}{language}/" if self.choices.url else "",
            }
            for language in self.choices.languages
        ]  # fmt: skip
        self._write("404.html", "missing.html", tongues=tongues, style=plain_style(None))

    def _map(self, page: Page, *, config: str, theme: str | None) -> None:
        # A show brings a style of its own; it opens the explorer in the same page.
        playing = theme is not None
        scripts = self.parts.show_scripts if playing else self.parts.scripts
        style = self.parts.show_style if playing else self.parts.style
        shared = self._page(page, style=style)
        frame = _templates().from_string(self.parts.frame).render(map=self.parts.map)
        self._write(
            f"{page.language}/{page.path}index.html", "map.html", page=shared, theme=theme, scripts=scripts,
            frame=frame, config=config, noscript=text("document.noscript", page.language),
            links=self._links(page, "") + self._tongues(page.path, root=self._root(page)),
        )  # fmt: skip
        self._note(page)

    def _plain(self, template: str, page: Page, current: str, **values: Any) -> None:
        def say(key: str, **more: object) -> str:
            return text(f"publish.{key}", page.language, **more)

        shared = self._page(page)
        self._write(
            f"{page.language}/{page.path}index.html", template, page=shared, say=say,
            links=self._links(page, current), tongues=self._tongues(page.path, root=self._root(page)),
            day=numbers.date(self.day, page.language), version=self.version, **values,
        )  # fmt: skip
        self._note(page)

    def _write(self, path: str, template: str, **values: Any) -> None:
        self.files.put(path, _templates().get_template(template).render(**values))

    def _note(self, page: Page) -> None:
        if page.path not in self.listed:
            self.listed[page.path] = self._alternates(page)

    def _root(self, page: Page) -> str:
        return "../" * (1 + page.path.count("/"))

    def _site(self, page: Page) -> dict[str, Any]:
        return {"root": self._root(page), "path": page.path, "languages": list(self.choices.languages)}

    def _alternates(self, page: Page) -> dict[str, str]:
        """Give the addresses of a page by language; the first page is for who reads another."""
        found = {language: f"{language}/{page.path}" for language in self.choices.languages}
        return found | {"x-default": page.path and f"{self.choices.languages[0]}/{page.path}"}

    def _page(self, page: Page, *, root: str | None = None, path: str | None = None, style: str = "") -> dict[str, Any]:
        """Give what the head of a page says of it."""
        return {
            "language": page.language, "title": page.title, "about": page.about, "policy": hosts.POLICY,
            "root": self._root(page) if root is None else root, "url": self.choices.url,
            "path": f"{page.language}/{page.path}" if path is None else path, "alternates": self._alternates(page),
            "picture": page.picture, "picture_size": (pictures.WIDTH, pictures.HEIGHT),
            "picture_alt": text("publish.picture_alt", page.language, title=page.title),
            "locale": _LOCALES[page.language],
            "other_locales": [_LOCALES[code] for code in self.choices.languages if code != page.language],
            "colour": TOKENS["primary"][0], "icons": self.icons, "manifest": f"{page.language}/site.webmanifest",
            "font": self.parts.font, "style": style or self.style, "home": "../" * page.path.count("/") or "./",
        }  # fmt: skip

    def _tabs(self, page: Page, current: str) -> list[dict[str, object]]:
        """Give the pages for the header of the map, seen from one of them."""
        up = "../" * page.path.count("/")
        found: list[dict[str, object]] = []
        for id_, path in self._places():
            one: dict[str, object] = {"id": id_, "href": f"{up}{path}" or "./", "plain": True}
            found.append(one | ({"current": True} if id_ == current else {}))
        return found

    def _places(self) -> list[tuple[str, str]]:
        there = [("explore", "")]
        there += [("stories", STORIES)] if self.choices.told else []
        return [*there, ("downloads", DOWNLOADS)]

    def _links(self, page: Page, current: str) -> list[dict[str, Any]]:
        say: Callable[[str], str] = lambda id_: text(f"page.{id_}", page.language)  # noqa: E731
        return [
            {"href": one["href"], "title": say(str(one["id"])), "current": bool(one.get("current"))}
            for one in self._tabs(page, current)
        ]

    def _tongues(self, path: str, *, root: str = "") -> list[dict[str, str]]:
        """Give the same page in each language, as its readers call it."""
        return [
            {
                "code": code, "href": f"{root}{code}/{path}", "name": text(f"language.{code}", code),
                "title": text(f"language.{code}", code), "about": text("publish.about", code),
            }
            for code in self.choices.languages
        ]  # fmt: skip


def _counted(row: Row, language: Language) -> str:
    one = row.rows < 2 if language == "fr" else row.rows == 1
    return text(f"publish.rows_{'one' if one else 'other'}", language, n=numbers.number(row.rows, language))


def plain_style(font: str | None) -> str:
    """Write the style of the pages without a map: as the reader's system is, light or dark. `font` is beside it."""
    light, dark = css_variables().split("\n")
    dark = dark.replace("[data-theme=dark]", ":root")
    face = f'@font-face{{font-family:Inter;src:url({font}) format("woff2");font-weight:400 700;font-display:swap}}'
    tokens = f"{light}\n@media (prefers-color-scheme: dark){{{dark}}}"
    return "\n".join((tokens, *([face] if font else []), hosts.static("pages.css")))
