"""Build the database from the sources and the own files in use, or report every defect and keep the old database."""

import argparse
import sys
from pathlib import Path

from data import settings
from data.database.build import BrokenSources, BuildFailed, build_database, build_if_stale, check_sources
from data.paths import get_database_path, get_sources_path


def main() -> int:
    """Run the command line. Exit code 0: built, checked, or nothing to do; 1: a defect, or the disk refuses."""
    parser = argparse.ArgumentParser(prog="python -m data.build", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check the sources; write nothing")
    parser.add_argument("--if-stale", action="store_true", help="build only when the sources have changed")
    parser.add_argument("--sources", type=Path, default=get_sources_path(), help="folder of the CSV files")
    parser.add_argument("--database", type=Path, default=get_database_path(), help="file to write")
    options = parser.parse_args()
    for complaint in settings.find_setting_problems():
        print(complaint, file=sys.stderr)
    try:
        if options.check:
            check_sources(options.sources)
            print("The sources are in order.")
        else:
            version = (build_if_stale if options.if_stale else build_database)(options.sources, options.database)
            print(f"{options.database.name}: data version {version}")
    except (BrokenSources, BuildFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
