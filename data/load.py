"""Load own figures, or a ledger, for good: all of it, or every defect named and what is in use stays.

Figures, targets, places, indicators (CSV or XLSX; docs/own-data.md tells how a file looks):
  python -m data.load FILE...            check the files and put them in use together, each as a batch
  python -m data.load FILE... --check    only check; writes nothing
  python -m data.load FILE... --accept   load the rows that are in order; the others go to FILE.refused.csv
  python -m data.load FILE --replace BATCH   the same, and take a batch of before out of use in one step
  python -m data.load --list             every batch: code, state, time, rows, SHA-256, file
  python -m data.load --remove BATCH...  take batches (20261125-1a2b3c4d) out of use; they stay kept
  python -m data.load --restore BATCH    put it in use again

A ledger (a workbook with the sheet Park; docs/ledger.md):
  python -m data.load ledger.xlsx        check it and put it in use; the version before is kept
  python -m data.load --empty new.xlsx   write the empty workbook; --sample: filled with the sample
  python -m data.load --versions PARK    what is kept of a park
  python -m data.load --restore PARK     put the version before in use again, or the one named by --version
  python -m data.load --remove PARK      take it out of use; what is kept stays

Every command can be repeated as it stands after it was killed or the power failed.
--remove and --restore tell the two apart by their form: a batch is eight digits, a hyphen and eight more.
"""

import argparse
import sys
from pathlib import Path

from data import settings
from data.intake.fields import TABLES
from data.isolation import pool


def options() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="CSV or XLSX of figures, or one ledger")
    parser.add_argument("--check", action="store_true", help="only check; write nothing")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the messages")
    figures = parser.add_argument_group("figures")
    figures.add_argument("--accept", action="store_true", help="load the good rows of a file that has defects")
    figures.add_argument("--map", action="append", default=[], metavar="FIELD=HEAD", help="which column holds a field")
    figures.add_argument("--fix", action="append", default=[], metavar="FIELD=TEXT", help="a value for every row")
    figures.add_argument("--table", choices=TABLES, help="what the files hold, where the heads do not tell")
    figures.add_argument("--sheet", action="append", default=[], metavar="NAME", help="only this sheet of a workbook")
    figures.add_argument("--replace", action="append", default=[], metavar="BATCH", help="take it out of use with it")
    figures.add_argument("--list", action="store_true", help="every batch, in use or not")
    ledger = parser.add_argument_group("ledger")
    ledger.add_argument("--empty", type=Path, metavar="FILE", help="write the empty workbook")
    ledger.add_argument("--sample", type=Path, metavar="FILE", help="write the workbook filled with the sample")
    ledger.add_argument("--versions", metavar="PARK", help="list what is kept")
    ledger.add_argument("--version", help="which one to restore; without it the one before")
    both = parser.add_argument_group("batches and ledgers")
    both.add_argument("--remove", nargs="+", metavar="BATCH|PARK", help="take batches or a ledger out of use")
    both.add_argument("--restore", metavar="BATCH|PARK", help="put a batch or a ledger in use again")
    return parser


def main() -> int:
    """The command line. Exit code 0: done; 1: a defect, no such file or batch, or a refusing disk; 130: Ctrl-C.

    Files are read and loaded by a process of its own: one that asks for more memory or time than any table needs ends
    that process, and this one tells it.
    """
    parser = options()
    chosen = parser.parse_args()
    for complaint in settings.complaints():
        print(complaint, file=sys.stderr)
    if not chosen.files:
        from data.loading import command  # noqa: PLC0415 - what takes a second to import is wanted in one process alone

        code = command.carried_out(chosen)
        if code is None:
            parser.print_help()
        return code or 0
    limits = pool.of_operators(sum(path.stat().st_size for path in chosen.files if path.is_file()))
    try:
        code, cause = pool.run("data.loading.command", sys.argv[1:], limits)
    except KeyboardInterrupt:
        return 130
    if cause:
        from data.loading.messages import ENDED  # noqa: PLC0415 - as above

        print(ENDED[cause][chosen.lang].format(seconds=limits.seconds, memory=limits.memory / 1e6), file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
