"""Where the figures of a brief come from: each source has a letter, given in the order in which it is first used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from urllib.parse import urlsplit

from layers import catalogue
from layers.print.ink import REGULAR, Run, quiet, strong
from layers.print.words import Words, tidy

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

    def entries(self, *, whole: bool) -> Iterator[list[Run]]:
        """Give one text per source: letter, publisher, title, licence, vintage.

        Without `whole` the words that its licence asks for stand for publisher, title and licence.
        """
        for source, letter in self._letters.items():
            say = self._table if source.startswith(TABLE) else self._source if whole else self._attribution
            yield [strong(f"{letter}\u00a0\u00a0", "primary"), *say(source)]

    def _attribution(self, source: str) -> list[Run]:
        record = catalogue.catalogue().sources[source]
        vintage = tidy(record.word("vintage", self.words.language)).partition(" (")[0]
        said = tidy(record.word("attribution", self.words.language))
        runs = [Run(said, link="" if source in {PAGES, OWN} else record.url)]
        return runs if vintage in said else [*runs, quiet(f" · {vintage}")]

    def _source(self, source: str) -> list[Run]:
        record = catalogue.catalogue().sources[source]
        said = {
            name: tidy(record.word(name, self.words.language)) for name in ("publisher", "title", "licence", "vintage")
        }
        link = "" if source in {PAGES, OWN} else record.url
        return [
            strong(said["publisher"]),
            Run(f", {said['title']}. ", link=link),
            quiet(self.words.text("paper.terms", licence=said["licence"], vintage=said["vintage"])),
        ]

    def _table(self, source: str) -> list[Run]:
        layer = catalogue.catalogue().layers[source.removeprefix(TABLE)]
        rows = len(catalogue.load(layer.id))
        return [
            strong("Provence Map"),
            Run(f", {layer.title(self.words.language)}. "),
            quiet(
                self.words.text(
                    "paper.table_terms",
                    n=rows,
                    sources=len(layer.sources),
                    vintage=layer.word("vintage", self.words.language),
                )
            ),
        ]

    def pages(self, *, whole: bool) -> list[list[Run]]:
        """Give the pages item by item, those of the same items together; every one leads to its page.

        Without `whole` the name of its website stands for its title and its address.
        """
        grouped: dict[tuple[int, ...], list[Run]] = {}
        for (title, address), numbers in sorted(self._pages.items(), key=lambda page: page[1]):
            runs = grouped.setdefault(tuple(numbers), [])
            if runs:
                runs.append(Run("; "))
            runs += _cited(title, address, whole=whole)
        return [[numbered(numbers), *runs] for numbers, runs in grouped.items()]


def numbered(numbers: Iterable[int]) -> Run:
    """Give the numbers of items, to stand before what is said of them."""
    return strong(",\u00a0".join(map(str, numbers)) + "\u00a0\u00a0")


def site_of(address: str) -> str:
    """Give the name of the site of an address."""
    return urlsplit(address).netloc.removeprefix("www.")


def _cited(title: str, address: str, *, whole: bool) -> Iterator[Run]:
    site = site_of(address)
    if title != site and (whole or not site):
        yield Run(title + (", " if site else ""), link=address)
    if site:
        yield Run(site, REGULAR, "primary", link=address)
