"""Run the ledger commands: check, put in use, list, restore, take out of use."""

from pathlib import Path

from data.files.open_file import read_file_bytes
from data.ledger import versions
from data.ledger.definition import BrokenLedger, make_flaw
from data.ledger.ledger import SAMPLE_PARK, read_ledger_workbook
from data.ledger.template import make_ledger_template
from data.loading.messages import COMMAND_MESSAGES, format_flaws
from data.loading.outcome import Told, tell_flaw
from data.storage.processes import set_alarm


def load_ledger_workbook(path: Path, lang: str, *, only_check: bool, told: Told | None = None) -> None:
    """Check one workbook and, unless only_check, put it in use. told: takes what would be printed, for --json."""
    words = COMMAND_MESSAGES[lang]
    if told is not None:
        told["ledger"] = {"file": path.name}
    ledger = read_ledger_workbook(read_file_bytes(path), path.name)
    set_alarm(0)
    if ledger.park_id == SAMPLE_PARK and not only_check:
        flaw = make_flaw(
            "park", 2, "park_id", SAMPLE_PARK, COMMAND_MESSAGES["zh"]["sample"], COMMAND_MESSAGES["en"]["sample"]
        )
        raise BrokenLedger([flaw])
    rows = sum(table.height for table in ledger.tables.values())
    version = None if only_check else versions.keep_ledger(ledger)
    if told is not None:
        remarks = [tell_flaw(flaw) for flaw in ledger.notices]
        kept = {} if version is None else {"version": version.name}
        told["ledger"] |= {"park": ledger.park_id, "rows": rows, **kept, "defects": [], "remarks": remarks}
        return
    if version is None:
        print(words["in_order"].format(n=rows))
    else:
        print(words["kept"].format(park=ledger.park_id, version=version.name))
    if ledger.notices:
        print(words["notices"].format(n=len(ledger.notices)))
        print(format_flaws(list(ledger.notices), lang))


def print_ledger_versions(park: str, lang: str) -> None:
    """Print the kept versions of a park, the latest first."""
    kept = versions.get_ledger_versions(park)
    for version in kept:
        print(version.name, COMMAND_MESSAGES[lang]["used"] if version.in_use else "")
    if not kept:
        print(COMMAND_MESSAGES[lang]["none"])


def write_ledger_template(path: Path, lang: str, *, sample: bool) -> None:
    """Write the empty workbook, or the one filled with the sample."""
    path.write_bytes(make_ledger_template(versions.read_sample_ledger() if sample else None, lang))
    print(COMMAND_MESSAGES[lang]["written"].format(name=path.name))


def restore_ledger(park: str, version: str | None, lang: str) -> None:
    """Put a kept version in use again."""
    with versions.begin_restore(park, version) as found:
        print(COMMAND_MESSAGES[lang]["restored"].format(park=park, version=found.name), flush=True)


def remove_ledger(park: str, lang: str) -> None:
    """Take the ledger of a park out of use."""
    versions.deactivate_ledger(park)
    print(COMMAND_MESSAGES[lang]["removed"].format(park=park))
