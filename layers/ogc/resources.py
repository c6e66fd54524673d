"""What each address of the OGC API answers, as plain data: landing, conformance, collections, items, schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from layers.ogc import collections
from layers.ogc.collections import CRS84, SYSTEMS, Collection, Field
from layers.ogc.features import Page, feature
from layers.text import text
from layers.view import Language

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMS = (
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "geojson", "html", "oas30")
    ),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
)
Resource = dict[str, Any]
_NONE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Asker:
    """Where the API stands, the language of its words, that of columns (None: all), and what the links carry on."""

    root: str
    language: Language
    columns: Language | None
    carried: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Give a text of the API."""
        return text(f"ogc.{key}", self.language, **values)

    def link(self, path: str, rel: str, kind: str, title: str, more: Mapping[str, object] = _NONE) -> Resource:
        """Make a link below the root, with the parameters carried on and more."""
        query = urlencode({**self.carried, **more})
        found = {"href": f"{self.root}{path}{'?' if query else ''}{query}", "rel": rel, "type": kind, "title": title}
        return found | ({} if kind == SCHEMA else {"hreflang": self.language})

    def forms(self, path: str, kind: str, title: str, more: Mapping[str, object] = _NONE) -> list[Resource]:
        """Make the links of a resource to itself, as data and as a page."""
        return [
            self.link(path, "self", kind, title, {**more, "f": "json"}),
            self.link(path, "alternate", HTML, self.say("as_page"), {**more, "f": "html"}),
        ]


def landing(asker: Asker) -> Resource:
    """Return the landing page."""
    say = asker.say
    return {
        "title": say("title"),
        "description": say("description"),
        "attribution": say("attribution"),
        "links": [
            *asker.forms("", JSON, say("landing")),
            asker.link("/api", "service-desc", OPENAPI, say("api"), {"f": "json"}),
            asker.link("/api", "service-doc", HTML, say("api"), {"f": "html"}),
            asker.link("/conformance", "conformance", JSON, say("conformance")),
            asker.link("/collections", "data", JSON, say("collections")),
        ],
    }


def conformance(asker: Asker) -> Resource:
    """Return the requirement classes that are kept."""
    return {"conformsTo": list(CONFORMS), "links": asker.forms("/conformance", JSON, asker.say("conformance"))}


def all_collections(asker: Asker) -> Resource:
    """Return every collection."""
    return {
        "links": asker.forms("/collections", JSON, asker.say("collections")),
        "crs": list(SYSTEMS),
        "collections": [one_collection(collections.collection(name), asker) for name in collections.ids()],
    }


def one_collection(found: Collection, asker: Asker) -> Resource:
    """Return a collection: what it is, where it lies, its licences, and the systems it comes in."""
    layer, language, say = found.layer, asker.language, asker.say
    path = f"/collections/{found.id}"
    extent = found.extent()
    sources = collections.sources(found)
    said = {"method": getattr(layer, f"method_{language}"), "limits": getattr(layer, f"limits_{language}")}
    licences = {source.licence_url: source.word("licence", language) for source in sources}
    return {
        "id": found.id,
        "title": layer.title(language),
        "description": f"{said['method']} {said['limits']} {say('vintage', vintage=layer.word('vintage', language))}",
        "attribution": " · ".join(source.word("attribution", language) for source in sources),
        "extent": {"spatial": {"bbox": [[extent.west, extent.south, extent.east, extent.north]], "crs": CRS84}},
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "storageCrs": CRS84,
        "links": [
            *asker.forms(path, JSON, layer.title(language)),
            asker.link(f"{path}/items", "items", GEOJSON, say("items"), {"f": "json"}),
            asker.link(f"{path}/items", "items", HTML, say("items"), {"f": "html"}),
            asker.link(f"{path}/schema", "describedby", SCHEMA, say("schema")),
            *(
                {"href": url, "rel": "license", "type": HTML, "title": title, "hreflang": language}
                for url, title in licences.items()
            ),
        ],
    }


def items(found: Collection, page: Page, asker: Asker, said: Mapping[str, object]) -> Resource:
    """Return a page of features with links to the next and the previous one; `said` is what was asked for."""
    path = f"/collections/{found.id}/items"
    kept = {name: value for name, value in said.items() if name not in {"f", "lang"}}
    links = asker.forms(path, GEOJSON, found.layer.title(asker.language), kept)
    for rel, start in (("next", page.next), ("prev", page.previous)):
        if start is not None:
            links.append(asker.link(path, rel, GEOJSON, asker.say(rel), {**kept, "offset": start, "f": "json"}))
    links.append(asker.link(f"/collections/{found.id}", "collection", JSON, found.layer.title(asker.language)))
    return {
        "type": "FeatureCollection",
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "links": links,
        "features": page.features,
    }


def item(found: Collection, key: str, asker: Asker, *, system: str) -> Resource:
    """Return one feature. Raises MissingError."""
    path = f"/collections/{found.id}/items/{quote(key, safe='')}"
    more = {} if system == CRS84 else {"crs": system}
    made = feature(found, found.place(key), system=system, language=asker.columns)
    links = [
        *asker.forms(path, GEOJSON, key, more),
        asker.link(f"/collections/{found.id}", "collection", JSON, found.layer.title(asker.language)),
    ]
    return made | {"links": links}


def schema(found: Collection, asker: Asker) -> Resource:
    """Return the schema of a collection's features, so that no reader has to guess a type from some rows.

    It is written as OpenAPI 3.0 writes schemas: GDAL reads a list of types (`["integer", "null"]`) as text.
    """
    return {
        "$id": f"{asker.root}/collections/{found.id}/schema",
        **feature_schema(found, asker.columns),
        "title": found.layer.title(asker.language),
    }


def feature_schema(found: Collection, columns: Language | None) -> Resource:
    """Return what a feature of a collection is made of, in words of JSON schema."""
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {
                "type": "object",
                # Named above as the feature's own: GDAL would make two fields of it.
                "properties": {field.name: _kind(field) for field in found.told(columns) if field.name != "id"},
            },
        },
    }


def _kind(field: Field) -> Resource:
    return {"type": field.kind, "nullable": True} if field.nullable else {"type": field.kind}
