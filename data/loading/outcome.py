"""What a command came to: its errors as sentences in both languages, and all of it as one JSON object."""

import errno
import json
import os
from typing import Any

from data.database.build import BrokenSources
from data.languages import LANGUAGES
from data.ledger import versions
from data.ledger.definition import BrokenLedger
from data.loading.activation import AlreadyLoaded
from data.loading.messages import MisusedOptions, format_flaws, format_message
from data.storage.batches import Batch, StorageError
from data.tables.problems import Flaw, UnreadableFile

Told = dict[str, Any]  # what --json says of a load, while it comes together
REFUSALS = (
    BrokenLedger, UnreadableFile, AlreadyLoaded, OSError, versions.NoSuchVersion, BrokenSources, MisusedOptions,
)  # fmt: skip
SYSTEM_ERRORS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只能读，不能写",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径里有一段不是文件夹",
}


def describe_error(error: Exception) -> dict[str, str]:
    """Return what an error says, by language."""
    return {lang: _describe_error(error, lang) for lang in LANGUAGES}


def _describe_error(error: Exception, lang: str) -> str:
    said = str(error)
    if isinstance(error, BrokenLedger):
        defects = [flaw for flaw in error.flaws if not flaw.notice]
        remarks = [flaw for flaw in error.flaws if flaw.notice]
        said = format_message("defects", lang, n=len(defects)) + "\n" + format_flaws(defects, lang)
        if remarks:
            said += "\n" + format_message("remarks", lang, n=len(remarks)) + "\n" + format_flaws(remarks, lang)
    elif isinstance(error, UnreadableFile):
        said = error.flaw.describe(lang)
    elif isinstance(error, AlreadyLoaded):
        said = "\n".join(describe_loaded_batches(error, lang))
    elif isinstance(error, StorageError | versions.NoSuchVersion | MisusedOptions):
        said = error.zh if lang == "zh" else said
    elif isinstance(error, OSError) and error.errno is not None and error.filename is not None:
        reason, name = os.strerror(error.errno), os.fsdecode(error.filename)
        said = f"{name}：{SYSTEM_ERRORS.get(error.errno, reason)}" if lang == "zh" else f"{name}: {reason}"
    elif isinstance(error, BrokenSources) and lang == "zh":
        said = f"数据源或在用的自有数据有 {len(error.defects)} 处有误：\n" + "\n".join(map(str, error.defects))
    return said


def describe_loaded_batches(error: AlreadyLoaded, lang: str) -> list[str]:
    """Return a line for each file that is in use already."""
    key = "finished" if error.finished else "again" if error.done else "again_others"
    return [
        format_message(key, lang, name=one.file_name, batch=one.batch_id, loaded=one.loaded.replace("T", " "))
        for one in error.batches
    ]


def tell_error(error: Exception, told: Told) -> None:
    """Add an error to what --json says: under `error`, or `note` where everything requested is in effect."""
    done = isinstance(error, AlreadyLoaded) and error.done
    told["note" if done else "error"] = describe_error(error)
    if isinstance(error, AlreadyLoaded):
        told["in_use"] = [tell_batch(one) for one in error.batches]
    if isinstance(error, BrokenLedger):
        told.setdefault("ledger", {})["defects"] = [tell_flaw(flaw) for flaw in error.flaws if not flaw.notice]
        told["ledger"]["remarks"] = [tell_flaw(flaw) for flaw in error.flaws if flaw.notice]


def tell_batch(batch: Batch) -> dict[str, Any]:
    """Return what is to be said of a batch, for a program."""
    return {"batch": batch.batch_id, "file": batch.file_name, "loaded": batch.loaded, "rows": batch.rows}


def tell_flaw(flaw: Flaw) -> dict[str, Any]:
    """Return what is to be said of a flaw, for a program."""
    told = {"row": flaw.row, "column": flaw.column, "value": flaw.value, "zh": flaw.zh, "en": flaw.en}
    return {"sheet": flaw.sheet} | told if flaw.sheet else told


def print_json(told: Told) -> None:
    """Print all that was told as one JSON object; files and overlaps are in it, unless it is about a ledger."""
    whole = told if "ledger" in told else {"files": [], "overlaps": []} | told
    print(json.dumps(whole, ensure_ascii=False, indent=1, default=str))
