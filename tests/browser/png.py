"""Write a screenshot as a PNG of 256 colours: a third of the weight, and no eye finds the difference on a flat map."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256
_BYTES = {2: 3, 6: 4}  # colour type of a PNG -> bytes a pixel, at 8 bits a channel
# Colours that share their first five bits a channel are candidates to become one.
_SHIFT = 3


def reduce(png: bytes) -> bytes:
    """Give the same picture in 256 colours. Raises ValueError for a PNG that no browser writes as a screenshot."""
    pixels = decode(png)
    palette, indices = quantise(pixels)
    height, width = indices.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices]).tobytes()
    packed = zlib.compress(rows, 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", packed), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def decode(png: bytes) -> npt.NDArray[np.uint8]:
    """Read the pixels as height x width x 3 (red, green, blue); transparency is dropped."""
    at, packed, header = len(_SIGNATURE), b"", None
    while at < len(png):
        (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + size]
        header = struct.unpack(">IIBBBBB", data) if kind == b"IHDR" else header
        packed += data if kind == b"IDAT" else b""
        at += 12 + size
    if header is None or header[2] != 8 or header[3] not in _BYTES or header[6]:
        raise ValueError(f"a PNG of 8 bits a channel in RGB or RGBA is expected, its header says {header}")
    width, height, channels = header[0], header[1], _BYTES[header[3]]
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    return _unfilter(rows, channels).reshape(height, width, channels)[:, :, :3]


def _unfilter(rows: npt.NDArray[np.uint8], channels: int) -> npt.NDArray[np.uint8]:
    """Undo the filters of a PNG's rows (PNG specification, part 9)."""
    height, width = rows.shape[0], rows.shape[1] - 1
    out = np.zeros((height + 1, width + channels), np.int32)
    for y, row in enumerate(rows.astype(np.int32), start=1):
        kind, line, above, now = row[0], row[1:], out[y - 1], out[y]
        if kind in {0, 2}:
            now[channels:] = (line + (above[channels:] if kind else 0)) & 255
        elif kind == 1:
            now[channels:] = np.cumsum(line.reshape(-1, channels), axis=0).ravel() & 255
        else:
            _unfilter_row(int(kind), line.tolist(), above.tolist(), now, channels)
    return out[1:, channels:].astype(np.uint8)


def _unfilter_row(kind: int, line: list[int], above: list[int], now: npt.NDArray[np.int32], channels: int) -> None:
    """Undo the average (3) and Paeth (4) filters, where each byte needs the one before it."""
    done = [0] * (len(line) + channels)
    for i, value in enumerate(line):
        left, up, corner = done[i], above[i + channels], above[i]
        if kind == 3:
            guess = (left + up) >> 1
        else:
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        done[i + channels] = (value + guess) & 255
    now[:] = done


def quantise(pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Choose the palette (256 x 3) and give each pixel's place in it; the commonest colours stay exact."""
    colours, of_pixel, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    cells = (colours.astype(np.int64) >> _SHIFT) @ (1 << 16, 1 << 8, 1)
    # The commonest colour of each cell stands for it; the most populous cells make the palette.
    order = np.lexsort((-counts, cells))
    first = order[np.unique(cells[order], return_index=True)[1]]
    weight = np.bincount(np.unique(cells, return_inverse=True)[1], weights=counts)
    chosen = colours[first[np.argsort(-weight, kind="stable")[:_COLOURS]]].astype(np.int64)
    nearest = np.concatenate([_nearest(part, chosen) for part in np.array_split(colours, len(colours) // 4096 + 1)])
    palette = np.zeros((_COLOURS, 3), np.uint8)
    palette[: len(chosen)] = chosen
    return palette, nearest[of_pixel.ravel()].reshape(pixels.shape[:2])


def _nearest(colours: npt.NDArray[np.uint8], palette: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    gaps = colours[:, None, :].astype(np.int64) - palette[None]
    return np.argmin((gaps**2).sum(axis=2), axis=1).astype(np.uint8)
