"""Where names stand in a chart of many points: apart from each other, and as near to their points as that allows."""

from collections.abc import Sequence

LINE_OF_TEXT = 15.0  # pixels from one name to the next
LETTER_HEIGHT = 13.0  # pixels
Box = tuple[float, float, float, float]


def separate_levels(levels: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move levels apart to `gap` at least, each as little as possible, all within low and high where there is room.

    Returns the new levels in the order given; levels that were apart stay where they were.
    """
    if not levels:
        return []
    order = sorted(range(len(levels)), key=levels.__getitem__)
    # Levels less the gaps before them may not fall: the nearest such row is the mean of each run that falls.
    runs: list[tuple[float, int]] = []
    for place, number in enumerate(order):
        run = (min(max(levels[number], low), high) - place * gap, 1)
        while runs and runs[-1][0] > run[0]:
            mean, count = runs.pop()
            run = ((mean * count + run[0] * run[1]) / (count + run[1]), count + run[1])
        runs.append(run)
    rising = [mean for mean, count in runs for _ in range(count)]
    most = high - (len(levels) - 1) * gap
    moved = [max(min(level, most), low) + place * gap for place, level in enumerate(rising)]
    return [moved[order.index(number)] for number in range(len(levels))]


def choose_free_names(
    at: Sequence[tuple[float, float]], names: Sequence[str], widths: Sequence[float], always: int, room: float
) -> dict[int, str]:
    """Choose the points of a scatter that can be named without touching another name or point.

    at: of each point its place in pixels, the most wanted first; widths: of the names; always: so many of the first
    are named even where they touch a point; room: pixels of the width of the chart.
    Returns by the number of a point the side on which its name stands: left or right.
    """
    taken: list[Box] = []
    chosen: dict[int, str] = {}
    for number, (x, y) in enumerate(at):
        if not names[number]:
            continue
        for side in ("right", "left"):
            left = x + 7 if side == "right" else x - 7 - widths[number]
            box = (left, y - LETTER_HEIGHT / 2, left + widths[number], y + LETTER_HEIGHT / 2)
            if box[0] < 0 or box[2] > room or any(_touch(box, other) for other in taken):
                continue
            if number >= always and _is_any_within(at, box):
                continue
            taken.append(box)
            chosen[number] = side
            break
    return chosen


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_any_within(points: Sequence[tuple[float, float]], box: Box) -> bool:
    return any(box[0] - 4 < x < box[2] + 4 and box[1] - 3 < y < box[3] + 3 for x, y in points)
