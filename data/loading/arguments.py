"""Define the arguments of python -m data.load."""

import argparse
from pathlib import Path

from data.languages import LANGUAGES
from data.storage.batches import BATCH_TABLES


def make_argument_parser(description: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line. description: what --help says first."""
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="CSV or XLSX of figures, or one ledger")
    parser.add_argument(
        "--check", "--dry-run", action="store_true", help="only check and say how the file is understood; write nothing"
    )
    parser.add_argument("--json", action="store_true", help="say all of it as one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="language of the messages")
    figures = parser.add_argument_group("figures")
    figures.add_argument("--accept", action="store_true", help="load the rows without defects of a file that has some")
    figures.add_argument(
        "--map", action="append", default=[], metavar="FIELD=HEAD", help="which column contains a field"
    )
    figures.add_argument(
        "--fix", action="append", default=[], metavar="FIELD=TEXT", help="a value for every row that has none"
    )
    figures.add_argument("--table", choices=BATCH_TABLES, help="kind of the files, where their headings do not say")
    figures.add_argument("--sheet", action="append", default=[], metavar="NAME", help="only this sheet of a workbook")
    figures.add_argument(
        "--replace", action="append", default=[], metavar="BATCH", help="take this batch out of use in the same step"
    )
    figures.add_argument("--list", action="store_true", help="every batch, in use or not")
    ledger = parser.add_argument_group("ledger")
    ledger.add_argument("--empty", type=Path, metavar="FILE", help="write the empty workbook")
    ledger.add_argument("--sample", type=Path, metavar="FILE", help="write the workbook filled with the sample")
    ledger.add_argument("--versions", metavar="PARK", help="list the versions that are kept")
    ledger.add_argument(
        "--version", help="which one to restore; without it the one before, or the latest of a ledger out of use"
    )
    both = parser.add_argument_group("batches and ledgers")
    both.add_argument("--remove", nargs="+", metavar="BATCH|PARK", help="take batches or a ledger out of use")
    both.add_argument("--restore", metavar="BATCH|PARK", help="put a batch or a ledger in use again")
    return parser
