"""Load a ledger from its workbook: all of it, or every defect named and the one in use stays.

Run: python -m data.load ledger.xlsx            check it and put it in use
     python -m data.load ledger.xlsx --check    only check; writes nothing
     python -m data.load --empty new.xlsx       write the empty workbook; --sample: filled with the sample
     python -m data.load --versions xthtz       what is kept of a park
     python -m data.load --restore xthtz        put the version before in use again, or the one named by --version
     python -m data.load --remove xthtz         take it out of use; what is kept stays
"""

import argparse
import sys
from pathlib import Path

from data import store
from data.flaws import BrokenLedger, Flaw
from data.ledger import SAMPLE, read
from data.template import filled

MOST_SHOWN = 200
WORDS = {
    "zh": {
        "in_order": "台账没有问题，共 {n} 行。", "kept": "已载入 {park}，版本 {version}。", "more": "……另有 {n} 处",
        "defects": "{n} 处有误，没有载入：", "notices": "{n} 处提醒（已载入，请核对）：", "used": "正在使用",
        "none": "没有留存的版本。", "restored": "已恢复 {park} 的版本 {version}。",
        "removed": "{park} 的台账已停用，留存的版本都在。",
        "written": "已写入 {name}。",
        "sample": "代码 sample 留给示例园区。请在“园区”表填自己园区的代码",
    },
    "en": {
        "in_order": "The ledger is in order: {n} rows.", "kept": "Loaded {park}, version {version}.",
        "more": "… and {n} more", "defects": "{n} defects, nothing was loaded:",
        "notices": "{n} remarks (loaded all the same; please check):", "used": "in use", "none": "No version is kept.",
        "restored": "Restored {park}, version {version}.", "removed": "{park} is out of use; what was kept stays.",
        "written": "Wrote {name}.",
        "sample": "the code sample belongs to the sample park; write your park's own code in the sheet Park",
    },
}  # fmt: skip


def told(flaws: list[Flaw], lang: str) -> str:
    """Complaints, one a line, as many as a reader can use."""
    lines = [flaw.said(lang) for flaw in flaws[:MOST_SHOWN]]
    if len(flaws) > MOST_SHOWN:
        lines.append(WORDS[lang]["more"].format(n=len(flaws) - MOST_SHOWN))
    return "\n".join(lines)


def load(path: Path, lang: str, *, only_check: bool) -> None:
    """Check one workbook and put it in use."""
    words = WORDS[lang]
    ledger = read(path.read_bytes(), path.name)
    if ledger.park_id == SAMPLE and not only_check:
        flaw = Flaw("park", 2, "park_id", SAMPLE, WORDS["zh"]["sample"], WORDS["en"]["sample"])
        raise BrokenLedger([flaw])
    if only_check:
        print(words["in_order"].format(n=sum(rows.height for rows in ledger.tables.values())))
    else:
        version = store.keep(ledger)
        print(words["kept"].format(park=ledger.park_id, version=version.name))
    if ledger.notices:
        print(words["notices"].format(n=len(ledger.notices)))
        print(told(list(ledger.notices), lang))


def show(park: str, lang: str) -> None:
    """The kept versions of a park, the latest first."""
    kept = store.versions(park)
    for version in kept:
        print(version.name, WORDS[lang]["used"] if version.in_use else "")
    if not kept:
        print(WORDS[lang]["none"])


def main() -> int:
    """The command line. Exit code 0: done; 1: a defect, no such file or version, or a refusing disk."""
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workbook", type=Path, nargs="?", help="the .xlsx to load")
    parser.add_argument("--check", action="store_true", help="only check; write nothing")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the messages")
    parser.add_argument("--empty", type=Path, metavar="FILE", help="write the empty workbook")
    parser.add_argument("--sample", type=Path, metavar="FILE", help="write the workbook filled with the sample")
    parser.add_argument("--versions", metavar="PARK", help="list what is kept")
    parser.add_argument("--restore", metavar="PARK", help="put a kept version in use again")
    parser.add_argument("--version", help="which one to restore; without it the one before")
    parser.add_argument("--remove", metavar="PARK", help="take a ledger out of use")
    options = parser.parse_args()
    words = WORDS[options.lang]
    try:
        if options.empty or options.sample:
            path = options.empty or options.sample
            path.write_bytes(filled(store.sample() if options.sample else None, options.lang))
            print(words["written"].format(name=path.name))
        elif options.versions:
            show(options.versions, options.lang)
        elif options.restore:
            version = store.restore(options.restore, options.version)
            print(words["restored"].format(park=options.restore, version=version.name))
        elif options.remove:
            store.remove(options.remove)
            print(words["removed"].format(park=options.remove))
        elif options.workbook:
            load(options.workbook, options.lang, only_check=options.check)
        else:
            parser.print_help()
    except BrokenLedger as error:
        print(words["defects"].format(n=len(error.flaws)), file=sys.stderr)
        print(told(error.flaws, options.lang), file=sys.stderr)
        return 1
    except (OSError, store.NoSuchVersion) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
