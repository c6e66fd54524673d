"""Where the figures of a brief come from: each source has a letter, given in the order in which it is first used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from urllib.parse import urlsplit

from layers import catalogue
from layers.brief.ink import REGULAR, Run, quiet, strong
from layers.brief.words import Words, tidy

PAGES = "public-pages"
OWN = "provence-map"
# A count is made of a whole table, which has sources of its own: it is cited as the table.
TABLE = "table:"


@dataclass(slots=True)
class References:
    """Collect the sources used and the pages behind single items."""

    words: Words
    _letters: dict[str, str] = field(default_factory=dict)
    _pages: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def mark(self, *sources: str) -> Run:
        """Give the letters of sources, to stand after a figure: ids of the catalogue, or `table:` and a layer."""
        for source in sources:
            at = len(self._letters)
            repeat = ascii_lowercase[at // 26 - 1] if at >= 26 else ""
            self._letters.setdefault(source, repeat + ascii_lowercase[at % 26])
        order = list(self._letters)
        marks = [self._letters[source] for source in sorted(dict.fromkeys(sources), key=order.index)]
        return Run("\u202f" + ",".join(marks), REGULAR, "primary", mark=True)

    def page(self, number: int, title: str, address: str) -> None:
        """Add a public page that says something of an item."""
        numbers = self._pages.setdefault((tidy(title), address), [])
        if number not in numbers:
            numbers.append(number)

    def entries(self) -> Iterator[list[Run]]:
        """Give one text per source: letter, publisher, title, licence, vintage."""
        for source, letter in self._letters.items():
            yield [strong(f"{letter}\u2002", "primary"), *(self._table(source) if TABLE in source else self._source(source))]

    def _source(self, source: str) -> list[Run]:
        record = catalogue.catalogue().sources[source]
        said = {name: tidy(record.word(name, self.words.language)) for name in ("publisher", "title", "licence", "vintage")}
        link = "" if source in {PAGES, OWN} else record.url
        return [
            strong(said["publisher"]),
            Run(self.words.text("brief.source", title=said["title"]), link=link),
            quiet(self.words.text("brief.terms", licence=said["licence"], vintage=said["vintage"])),
        ]

    def _table(self, source: str) -> list[Run]:
        layer = catalogue.catalogue().layers[source.removeprefix(TABLE)]
        rows = len(catalogue.load(layer.id))
        return [
            strong("Provence Map"),
            Run(self.words.text("brief.source", title=layer.title(self.words.language))),
            quiet(
                self.words.text(
                    "brief.table_terms",
                    n=rows,
                    sources=len(layer.sources),
                    vintage=layer.word("vintage", self.words.language),
                )
            ),
        ]

    def pages(self, *, whole: bool) -> list[list[Run]]:
        """Give the pages item by item, those of the same items together; `whole` writes addresses out.

        Without it only the site is written, and leads to the page.
        """
        grouped: dict[tuple[int, ...], list[Run]] = {}
        for (title, address), numbers in sorted(self._pages.items(), key=lambda page: page[1]):
            runs = grouped.setdefault(tuple(numbers), [])
            if runs:
                runs.append(Run("; "))
            runs += _cited(title, address, whole=whole)
        return [[strong(f"{', '.join(map(str, numbers))}\u2002"), *runs] for numbers, runs in grouped.items()]


def site_of(address: str) -> str:
    """Give the name of the site of an address."""
    return urlsplit(address).netloc.removeprefix("www.")


def _cited(title: str, address: str, *, whole: bool) -> Iterator[Run]:
    site = site_of(address)
    shown = address.removeprefix("https://").removeprefix("http://") if whole else site
    if title and title != site:
        yield Run(title + (", " if shown else ""), link=address)
    if shown:
        yield Run(shown, REGULAR, "primary", link=address)
