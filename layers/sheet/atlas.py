"""An atlas: one sheet per pole or per commune in one PDF, an index that leads to them, one key for all on A4.

Sheets are made in processes, or on a Dask cluster when its address is given; the pages are the same either way.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Literal, get_args

import shapely
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit, NameObject, TextStringObject

from layers import catalogue, editions
from layers.errors import SheetError
from layers.print.words import Words
from layers.sheet import contents
from layers.sheet.model import Sheet
from layers.sheet.output import write_pdf
from layers.snapshot.area import Area
from layers.vocabulary import POLES

By = Literal["pole", "commune"]
BY: tuple[By, ...] = get_args(By)
MOST_PROCESSES = 64
# Told how many sheets are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """An atlas as a PDF, the seconds each sheet took where it was made, and those of the whole."""

    pdf: bytes
    sheets: tuple[float, ...]
    seconds: float

    @property
    def each(self) -> float:
        """Give the mean seconds of a sheet."""
        return sum(self.sheets) / len(self.sheets)


def sheets(plan: Sheet, by: str) -> list[Sheet]:
    """Give the sheets of an atlas in their order, as `plan` says but for area and number.

    Communes are those of the plan's area, pole by pole and by name. Raises SheetError for another word than `BY`, or
    an area that holds none.
    """
    if by not in BY:
        raise SheetError([f"{by!r} is not one of {', '.join(BY)}"], advice="Make one sheet for each of these.")
    if by == "pole":
        kept = [pole for pole in POLES if plan.whole or pole in plan.area.ids]
        areas = [Area("pole", ids=(pole,)) for pole in kept]
    else:
        communes = catalogue.load("communes")
        order = communes.assign(at=communes["pole"].map(list(POLES).index)).sort_values(["at", "name"], kind="stable")
        rows = zip(order["code"], order["pole"], order.geometry, strict=True)
        areas = [Area("communes", ids=(code,)) for code, pole, shape in rows if _within(plan, code, pole, shape)]
    if not areas:
        raise SheetError(
            [f"the area {plan.area} holds no {by} by its name"], advice="Name the metropolis, poles or communes."
        )
    key = contents.FIRST + contents.pages(plan, areas) if plan.layout.columns == 0 else 0
    return [
        replace(plan, area=area, total=len(areas), key=key, title="", number=number)
        for number, area in enumerate(areas, start=1)
    ]


def _within(plan: Sheet, code: str, pole: str, shape: shapely.Geometry) -> bool:
    """Tell whether a commune (EPSG:4326) belongs to the area of an atlas; what was drawn takes those it touches."""
    if plan.area.drawn:
        return bool(shapely.intersects(plan.area.geometry(), shape))
    return plan.whole or pole in plan.area.ids or code in plan.area.ids


def write(
    plan: Sheet, *, by: str = "commune", processes: int = 1, dask: str | None = None, progress: Progress | None = None
) -> Made:
    """Write an atlas: the same plan gives the same bytes, however many processes or machines make it.

    processes: this one and those that are started beside it. dask: address of a scheduler, `tcp://host:port`; its
    workers need this package and the same data.

    Raises SheetError as `sheets` does, for a number of processes out of 1 to 64, and for a cluster that is not there.
    """
    begun = time.perf_counter()
    if not 1 <= processes <= MOST_PROCESSES:
        raise SheetError(
            [f"{processes} processes are not from 1 to {MOST_PROCESSES}"], advice="Ask for another number."
        )
    wanted = sheets(plan, by)
    took: list[float] = []

    def parts() -> Iterator[bytes]:
        for pages, seconds in _results(wanted, processes, dask):
            took.append(seconds)
            if progress is not None:
                progress(len(took), len(wanted))
            yield pages

    pdf = _bound(plan, wanted, parts())
    return Made(pdf, tuple(took), time.perf_counter() - begun)


def _results(wanted: Sequence[Sheet], processes: int, dask: str | None) -> Iterator[tuple[bytes, float]]:
    if dask:
        yield from _on_cluster(wanted, dask)
    elif processes == 1 or len(wanted) == 1:
        yield from map(one, wanted)
    else:
        # Started afresh: a copy of a server with threads may hang.
        with ProcessPoolExecutor(
            min(processes, len(wanted)) - 1,
            mp_context=get_context("spawn"),
            initializer=editions.adopt,
            initargs=(editions.in_force(),),
        ) as pool:
            try:
                yield from _shared(wanted, [pool.submit(one, sheet) for sheet in wanted])
            finally:
                pool.shutdown(cancel_futures=True)


def _shared(wanted: Sequence[Sheet], asked: Sequence[Future[tuple[bytes, float]]]) -> Iterator[tuple[bytes, float]]:
    """Give the sheets that others are asked for in their order; make here, meanwhile, what nobody has begun.

    This process is warm when the others still start, which takes them as long as twenty sheets.
    """
    own: dict[int, tuple[bytes, float]] = {}
    free = iter(range(len(wanted)))
    for number, future in enumerate(asked):
        while number not in own and not future.done():
            mine = next((at for at in free if asked[at].cancel()), None)
            if mine is None:
                break
            own[mine] = one(wanted[mine])
        yield own.pop(number) if number in own else future.result()


def one(sheet: Sheet) -> tuple[bytes, float]:
    """Make one sheet, in whatever process; give its PDF and the seconds it took."""
    begun = time.perf_counter()
    return write_pdf(sheet), time.perf_counter() - begun


def _on_cluster(wanted: Sequence[Sheet], address: str) -> Iterator[tuple[bytes, float]]:
    """Make the sheets on a Dask cluster, given back in their order."""
    try:
        from distributed import Client
    except ImportError as error:
        raise SheetError(
            ["a Dask cluster needs the package distributed"], advice="Install provence-map[dask]."
        ) from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SheetError(
            [f"no Dask scheduler answers at {address}: {error}"], advice="Start one, or name it as tcp://host:port."
        ) from error
    with client:
        for future in client.map(one, list(wanted), pure=False):
            yield future.result()


def _bound(plan: Sheet, wanted: Sequence[Sheet], parts: Iterable[bytes]) -> bytes:
    """Bind index, key and sheets in one PDF, with links, an outline and page numbers."""
    writer, starts = PdfWriter(), []
    first = contents.FIRST + contents.pages(plan, [sheet.area for sheet in wanted]) + int(plan.layout.columns == 0)
    # Each as it comes, while others are being made; what leads to them goes before them when all are there.
    for part in parts:
        starts.append(first + len(writer.pages))
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    front = contents.write(plan, wanted, starts)
    for at, page in enumerate(PdfReader(io.BytesIO(front.pdf)).pages):
        writer.insert_page(page, at)
    for number, box, target in front.links:
        writer.add_annotation(number - 1, Link(rect=box, target_page_index=target - 1, fit=Fit.fit()))
    words = Words(plan.language)
    writer.add_outline_item(title=words.text("sheet.atlas_index"), page_number=0)
    if plan.layout.columns == 0:
        writer.add_outline_item(title=words.text("sheet.legend"), page_number=wanted[0].key - 1)
    for sheet, start in zip(wanted, starts, strict=True):
        writer.add_outline_item(title=sheet.place, page_number=start - 1)
    writer.add_metadata({
        "/Title": f"{contents.title(plan)} · Provence Map", "/Author": "Provence Map", "/Creator": "Provence Map",
        "/Producer": "Provence Map", "/CreationDate": f"D:{plan.today:%Y%m%d}000000+00'00'",
    })  # fmt: skip
    root: Any = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(plan.language)
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
