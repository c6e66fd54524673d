"""XML written the same way each time: elements, QGIS's maps of options, texts without what XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# XML 1.0 holds no control characters but tab and line ends, no lone surrogates, no non-characters.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(said: str) -> str:
    """Give a text without the characters that XML cannot hold, each replaced by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", said)


def node(tag: str, attributes: Mapping[str, object] | None = None, *children: Element, text: str = "") -> Element:
    """Make an element with attributes, children and a text."""
    made = Element(tag, {name: clean(str(value)) for name, value in (attributes or {}).items()})
    if text:
        made.text = clean(text)
    made.extend(children)
    return made


def options(values: Mapping[str, str]) -> Element:
    """Make QGIS's map of options, all of them texts."""
    made = Element("Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(made, "Option", {"type": "QString", "name": name, "value": clean(value)})
    return made


def driven(expressions: Mapping[str, str]) -> Element:
    """Make QGIS's element of the properties that an expression sets for each feature."""
    held = node("Option", {"type": "Map", "name": "properties"})
    for name, expression in expressions.items():
        held.append(
            node(
                "Option",
                {"type": "Map", "name": name},
                node("Option", {"type": "bool", "name": "active", "value": "true"}),
                node("Option", {"type": "QString", "name": "expression", "value": expression}),
                node("Option", {"type": "int", "name": "type", "value": 3}),
            )
        )
    around = node(
        "Option",
        {"type": "Map"},
        node("Option", {"type": "QString", "name": "name", "value": ""}),
        held,
        node("Option", {"type": "QString", "name": "type", "value": "collection"}),
    )
    return node("data_defined_properties", None, around)


def document(root: Element, *, doctype: str = "") -> str:
    """Write a document with a line for each element."""
    indent(root, " ")
    return f"{doctype}{tostring(root, encoding='unicode')}\n"
