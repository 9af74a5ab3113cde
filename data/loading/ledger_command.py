"""Ledgers on the command line: checked, put in use, listed, restored, taken out of use."""

from pathlib import Path

from data.ledger import versions
from data.ledger.ledger import SAMPLE, read
from data.ledger.template import filled
from data.loading.messages import WORDS, told
from data.storage.processes import alarm
from data.tables.open_file import content_of
from data.tables.problems import BrokenLedger, Flaw


def load(path: Path, lang: str, *, only_check: bool) -> None:
    """Check one workbook and put it in use."""
    words = WORDS[lang]
    ledger = read(content_of(path), path.name)
    alarm(0)
    if ledger.park_id == SAMPLE and not only_check:
        flaw = Flaw("park", 2, "park_id", SAMPLE, WORDS["zh"]["sample"], WORDS["en"]["sample"])
        raise BrokenLedger([flaw])
    if only_check:
        print(words["in_order"].format(n=sum(rows.height for rows in ledger.tables.values())))
    else:
        version = versions.keep(ledger)
        print(words["kept"].format(park=ledger.park_id, version=version.name))
    if ledger.notices:
        print(words["notices"].format(n=len(ledger.notices)))
        print(told(list(ledger.notices), lang))


def show(park: str, lang: str) -> None:
    """The kept versions of a park, the latest first."""
    kept = versions.versions(park)
    for version in kept:
        print(version.name, WORDS[lang]["used"] if version.in_use else "")
    if not kept:
        print(WORDS[lang]["none"])


def write(path: Path, lang: str, *, sample: bool) -> None:
    """Write the empty workbook, or the one filled with the sample."""
    path.write_bytes(filled(versions.sample() if sample else None, lang))
    print(WORDS[lang]["written"].format(name=path.name))


def restore(park: str, version: str | None, lang: str) -> None:
    """Put a kept version in use again."""
    with versions.restoring(park, version) as found:
        print(WORDS[lang]["restored"].format(park=park, version=found.name), flush=True)


def remove(park: str, lang: str) -> None:
    """Take the ledger of a park out of use."""
    versions.remove(park)
    print(WORDS[lang]["removed"].format(park=park))
