"""The colours of charts and pictures: those of the pages from .streamlit/config.toml, and a few for charts only."""

import tomllib

from data.paths import ROOT

CHART_COLOURS = {
    "light": {"target": "#B5651D", "red": "#BD4043", "quiet": "#6B747B"},  # red: of the square of what is not right
    "dark": {"target": "#E0A366", "red": "#FF8A80", "quiet": "#9BA5AB"},
}


def _read_palettes() -> dict[str, dict[str, str]]:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    names = {"figure": "primaryColor", "ink": "textColor", "line": "borderColor", "paper": "backgroundColor"}
    return {
        palette: {name: (theme | theme[palette])[option] for name, option in names.items()} | own
        for palette, own in CHART_COLOURS.items()
    }


PALETTES = _read_palettes()
