"""The pages of the site, from its scripts, its themes and its mechanisms: a new one is tested without a list."""

import csv

from data.paths import ROOT
from data.themes import THEMES

THEMED = {theme.page: theme.code for theme in THEMES}  # pages of themes, with the code of each theme
with (ROOT / "data" / "sources" / "mechanism.csv").open(encoding="utf-8", newline="") as _file:
    MECHANISMS = ("mechanisms", *(row["mechanism_id"] for row in csv.DictReader(_file)))
# Every script beside the router; a test holds the menu to them.
PAGES = tuple(
    sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem not in ("__init__", "navigation"))
)
