"""What can go wrong with a layer, as one tree under `geo.errors.GeoError`, so that a caller catches one base.

GeoError
└── LayerError
    ├── UnknownLayerError   a layer id that the catalogue does not hold
    ├── CatalogueError      data/catalogue.toml is missing, unreadable or contradicts itself
    ├── EditionError        an edition that a refresh made is missing, unreadable or of other data (layers.editions)
    ├── TableError          a table is missing, unreadable or breaks its schema; lists every fault
    ├── BriefError          a brief cannot be written of what was asked for; lists every fault
    ├── HandoutError        a story cannot be put on pages or slides; lists every fault
    ├── SheetError          a sheet or an atlas cannot be made as asked; lists every fault
    ├── StoryError          a story cannot be shown; lists every fault with file and line (layers.stories)
    └── RequestError        a person asked for what cannot be given; says so in both languages
        ├── ReliefError     terrain cannot be used, or a file of it cannot be taken up (layers.relief)
        ├── ChoiceError     a snapshot cannot be made of what was chosen; lists every fault
        ├── SitingError     a surface cannot be made of weights, exclusions or a step; lists every fault
        ├── SnapshotError   what was written is not what was to be written; lists every difference
        └── StoppedError    the person stopped the work; nothing was left behind
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo.errors import GeoError
from layers.view import Language


class LayerError(GeoError):
    """Base of everything that goes wrong with a layer."""


class UnknownLayerError(LayerError):
    """Name a layer the catalogue does not hold, and those it does."""

    def __init__(self, layer_id: str, known: Sequence[str]) -> None:
        self.layer_id = layer_id
        super().__init__(f"unknown layer {layer_id!r}: expected one of {', '.join(known)}")


class _FaultsError(LayerError):
    def __init__(self, subject: str, faults: Sequence[str], *, advice: str) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{subject}: {count}: {'; '.join(faults)}. {advice}")


class CatalogueError(_FaultsError):
    """List every fault of the catalogue."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("data/catalogue.toml", faults, advice="Correct the file by hand.")


class TableError(_FaultsError):
    """List every fault of one table."""

    def __init__(
        self, table: str, faults: Sequence[str], *, advice: str = "Run `make data` to build it again."
    ) -> None:
        self.table = table
        super().__init__(f"table {table}", faults, advice=advice)


class RequestError(LayerError):
    """Tell a person, in both languages, what came, what was expected and what to do."""

    def __init__(self, said: Mapping[Language, str]) -> None:
        self.said: dict[Language, str] = dict(said)
        super().__init__(self.said["en"])


class _SaidFaultsError(RequestError):
    def __init__(self, faults: Sequence[Mapping[Language, str]]) -> None:
        self.faults: tuple[dict[Language, str], ...] = tuple(dict(fault) for fault in faults)
        languages: tuple[Language, ...] = ("en", "fr")
        super().__init__({language: " ".join(fault[language] for fault in self.faults) for language in languages})


class ChoiceError(_SaidFaultsError):
    """List, in both languages, everything that keeps a snapshot from being made."""


class SitingError(_SaidFaultsError):
    """List, in both languages, everything that keeps a surface of suitability from being made."""


class SnapshotError(_SaidFaultsError):
    """List, in both languages, every difference between what was to be written and what was read back."""


class StoppedError(RequestError):
    """Say that the work was stopped, and that nothing was left behind."""


class BriefError(_FaultsError):
    """List everything that keeps a brief from being written."""

    def __init__(self, faults: Sequence[str], *, advice: str) -> None:
        super().__init__("brief", faults, advice=advice)


class HandoutError(_FaultsError):
    """List everything that keeps a story from being written as pages or slides."""

    def __init__(self, faults: Sequence[str], *, advice: str) -> None:
        super().__init__("handout", faults, advice=advice)


class SheetError(_FaultsError):
    """List everything that keeps a sheet or an atlas from being made."""

    def __init__(self, faults: Sequence[str], *, advice: str) -> None:
        super().__init__("sheet", faults, advice=advice)
