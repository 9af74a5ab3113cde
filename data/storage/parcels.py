"""What goes between processes in one piece: tables as Arrow, pressed, beside the pickle of what holds them.

Pickled by Polars itself, a table of 600,000 figures takes three times as long and five times the room.
"""

import io
import pickle
from collections.abc import Set
from typing import Any

import polars as pl


def packed(given: Any) -> list[memoryview]:
    """An object as parts: its pickle, then each of its tables."""
    beside: list[pickle.PickleBuffer] = []
    written = io.BytesIO()
    _Packer(written, protocol=5, buffer_callback=beside.append).dump(given)
    return [written.getbuffer(), *(part.raw() for part in beside)]


def unpacked(body: bytes, sizes: list[int], allowed: Set[str] | None = None) -> Any:
    """The object of parts that came as one, of these sizes.

    allowed: names of the classes that it may hold, where who sent it is not to be trusted. Raises
    pickle.UnpicklingError for any other.
    """
    whole, parts, start = memoryview(body), [], 0
    for size in sizes:
        parts.append(whole[start : start + size])
        start += size
    unpacker = _Unpacker(io.BytesIO(parts[0]), buffers=parts[1:])
    unpacker.allowed = allowed
    return unpacker.load()


def table(part: Any) -> pl.DataFrame:
    """A table of its part."""
    return pl.read_ipc(io.BytesIO(part))


class _Packer(pickle.Pickler):
    def reducer_override(self, given: Any) -> Any:
        if isinstance(given, pl.DataFrame):
            written = io.BytesIO()
            given.write_ipc(written, compression="lz4")
            return table, (pickle.PickleBuffer(written.getbuffer()),)
        return NotImplemented


class _Unpacker(pickle.Unpickler):
    allowed: Set[str] | None = None

    def find_class(self, module: str, name: str) -> Any:
        if self.allowed is not None and f"{module}.{name}" not in self.allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)
