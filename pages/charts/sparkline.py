"""A line as small as a word, as an image in Markdown: gaps stay gaps, the last point is marked."""

import base64
from functools import lru_cache

from pages.charts.theme import PALETTES
from pages.wording.plain_text import escape_markdown

WIDTH, HEIGHT, MARGIN = 96, 22, 3  # pixels
FEWEST = 3  # points


def make_sparkline(points: list[tuple[float, float, str]], alt: str, palette: str) -> str:
    """Return a Markdown image of a series; "" for fewer than three points.

    points: (when, value, line) in order of time; those of one line are joined. alt: what it shows, in words.
    """
    if len(points) < FEWEST:
        return ""
    return f"![{escape_markdown(alt)}]({_draw(tuple(points), palette)})"


@lru_cache(maxsize=2048)
def _draw(points: tuple[tuple[float, float, str], ...], palette: str) -> str:
    colours = PALETTES[palette]
    first, last = points[0][0], points[-1][0]
    low, high = min(value for _, value, _ in points), max(value for _, value, _ in points)

    def place(at: float, value: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * ((at - first) / ((last - first) or 1))
        return round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ((value - low) / ((high - low) or 1)), 1)

    lines: dict[str, list[tuple[float, float]]] = {}
    for at, value, line in points:
        lines.setdefault(line, []).append(place(at, value))
    ink = colours["figure"]
    drawn = [
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in part)}" fill="none" stroke="{ink}" stroke-width="1.4"/>'
        if len(part) > 1
        else f'<circle cx="{part[0][0]}" cy="{part[0][1]}" r="1.1" fill="{ink}"/>'
        for part in lines.values()
    ]
    x, y = place(*points[-1][:2])
    drawn.append(f'<circle cx="{x}" cy="{y}" r="2.2" fill="{ink}"/>')
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(drawn)}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
