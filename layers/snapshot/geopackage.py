"""A GeoPackage that opens drawn: default styles of QGIS, metadata by the extension of the standard."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from geo import vector
from geo.errors import FormatError
from layers.qgis import qml, sld
from layers.qgis.asked import Asked
from layers.qgis.markup import document, node
from layers.snapshot import metadata
from layers.snapshot.choice import Choice
from layers.snapshot.described import describe, extent, system
from layers.snapshot.resource import metadata as qgis_metadata

_ISO = "http://www.isotc211.org/2005/gmd"
_QGIS = "http://mrcc.com/qgis.dtd"
_EXTENSION = "http://www.geopackage.org/spec120/#extension_metadata"
_TABLES = """
CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
 f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
CREATE TABLE gpkg_metadata (
 id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
 md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
 reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
 timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
 md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
 CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
CREATE TABLE IF NOT EXISTS gpkg_extensions (
 table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
 CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
"""


def dress(path: Path, frames: Mapping[str, Any], choice: Choice) -> None:
    """Add styles and metadata of its layers to a GeoPackage just written, one table a layer named by its id.

    Dates are those of the data, not the minute it was written: the same choice of the same data gives the same bytes.

    Raises FormatError when the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path)) as held, held:
            # It is synced once, when it is put in place.
            held.execute("PRAGMA synchronous = OFF")
            held.execute("PRAGMA journal_mode = MEMORY")
            _dress(held, frames, choice, f"{choice.date()}T00:00:00.000Z")
        vector.settle(path)
    except sqlite3.Error as error:
        raise FormatError(f"cannot write {path.name}: {error}") from error


def _dress(held: sqlite3.Connection, frames: Mapping[str, Any], choice: Choice, when: str) -> None:
    held.executescript(_TABLES)
    contents = (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)"
    )
    held.execute(contents, (when,))
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        held.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')", (table, _EXTENSION)
        )
    _styles(held, frames, choice, when)
    for layer, frame in frames.items():
        _describe(held, layer, frame, choice, when)
    held.execute("UPDATE gpkg_contents SET last_change = ?", (when,))


def _styles(held: sqlite3.Connection, frames: Mapping[str, Any], choice: Choice, when: str) -> None:
    shapes = dict(held.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    order = (
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
        " VALUES ('', '', ?, ?, 'Provence Map', ?, ?, 1, ?, '', NULL, ?)"
    )
    for asked in styled(frames, choice):
        title = describe(asked.layer, choice.language).title
        row = (asked.layer, shapes[asked.layer], qml.write(asked), sld.write(asked), title, when)
        held.execute(order, row)


def styled(frames: Mapping[str, Any], choice: Choice) -> Iterator[Asked]:
    """Give what is asked of the style of each layer that has shapes."""
    for layer, frame in frames.items():
        if layer in qml.STYLED:
            columns = tuple(str(column) for column in frame.columns)
            yield Asked(layer, columns, choice.language, choice.view.verified_year)


def _describe(held: sqlite3.Connection, layer: str, frame: Any, choice: Choice, when: str) -> None:
    """Add the metadata of a layer by both standards, and its title where GDAL and QGIS look for one."""
    said = describe(layer, choice.language)
    own = document(node("qgis", {"version": qml.VERSION}, *qgis_metadata(said, extent([frame]), system(choice))))
    for standard, text in ((_ISO, metadata.iso(layer, frame, choice)), (_QGIS, qml.DOCTYPE + own)):
        added = held.execute(
            "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
            " VALUES ('dataset', ?, 'text/xml', ?)",
            (standard, text),
        )
        held.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            (layer, when, added.lastrowid),
        )
    held.execute(
        "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
        (said.title, said.abstract, layer),
    )
