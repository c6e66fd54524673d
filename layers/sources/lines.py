"""Lines of text that somebody else wrote: counted as they come, so that none of them fills the memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

from layers import numbers
from layers.sources import AnswerError
from layers.text import both

# No row of any register comes near.
LONGEST = 1 << 20


def bounded(stream: io.TextIOBase, *, most: int, subject: str) -> Iterator[str]:
    """Give the lines of a stream, each and all of bounded length in characters. Raises AnswerError beyond."""
    size = 0
    while line := stream.readline(LONGEST):
        size += len(line)
        if size > most or len(line) == LONGEST:
            raise AnswerError(both("service.large", service=subject, most=partial(numbers.number, most)))
        yield line
