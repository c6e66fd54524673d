"""The OpenAPI 3.0 document: every address, parameter and answer, written from what the API itself reads by."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from layers.ogc import collections
from layers.ogc.collections import CRS84, SYSTEMS, Collection, Field
from layers.ogc.query import ALL, FORMATS, MOST, MOST_OFFSET, MOST_VALUE, USUAL
from layers.ogc.resources import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asker
from layers.view import LANGUAGES

Part = dict[str, Any]
_FAULTS = {
    "400": "fault_asked", "404": "fault_missing", "405": "fault_method", "429": "fault_often", "503": "fault_busy",
}  # fmt: skip
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_BOX = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}


def document(asker: Asker) -> Part:
    """Return the document in the words of a language, for the API at its root."""
    say = asker.say
    paths: Part = {
        "/": _get(asker, "landing", "landing", [JSON], []),
        "/api": _get(asker, "api", "api", [OPENAPI], []),
        "/conformance": _get(asker, "conformance", "conformance", [JSON], []),
        "/collections": _get(asker, "collections", "collections", [JSON], []),
    }
    for name in collections.ids():
        paths |= _paths_of(collections.collection(name), asker)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": say("title"),
            "description": say("description"),
            "version": version("provence-map"),
        },
        "servers": [{"url": asker.root}],
        "paths": paths,
        "components": {
            "parameters": _parameters(asker),
            "schemas": _schemas(),
            "responses": {key: _fault(say(key)) for key in _FAULTS.values()},
        },
    }


def _paths_of(found: Collection, asker: Asker) -> Part:
    """Give the four addresses of a collection."""
    path, title = f"/collections/{found.id}", found.layer.title(asker.language)
    items = ["crs", "bbox", "bbox-crs", "datetime", "limit", "offset"]
    equal = [_column(field, asker) for field in found.fields]
    key = {"name": "id", "in": "path", "required": True, "description": asker.say("p_id"), "schema": {"type": "string"}}
    paths = {
        path: _get(asker, found.id, "collection", [JSON], []),
        f"{path}/schema": _get(asker, f"{found.id}.schema", "schema", [SCHEMA], [], page=False),
        f"{path}/items": _get(asker, f"{found.id}.items", "features", [GEOJSON], items, more=equal),
        f"{path}/items/{{id}}": _get(asker, f"{found.id}.item", "feature", [GEOJSON], ["crs"], more=[key]),
    }
    for part in paths.values():
        part["get"] |= {"summary": f"{title} – {part['get']['summary']}", "tags": [found.id]}
    return paths


def _get(
    asker: Asker, operation: str, answer: str, kinds: Sequence[str], parameters: Sequence[str], *,
    more: Sequence[Part] = (), page: bool = True,
) -> Part:  # fmt: skip
    """Describe a request: its parameters by name and in full, what it answers, and how it is refused."""
    content: Part = {kind: {"schema": {"$ref": f"#/components/schemas/{answer}"}} for kind in kinds}
    if page:
        content[HTML] = {"schema": {"type": "string"}}
    told: Part = {"description": asker.say(f"a_{answer}"), "content": content}
    if "crs" in parameters:
        told["headers"] = {"Content-Crs": {"description": asker.say("content_crs"), "schema": {"type": "string"}}}
    shared = [*(["f"] if page else []), "lang", *parameters]
    return {
        "get": {
            "operationId": operation,
            "summary": asker.say(f"a_{answer}"),
            "parameters": [*({"$ref": f"#/components/parameters/{name}"} for name in shared), *more],
            "responses": {
                "200": told,
                **{status: {"$ref": f"#/components/responses/{key}"} for status, key in _FAULTS.items()},
            },
        }
    }


def _parameters(asker: Asker) -> Part:
    """Describe the parameters that several requests share."""
    say = asker.say
    system = {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84}

    def asked(name: str, schema: Part, **more: Any) -> Part:
        said = say(f"p_{name.replace('-', '_')}", most=MOST, usual=USUAL)
        return {"name": name, "in": "query", "required": False, "description": said, "schema": schema, **more}

    listed = {"style": "form", "explode": False}
    return {
        "f": asked("f", {"type": "string", "enum": list(FORMATS)}),
        "lang": asked("lang", {"type": "string", "enum": [*LANGUAGES, ALL]}),
        "crs": asked("crs", system),
        "bbox": asked("bbox", {"oneOf": [_BOX | {"maxItems": 4}, _BOX | {"minItems": 6}]}, **listed),
        "bbox-crs": asked("bbox-crs", system),
        "datetime": asked("datetime", {"type": "string"}),
        "limit": asked("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        "offset": asked("offset", {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0}),
    }


def _column(field: Field, asker: Asker) -> Part:
    """Describe the filter by a column."""
    schema: Part = {"type": field.kind}
    if field.kind == "string":
        schema["maxLength"] = MOST_VALUE
    said = asker.say("p_column", name=field.name)
    return {"name": field.name, "in": "query", "required": False, "description": said, "schema": schema}


def _fault(said: str) -> Part:
    return {"description": said, "content": {JSON: {"schema": {"$ref": "#/components/schemas/exception"}}}}


def _object(*needed: str, **properties: Part) -> Part:
    return {"type": "object", "required": list(needed), "properties": properties}


def _schemas() -> Part:
    """Describe what is answered."""
    word: Part = {"type": "string"}
    words: Part = {"type": "array", "items": word}
    whole: Part = {"type": "integer", "minimum": 0}
    extent = _object("spatial", spatial=_object("bbox", bbox={"type": "array", "items": _BOX}, crs=word))
    feature = _object(
        "type", "id", "geometry", "properties",
        type={"type": "string", "enum": ["Feature"]}, id=word, geometry={"type": "object", "nullable": True},
        properties={"type": "object"}, links=_LINKS,
    )  # fmt: skip
    return {
        "link": _object("href", "rel", href=word, rel=word, type=word, title=word, hreflang=word),
        "exception": _object(
            "code", "description", code=word, description=word, error=_object("en", "fr", en=word, fr=word)
        ),
        "landing": _object("links", title=word, description=word, attribution=word, links=_LINKS),
        "api": {"type": "object"},
        "schema": {"type": "object"},
        "conformance": _object("conformsTo", conformsTo=words, links=_LINKS),
        "collection": _object(
            "id", "links", id=word, title=word, description=word, attribution=word, extent=extent, itemType=word,
            crs=words, storageCrs=word, links=_LINKS,
        ),
        "collections": _object(
            "links", "collections", links=_LINKS, crs=words,
            collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        ),
        "feature": feature,
        "features": _object(
            "type", "features", type={"type": "string", "enum": ["FeatureCollection"]}, numberMatched=whole,
            numberReturned=whole, links=_LINKS,
            features={"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        ),
    }  # fmt: skip
