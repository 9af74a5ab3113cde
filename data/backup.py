"""Keep all that was loaded in one file, and put it back: batches, the list of those in use, ledgers, own sources.

  python -m data.backup FILE.zip             write a backup; a load under way is waited for
  python -m data.backup FILE.zip --force     the same over a file that is there
  python -m data.backup --restore FILE.zip   check it whole, put all of it in use, and build the database

docs/backup.md tells what is in it. Both can be repeated as they stand after they were killed.
"""

import argparse
import sys
import time
from pathlib import Path

from data.database import build
from data.loading.backup import made
from data.loading.messages import WORDS
from data.loading.restoring import restored
from data.storage.atomic import StoreFailed


def _done(chosen: argparse.Namespace) -> int:
    words = WORDS[chosen.lang]
    if not chosen.restore:
        count = made(chosen.file, force=chosen.force)
        print(words["backed_up"].format(name=chosen.file, n=count, size=f"{chosen.file.stat().st_size:,}"))
        return 0

    aside, version = restored(chosen.file, time.strftime("%Y%m%dT%H%M%S", time.gmtime()))
    print(words["backup_restored"].format(name=chosen.file, version=version))
    if aside:
        print(words["aside"].format(name=aside))
    return 0


def main() -> int:
    """The command line. Exit code 0: done; 1: damage, a file that is there or is no backup, or a refusing disk."""
    parser = argparse.ArgumentParser(
        prog="python -m data.backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument("--restore", action="store_true", help="put the backup in use")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the messages")
    chosen = parser.parse_args()
    words = WORDS[chosen.lang]
    try:
        return _done(chosen)
    except FileExistsError:
        print(words["there"].format(name=chosen.file), file=sys.stderr)
    except StoreFailed as error:
        print(error.zh if chosen.lang == "zh" else error, file=sys.stderr)
    except (OSError, build.BrokenSources) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        print(words["no_backup"].format(reason=reason), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
