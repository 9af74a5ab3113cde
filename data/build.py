"""Build the database from the sources and the own files in use; or name every defect and leave the old one in place."""

import argparse
import sys
from pathlib import Path

from data import settings
from data.database.build import BrokenSources, BuildFailed, build, check, ensure
from data.paths import database_path, sources_path


def main() -> int:
    """The command line. Exit code 0: built, checked, or nothing to do; 1: a defect or a refusing disk."""
    parser = argparse.ArgumentParser(prog="python -m data.build", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check the sources; write nothing")
    parser.add_argument("--if-stale", action="store_true", help="build only when the sources have changed")
    parser.add_argument("--sources", type=Path, default=sources_path(), help="folder of the CSV files")
    parser.add_argument("--database", type=Path, default=database_path(), help="file to write")
    options = parser.parse_args()
    for complaint in settings.complaints():
        print(complaint, file=sys.stderr)
    try:
        if options.check:
            check(options.sources)
            print("The sources are in order.")
        else:
            version = (ensure if options.if_stale else build)(options.sources, options.database)
            print(f"{options.database.name}: data version {version}")
    except (BrokenSources, BuildFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
