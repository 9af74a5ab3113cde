"""Serialization of objects between processes: a pickle, with its tables as compressed Arrow outside it.

Pickled by Polars itself, a table of 600,000 figures takes three times as long and five times the space.
"""

import io
import pickle
from collections.abc import Set
from typing import Any

import polars as pl


def pack_object(given: Any) -> list[memoryview]:
    """Pack an object into parts: its pickle first, then each of its tables."""
    beside: list[pickle.PickleBuffer] = []
    written = io.BytesIO()
    _Packer(written, protocol=5, buffer_callback=beside.append).dump(given)
    return [written.getbuffer(), *(part.raw() for part in beside)]


def unpack_object(body: bytes, sizes: list[int], allowed: Set[str] | None = None) -> Any:
    """Unpack an object from its parts, which come as one body; sizes: the bytes of each part.

    allowed: full names of the classes that it may contain, if the sender is not trusted. Raises
    pickle.UnpicklingError for any other class.
    """
    whole, parts, start = memoryview(body), [], 0
    for size in sizes:
        parts.append(whole[start : start + size])
        start += size
    unpacker = _Unpacker(io.BytesIO(parts[0]), buffers=parts[1:])
    unpacker.allowed = allowed
    return unpacker.load()


def read_arrow_table(part: Any) -> pl.DataFrame:
    """Read a table from its part (Arrow IPC)."""
    return pl.read_ipc(io.BytesIO(part))


class _Packer(pickle.Pickler):
    def reducer_override(self, given: Any) -> Any:
        if isinstance(given, pl.DataFrame):
            written = io.BytesIO()
            given.write_ipc(written, compression="lz4")
            return read_arrow_table, (pickle.PickleBuffer(written.getbuffer()),)
        return NotImplemented


class _Unpacker(pickle.Unpickler):
    allowed: Set[str] | None = None

    def find_class(self, module: str, name: str) -> Any:
        if self.allowed is not None and f"{module}.{name}" not in self.allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)
