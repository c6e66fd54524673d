"""Metadata of a snapshot: ISO 19139 for catalogues and QGIS, a Frictionless data package for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from geo.types import Bounds
from layers import catalogue, numbers
from layers.catalogue import Source
from layers.print.words import Words
from layers.qgis.markup import document, node
from layers.snapshot.choice import Choice
from layers.snapshot.described import Described, describe, extent

NAMESPACES = {
    "xmlns:gmd": "http://www.isotc211.org/2005/gmd",
    "xmlns:gco": "http://www.isotc211.org/2005/gco",
    "xmlns:gml": "http://www.opengis.net/gml",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
_LANGUAGES = {"en": "eng", "fr": "fre"}
_TOPICS = {
    "territory": "boundaries",
    "industry": "economy",
    "decarbonation": "environment",
    "access": "transportation",
    "places": "society",
    "story": "society",
    "ground": "planningCadastre",
    "networks": "utilitiesCommunication",
}
# The dictionary of the columns, which stands beside the data; its first letters tell spreadsheets how it is written.
_DICTIONARY = {
    "name": "dictionary",
    "path": "dictionary.csv",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8-sig",
    "profile": "tabular-data-resource",
    "schema": {
        "fields": [
            {"name": name, "type": "string"}
            for name in ("layer", "column", "type", "unit", "meaning_en", "meaning_fr", "sources")
        ]
    },
}
_TYPES = {"int64": "integer", "Int64": "integer", "float64": "number", "bool": "boolean", "boolean": "boolean"}


def iso(layer: str, frame: Any, choice: Choice) -> str:
    """Write the ISO 19139 metadata of a layer as it was exported: its extent, system, lineage, licences, dates."""
    return _iso(layer, extent([frame]), choice, catalogue.data_version())


@lru_cache(maxsize=64)
def _iso(layer: str, box: Bounds | None, choice: Choice, version: str) -> str:
    # Asked for twice by a bundle: beside its data, and inside them.
    said = describe(layer, choice.language)
    root = node("gmd:MD_Metadata", NAMESPACES)
    root.extend(
        [
            _text("fileIdentifier", f"provence-map-{layer}-{version}"),
            _language(choice),
            node("gmd:characterSet", None, _code("MD_CharacterSetCode", "utf8")),
            node("gmd:hierarchyLevel", None, _code("MD_ScopeCode", "dataset")),
            node("gmd:contact", None, _party("pointOfContact", choice)),
            node("gmd:dateStamp", None, node("gco:Date", text=said.date)),
            _text("metadataStandardName", "ISO 19115:2003/19139"),
            _text("metadataStandardVersion", "1.0"),
            _system(choice),
            node("gmd:identificationInfo", None, _identification(said, box, choice)),
            node("gmd:dataQualityInfo", None, _lineage(said)),
        ]
    )
    return document(root, doctype='<?xml version="1.0" encoding="UTF-8"?>\n')


def _text(name: str, value: str) -> Element:
    return node(f"gmd:{name}", None, node("gco:CharacterString", text=value))


def _code(kind: str, value: str) -> Element:
    return node(f"gmd:{kind}", {"codeList": f"{_CODES}#{kind}", "codeListValue": value}, text=value)


def _language(choice: Choice) -> Element:
    code = _LANGUAGES[choice.language]
    listed = {"codeList": "http://www.loc.gov/standards/iso639-2/", "codeListValue": code}
    return node("gmd:language", None, node("gmd:LanguageCode", listed, text=code))


def _party(role: str, choice: Choice) -> Element:
    """Name who answers for it: the product; nobody to write to is known, and that is said."""
    unknown = node("gmd:contactInfo", {"gco:nilReason": "unknown"})
    return node(
        "gmd:CI_ResponsibleParty",
        None,
        _text("organisationName", "Provence Map"),
        _text("positionName", Words(choice.language).text("snapshot_file.no_contact")),
        unknown,
        node("gmd:role", None, _code("CI_RoleCode", role)),
    )


def _system(choice: Choice) -> Element:
    identifier = node(
        "gmd:RS_Identifier",
        None,
        _text("code", f"http://www.opengis.net/def/crs/EPSG/0/{choice.crs}"),
        _text("codeSpace", "EPSG"),
    )
    known = node("gmd:MD_ReferenceSystem", None, node("gmd:referenceSystemIdentifier", None, identifier))
    return node("gmd:referenceSystemInfo", None, known)


def _undated() -> Element:
    """Say that the day a source was made is not known; the standard has no word for the day it was carried here."""
    return node("gmd:date", {"gco:nilReason": "unknown"})


def _dated(day: str, kind: str) -> Element:
    made = node(
        "gmd:CI_Date",
        None,
        node("gmd:date", None, node("gco:Date", text=day)),
        node("gmd:dateType", None, _code("CI_DateTypeCode", kind)),
    )
    return node("gmd:date", None, made)


def _identification(said: Described, box: Bounds | None, choice: Choice) -> Element:
    citation = node("gmd:CI_Citation", None, _text("title", said.title), _dated(said.date, "revision"))
    made = node("gmd:MD_DataIdentification", None, node("gmd:citation", None, citation))
    made.append(_text("abstract", said.abstract))
    made.append(node("gmd:pointOfContact", None, _party("distributor", choice)))
    made.extend(node("gmd:resourceConstraints", None, _constraint(source, said.language)) for source in said.sources)
    made.append(_language(choice))
    made.append(node("gmd:characterSet", None, _code("MD_CharacterSetCode", "utf8")))
    record = catalogue.catalogue().layers.get(said.id)
    topic = _TOPICS[record.group if record else "industry"]
    made.append(node("gmd:topicCategory", None, node("gmd:MD_TopicCategoryCode", text=topic)))
    if box is not None:
        made.append(node("gmd:extent", None, _box(box, choice)))
    made.append(_text("supplementalInformation", said.limits))
    return made


def _constraint(source: Source, language: str) -> Element:
    licence = source.word("licence", language)
    link = node(
        "gmd:otherConstraints",
        None,
        node("gco:CharacterString", text=f"{licence} ({source.licence_url}). {source.word('attribution', language)}"),
    )
    return node(
        "gmd:MD_LegalConstraints",
        None,
        _text("useLimitation", source.word("attribution", language)),
        node("gmd:useConstraints", None, _code("MD_RestrictionCode", "otherRestrictions")),
        link,
    )


def _box(box: Bounds, choice: Choice) -> Element:
    edges = (
        ("westBoundLongitude", box.west),
        ("eastBoundLongitude", box.east),
        ("southBoundLatitude", box.south),
        ("northBoundLatitude", box.north),
    )
    drawn = node("gmd:EX_GeographicBoundingBox")
    drawn.extend(node(f"gmd:{name}", None, node("gco:Decimal", text=f"{value:.7f}")) for name, value in edges)
    return node(
        "gmd:EX_Extent",
        None,
        _text("description", choice.area.words(choice.language)),
        node("gmd:geographicElement", None, drawn),
    )


def _lineage(said: Described) -> Element:
    scope = node("gmd:DQ_Scope", None, node("gmd:level", None, _code("MD_ScopeCode", "dataset")))
    lineage = node("gmd:LI_Lineage", None, _text("statement", said.method))
    words = Words(said.language)
    for source in said.sources:
        title = f"{source.word('title', said.language)} ({source.word('publisher', said.language)})"
        citation = node("gmd:CI_Citation", None, _text("title", title), _undated())
        retrieved = f"{words.text('snapshot_file.retrieved')} {numbers.date(source.retrieved, said.language)}"
        told = f"{source.word('vintage', said.language)}. {retrieved}, {source.url}"
        made = node("gmd:LI_Source", None, _text("description", told), node("gmd:sourceCitation", None, citation))
        lineage.append(node("gmd:source", None, made))
    return node("gmd:DQ_DataQuality", None, node("gmd:scope", None, scope), node("gmd:lineage", None, lineage))


def package(
    frames: Mapping[str, Any],
    paths: Mapping[str, Sequence[str]],
    choice: Choice,
    meanings: Mapping[tuple[str, str], str],
) -> str:
    """Write the Frictionless data package of a bundle.

    paths: the files of each layer, relative to the package. meanings: of each column, by layer and name.
    """
    language = choice.language
    known = catalogue.catalogue().sources
    sources = [known[source] for source in choice.sources()]
    made = {
        "profile": "data-package",
        "name": "provence-map",
        "title": f"Provence Map – {choice.area.words(language)}",
        "description": Words(language).text("snapshot_file.about"),
        "version": catalogue.data_version(),
        "created": f"{choice.date()}T00:00:00Z",
        "homepage": None,
        "languages": [language],
        "licenses": _licences(sources, language),
        "sources": [_source(source, language) for source in sources],
        "resources": [
            *(_resource(layer, at, frame, choice, meanings) for layer, frame in frames.items() for at in paths[layer]),
            _DICTIONARY,
        ],
    }
    return json.dumps({k: v for k, v in made.items() if v is not None}, ensure_ascii=False, indent=1) + "\n"


def _licences(sources: Sequence[Source], language: str) -> list[dict[str, str]]:
    """List each licence once; a source without a stated licence says so."""
    found = {(s.word("licence", language), s.licence_url): None for s in sources}
    return [{"title": title, "path": path} for title, path in found]


def _source(source: Source, language: str) -> dict[str, str]:
    return {
        "title": f"{source.word('title', language)} ({source.word('publisher', language)})",
        "path": source.url,
        "attribution": source.word("attribution", language),
        "retrieved": source.retrieved,
        "vintage": source.word("vintage", language),
    }


def _resource(
    layer: str, path: str, frame: Any, choice: Choice, meanings: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    said = describe(layer, choice.language)
    ending = path.rpartition(".")[2]
    geometry = "geometry" in frame
    box = extent([frame])
    made: dict[str, Any] = {
        "name": f"{layer}-{ending}",
        "path": path,
        "layer": layer,
        "title": said.title,
        "description": f"{said.abstract} {said.method}",
        "format": ending,
        "encoding": "utf-8",
        # Not "rows": programs that check a package count the rows of a file, and cannot of one that holds layers.
        "count": len(frame),
        "schema": {"fields": [_field(layer, str(c), frame[c], meanings) for c in frame.columns if c != "geometry"]},
        "licenses": _licences(said.sources, choice.language),
        "sources": [_source(source, choice.language) for source in said.sources],
    }
    if geometry:
        made["crs"] = f"EPSG:{choice.crs}"
    if box is not None:
        made["bbox"] = [box.west, box.south, box.east, box.north]
    return made


def _field(layer: str, column: str, values: Any, meanings: Mapping[tuple[str, str], str]) -> dict[str, str]:
    made = {"name": column, "type": _TYPES.get(str(values.dtype), "string")}
    meaning = meanings.get((layer, column))
    return made | ({"description": meaning} if meaning else {})
