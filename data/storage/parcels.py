"""Serialization of objects between processes: a pickle, with its tables as compressed Arrow outside it.

Pickled by Polars itself, a table of 600,000 figures takes three times as long and five times the space.
"""

import copyreg
import io
import pickle
from collections.abc import Callable, Set

import polars as pl


def pack_object(given: object) -> list[memoryview]:
    """Pack an object into parts: its pickle first, then each of its tables."""
    beside: list[pickle.PickleBuffer] = []
    written = io.BytesIO()
    packer = pickle.Pickler(written, protocol=5, buffer_callback=beside.append)
    packer.dispatch_table = copyreg.dispatch_table | {pl.DataFrame: _reduce_table}
    packer.dump(given)
    return [written.getbuffer(), *(part.raw() for part in beside)]


def unpack_object(body: bytes, sizes: list[int], allowed: Set[str] | None = None) -> object:
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


def read_arrow_table(part: memoryview) -> pl.DataFrame:
    """Read a table from its part (Arrow IPC)."""
    return pl.read_ipc(io.BytesIO(part))


def _reduce_table(table: pl.DataFrame) -> tuple[Callable[[memoryview], pl.DataFrame], tuple[pickle.PickleBuffer]]:
    written = io.BytesIO()
    table.write_ipc(written, compression="lz4")
    return read_arrow_table, (pickle.PickleBuffer(written.getbuffer()),)


class _Unpacker(pickle.Unpickler):
    allowed: Set[str] | None = None

    def find_class(self, module: str, name: str) -> object:
        if self.allowed is not None and f"{module}.{name}" not in self.allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)
