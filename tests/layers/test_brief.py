"""The brief as its reader opens it: two pages of A4, texts in each language, sources, fonts inside, nothing remote."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from geo.errors import GeoError
from layers import brief, catalogue
from layers.brief import shortlist
from layers.errors import BriefError
from layers.print import ink
from layers.print.words import Words
from layers.view import LANGUAGES, Language

TODAY = date(2026, 11, 24)
ONE = ["site:arcelormittal-fos"]
THREE = ["site:edf-martigues", "project:gravithy-fos", "commune:13039"]
EACH_KIND = [
    "site:alteo-gardanne", "project:barmar-h2med", "commune:13055", "pole:martigues-fos",
    "place:pole-d-activites-d-aix-en-provence-les-milles-la-duranne", "port:lavera",
    "station:aix-en-provence-centre", "airport:aix-en-provence",
]  # fmt: skip


def address_of(keys: Sequence[str]) -> str:
    """Write an address as the server would."""
    return f"https://map.example.org/?keep={quote(','.join(keys), safe=',:')}&panel=shortlist"


def write(keys: Sequence[str], language: Language = "en", **changes: Any) -> bytes:
    """Write a brief of some keys."""
    given: dict[str, Any] = {"year": 2022, "language": language, "address": address_of(keys), "today": TODAY}
    return brief.write(keys, **(given | changes))


def opened(pdf: bytes) -> PdfReader:
    """Open it and check the form that every brief has."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert [round(float(v), 1) for v in page.mediabox] == [0, 0, 595.3, 841.9]
    return reader


def texts(pdf: bytes) -> list[str]:
    """Give the text of each page, its lines and spaces brought together."""
    return [" ".join(page.extract_text().split()) for page in opened(pdf).pages]


def longest(kind: str) -> list[str]:
    """Give the twelve keys of a kind that take most room."""
    rows = catalogue.load(shortlist.LAYER_OF[kind])
    columns = {"site": ["name", "operator", "sources"], "project": ["name_fr", "holder"], "place": ["name", "source"]}
    length = sum(rows[column].str.len() for column in columns[kind])
    return [f"{kind}:{name}" for name in rows.assign(length=length).nlargest(12, "length")["id"]]


def test_one_site_is_said_in_english_with_its_figures_sources_and_address() -> None:
    first, second = texts(write(ONE))
    for said in ("Provence Map", "Investor brief", "Issued 24 November 2026", "6.45 Mt of verified CO₂ in 2022",
                 "−24% since 2005", "on A4", "Page 1 of 2"):  # fmt: skip
        assert said in first
    for said in ("Upper tier", "Fos-sur-Mer, 2.1 km", "What the figures say", "Martigues–Fos", "337,702 inhabitants",
                 "European Commission, Union Registry", "CC BY 4.0", "Limits", "Open on the map"):  # fmt: skip
        assert said in second
    assert address_of(ONE) in second.replace(" ", "")


def test_three_items_are_said_in_french() -> None:
    first, second = texts(write(THREE, "fr"))
    for said in ("Sélection de 3 lieux en Aix-Marseille-Provence", "Édité le 24 novembre 2026",
                 "1,45 Mt de CO₂ vérifiées en 2022", "2,2 Md€",
                 "Concertation menée, ▲ en juillet 2025, il y a plus d’un an"):  # fmt: skip
        assert said in first
    for said in ("Comparaison des chiffres", "Ce que disent les chiffres", "2 Mt de fer réduit par an", "Seveso",
                 "tels qu’annoncés", "Licence Ouverte 2.0", "Ouvrir sur la carte"):  # fmt: skip
        assert said in second


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", EACH_KIND)
def test_each_kind_alone_makes_two_pages_with_its_name_on_both(key: str, language: Language) -> None:
    item = shortlist.read([key], Words(language))[0]
    for page in texts(write([key], language)):
        assert item.name in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["site", "project", "place"])
def test_the_twelve_longest_of_a_kind_are_all_there_on_two_pages(kind: str, language: Language) -> None:
    keys = longest(kind)
    first, second = texts(write(keys, language))
    for item in shortlist.read(keys, Words(language)):
        assert item.name in first
        assert item.name in second


def test_twelve_of_all_kinds_fit_whatever_they_are() -> None:
    known = {
        kind: [f"{kind}:{name}" for name in catalogue.load(layer)["code" if kind == "commune" else "id"]]
        for kind, layer in shortlist.LAYER_OF.items()
    }
    chosen = random.Random(3)  # noqa: S311 (the same draw each time)
    for mixed in (["site", "project"], ["site", "project", "commune", "place"], list(known)):
        keys = [chosen.choice(known[mixed[i % len(mixed)]]) for i in range(12)]
        opened(write(keys, "fr"))


def test_no_letter_is_one_that_the_typeface_lacks() -> None:
    said = "".join(page.extract_text() for page in opened(write(EACH_KIND, "fr")).pages)
    assert {letter for letter in said if ord(letter) not in ink.letters()} <= {"\n"}
    # ₂ and the narrow space survive the way into the file and out of it.
    assert "CO₂" in said
    assert re.search("\u202f[;:%]", said)


def test_every_source_letter_leads_to_one_source() -> None:
    reader = opened(write(THREE))
    marks: set[str] = set()

    def visit(text: str, _cm: Any, _tm: Any, _font: Any, size: float) -> None:
        if text.startswith("\u202f") and size < ink.SMALLEST:
            marks.update(text.strip().split(","))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    listed = set(re.findall(r"(?:^|\n)([a-z])  \n", reader.pages[1].extract_text()))
    assert listed
    assert listed == {chr(ord("a") + i) for i in range(len(listed))}
    assert marks <= listed


def test_the_same_input_gives_the_same_bytes() -> None:
    assert write(THREE) == write(THREE)


def test_another_year_language_date_or_order_changes_the_brief() -> None:
    made = {write(ONE), write(ONE, year=2012), write(ONE, "fr"), write(ONE, today=date(2026, 1, 1))}
    made |= {write(THREE), write(THREE[::-1])}
    assert len(made) == 6


def test_fonts_are_inside_and_nothing_is_fetched_or_run() -> None:
    reader = opened(write(EACH_KIND))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            entry = font.get_object()
            names.add(entry["/BaseFont"].partition("+")[2])
            assert "/FontFile2" in entry["/FontDescriptor"].get_object()
    assert names == {ink.REGULAR, ink.SEMIBOLD, ink.BOLD}
    raw = write(EACH_KIND)
    for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/GoToR", b"/OpenAction", b"/XObject /Image"):
        assert word not in raw


def test_links_lead_only_to_the_map_and_to_pages_of_sources() -> None:
    keys = [*ONE, "project:gravithy-fos"]
    known = {source.url for source in catalogue.catalogue().sources.values()}
    known |= set(catalogue.table("site_sources")["source_url"]) | set(catalogue.table("project_sources")["source_url"])
    known |= set(catalogue.load("decarbonation")["source_url"]) | {address_of(keys)}
    links = {
        annotation.get_object()["/A"]["/URI"]
        for page in opened(write(keys)).pages
        for annotation in page.get("/Annots", [])
    }
    assert address_of(keys) in links
    assert links <= known


def test_the_document_says_its_title_and_language() -> None:
    reader = opened(write(ONE, "fr", title="Pour le conseil : l’acier"))
    assert reader.metadata is not None
    assert reader.metadata.title == "Pour le conseil : l’acier · Provence Map"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert "Pour le conseil : l’acier" in texts(write(ONE, "fr", title="Pour le conseil : l’acier"))[0]


def test_the_metadata_is_dated_on_the_day_of_issue() -> None:
    for day in (TODAY, date(2027, 2, 3)):
        metadata = opened(write(ONE, today=day)).metadata
        assert metadata is not None
        assert metadata.creation_date is not None
        assert metadata.creation_date.date() == day
        assert metadata.modification_date is not None
        assert metadata.modification_date.date() == day


def test_the_page_behind_a_tier_stands_among_the_pages_not_in_the_table() -> None:
    second = texts(write(ONE))[1]
    site = catalogue.load("industry").set_index("id").loc["arcelormittal-fos"]
    assert second.count(site["seveso_source"]) == 1
    assert second.index("Upper tier") < second.index("Pages, by number") < second.index(site["seveso_source"])


def test_a_distance_from_an_approximate_site_says_so() -> None:
    sites = catalogue.load("industry").set_index("id")
    assert not sites["approximate"]["arcelormittal-fos"]
    assert "≈" not in texts(write(ONE))[1]
    unsure = sites.index[sites["approximate"]][0]
    assert re.search(r"≈\s\d+\.\d km", texts(write([f"site:{unsure}"]))[1])


def test_a_site_without_a_figure_says_so_and_a_declared_one_is_never_called_verified() -> None:
    first, _ = texts(write(["site:evere-fos"]))
    assert "No published figure" in first
    assert "declared: 410 kt in 2019, IREP" in first


def test_a_tier_without_a_known_source_is_not_known() -> None:
    assert "Not known" in texts(write(["site:edf-martigues"]))[1]


def test_an_amount_for_a_wider_programme_is_said_to_be_one() -> None:
    assert "for a programme wider than this territory" in texts(write(["project:barmar-h2med"]))[1]


def test_every_unknown_key_is_named_and_what_to_do() -> None:
    with pytest.raises(GeoError, match=r"3 faults: 'site:nope' is not known; 'foo:bar' is not known; 'x' is not known"):
        write(["site:nope", *ONE, "foo:bar", "x"])
    with pytest.raises(BriefError, match=r"as kind:id, with a kind of site, project, commune"):
        write(["site:nope"])


def test_an_empty_or_too_long_list_is_refused() -> None:
    with pytest.raises(BriefError, match="the shortlist is empty"):
        write([])
    stations = [f"station:{name}" for name in catalogue.load("stations")["id"].head(13)]
    with pytest.raises(BriefError, match="13 features are on the shortlist, at most 12 fit"):
        write(stations)


def test_a_key_kept_twice_is_one_item() -> None:
    assert write([*ONE, *ONE], address="https://map.example.org/") == write(ONE, address="https://map.example.org/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"year": 2023}, "year 2023 is not between 2005 and 2022"),
        ({"address": ""}, "the address of 0 bytes"),
        ({"address": "https://a.example/?" + "x" * 2000}, "the address of 2019 bytes"),
        ({"address": "https://a.example/ b"}, "without spaces"),
        ({"title": "x" * 121}, "the title has 121 letters, at most 120"),
        ({"title": "投資"}, "letters that the typeface lacks: '投' '資'"),
    ],
)
def test_what_cannot_be_printed_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BriefError, match=re.escape(words)):
        write(ONE, **changes)
