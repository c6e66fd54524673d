"""What a site is to hold: where it will lie, in which languages, with which stories and downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from layers import stories
from layers.errors import RequestError, UnknownLayerError
from layers.snapshot import choosable
from layers.text import both
from layers.view import LANGUAGES, Language

# Each layer can be had in these; GeoPackage first, since it loses nothing.
FORMATS: tuple[str, ...] = ("gpkg", "geojson", "csv", "xlsx")
EXAMPLE = "https://example.org/map/"
# Ground of the map, of no use by itself.
_GROUND = ("neighbours", "water")


class PublishError(RequestError):
    """A site cannot be made as asked, or may not be put where it was asked for; says so in both languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Say what a site is to hold.

    `url` is the address it will have, empty where that is not known: what must name it in full is then left out.
    `stories` and `layers` are ids, None for all; `layers` are those to download, the map has every layer. `handouts`
    tells whether stories can be taken along as PDF and as one file, and the map as one file.

    Raises PublishError for an address, a language, a format or a story that cannot be, UnknownLayerError for a layer.
    """

    url: str = ""
    languages: tuple[Language, ...] = LANGUAGES
    stories: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    formats: tuple[str, ...] = FORMATS
    handouts: bool = True

    def __post_init__(self) -> None:
        _check("publish.no_language", self.languages, LANGUAGES, least=1)
        _check("publish.no_format", self.formats, FORMATS)
        _check("publish.no_story", self.stories or (), stories.ids())
        for layer in self.layers or ():
            if layer not in choosable():
                raise UnknownLayerError(layer, choosable())
        if self.url:
            object.__setattr__(self, "url", _address(self.url))

    @property
    def told(self) -> tuple[str, ...]:
        """Give the ids of the stories, in the order asked for."""
        return tuple(stories.ids()) if self.stories is None else self.stories

    @property
    def taken(self) -> tuple[str, ...]:
        """Give the layers to download, in the order of the catalogue; the table of emissions is one of them."""
        return tuple(
            layer
            for layer in choosable()
            if (layer in self.layers if self.layers is not None else layer not in _GROUND)
        )

    def said(self) -> Mapping[str, Any]:
        """Give the choices as plain data, for the marker of the site."""
        return {
            "url": self.url, "languages": list(self.languages), "stories": list(self.told),
            "layers": list(self.taken), "formats": list(self.formats), "handouts": self.handouts,
        }  # fmt: skip


def _check(key: str, given: tuple[str, ...], known: tuple[str, ...] | list[str], *, least: int = 0) -> None:
    wrong = [name for name in given if name not in known]
    if wrong or len(given) < least:
        raise PublishError(both(key, given=", ".join(wrong), known=", ".join(known)))


def _address(given: str) -> str:
    """Give an address of the web with a slash at its end. Raises PublishError for anything else."""
    try:
        parts = urlsplit(given)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        port_is_one = False
    told = given if len(given) < 200 else f"{given[:200]}…"
    if not port_is_one or any(sign.isspace() or sign in "\"'<>\\" for sign in given):
        raise PublishError(both("publish.bad_url", url=told, example=EXAMPLE))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise PublishError(both("publish.bad_url", url=told, example=EXAMPLE))
    return given if given.endswith("/") else f"{given}/"
