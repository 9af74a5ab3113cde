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
from data.languages import LANGUAGES
from data.loading.backup import write_backup
from data.loading.messages import COMMAND_MESSAGES
from data.loading.restoring import restore_backup
from data.storage.atomic import StorageError


def _run_command(chosen: argparse.Namespace) -> int:
    words = COMMAND_MESSAGES[chosen.lang]
    if not chosen.restore:
        count = write_backup(chosen.file, force=chosen.force)
        print(words["backed_up"].format(name=chosen.file, n=count, size=f"{chosen.file.stat().st_size:,}"))
        return 0

    aside, version = restore_backup(chosen.file, time.strftime("%Y%m%dT%H%M%S", time.gmtime()))
    print(words["backup_restored"].format(name=chosen.file, version=version))
    if aside:
        print(words["aside"].format(name=aside))
    return 0


def main() -> int:
    """Run the command line; return its exit code.

    0: done; 1: damage, a file that already exists or is not a backup, or the disk refuses.
    """
    parser = argparse.ArgumentParser(
        prog="python -m data.backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument("--restore", action="store_true", help="put the backup in use")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="language of the messages")
    chosen = parser.parse_args()
    words = COMMAND_MESSAGES[chosen.lang]
    try:
        return _run_command(chosen)
    except FileExistsError:
        print(words["there"].format(name=chosen.file), file=sys.stderr)
    except StorageError as error:
        print(error.zh if chosen.lang == "zh" else error, file=sys.stderr)
    except (OSError, build.BrokenSources) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        print(words["no_backup"].format(reason=reason), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
