"""Every number that a reader sees on a page comes from a row of a file of that page, or from the formula beside it."""

import io
import itertools
import random
import re
import tomllib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache, partial

import chinese_calendar.constants
import openpyxl
import polars as pl
import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from pages.exploring import facets
from pages.ui import layout
from pages.wording import figures, ledger_status, target_status
from pages.wording.language import lang
from pages.wording.language import read_translations as said
from queries.api.routes import api
from queries.catalogue import catalogue
from queries.exploring import exploration
from queries.export import formats
from queries.figures import formulas
from queries.figures.observations import get_observations
from queries.figures.ranking import select_annual_figures
from queries.ledger import ledgers
from queries.ledger.efficiency import get_service_cases
from queries.ledger.leaders import get_ledger_problems, get_ledger_projects
from queries.ledger.mechanisms import get_mechanisms
from queries.ledger.meeting import get_meeting_targets
from queries.ledger.preplan import get_ledger_tasks
from queries.ledger.rewards import compute_score_items, compute_scores, get_score_subjects
from queries.ledger.supervision import get_ledger_orders
from queries.places.peer_groups import find_peer_groups
from queries.places.profile import RANKS, get_latest_figures
from queries.targets.targets import get_judged_targets
from tests.conftest import ROOT, SOURCES, speak
from tests.tools import walks
from tests.tools.pages import MECHANISMS, PAGES, THEMED

SAMPLE = {"park": "sample", "asof": "2025-10-13"}
VIEWS = [(page, {}) for page in PAGES] + [(page, SAMPLE) for page in MECHANISMS]
FRACTIONS = (
    "completion", "completion_low", "completion_high", "planned_share", "share", "cap", "per_point", "pace",
    "satisfaction", "mean", "lower", "upper", "more",
)  # fmt: skip
LAYOUT = ("x", "y", "shift", "place", "place_in_order", "text_at", "label_at", "position", "start", "end", "month")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Addresses and code are no figures; a colour or an icon is markup.
UNREAD = ("code", "page_link", "html", "iframe", "date_input", "slider", "pagination", "text_area", "text_input")
MARKUP = re.compile(r"\]\([^)]*\)|:material/\w+:|:color\[|:\w+\[|[\[\]]|<[^>]+>|\\(?=[\W_])|\*\*|&nbsp;")
NUMBER = re.compile(r"(?<![\w.,])[−-]?\d[\d,]*(?:\.\d+)?(?!\w*[\d_])|\d[\d,]*(?:\.\d+)?")
CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]+-?\d[A-Za-z0-9-]*|(?<![A-Za-z0-9])\d+-[0-9a-f]{6}|[0-9a-f]{12}")
DAYS = re.compile(
    r"(?P<iso>\d{4}-\d\d(?:-\d\d)?)|(?P<zh>\d{4}年(?:\d+(?:[—-]\d+)?月(?:\d+日)?)?)"
    rf"|(?P<en>(?:(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})(?:[–-](?:{'|'.join(MONTHS)}))? )?(?:19|20)\d\d)(?!\d|%|\.\d)"
)
BORDERS = re.compile(r"[|;；：:·()（）—–，,、。\d]")
FORMULA = re.compile(r"[(\d][\d.()%×÷+− ]*[×÷+−] ?[\d.()%×÷+− ]*[\d)%]")
# The place in a list or in a long table, which is no figure.
PLACES = re.compile(r"(?:^|(?<=\s))\d{1,2}\. (?=\D)|第 \d+—\d+ 条|\d+–\d+ of (?=\d)|前 \d+ [项张个]|the first \d+")
# Columns of which a page counts the kinds, and what it calls these where no function of the pages says it.
KINDS = ("status", "state", "kind", "severity", "theme", "evidence", "reason", "role", "unlock_zh", "unlock_en")
THINGS = ("task", "project", "problem", "supervision", "followup", "service_case")
KIND_WORDS = {
    "zh": {
        "definition": "待定口径",
        "note": "说明",
        "error": "矛盾",
        "target": "目标",
        "commitment": "承诺",
        "project": "没有做到一名领导、一套班子",
        "due": "该督办而没有督办",
    },
    "en": {
        "definition": "needs a definition",
        "note": "note",
        "target": "arget",
        "commitment": "ommitment",
        "project": "Without one leader",
        "due": "Order due",
    },
}
KEYS = {
    "source_id": ("来源", "ource", "材料", "texts"),
    "park_id": ("地区", "place"),
    "indicator_id": ("指标", "indicator"),
    "code": ("件事", "things", "matters"),
}
BAD = ("behind", "far_behind", "missed")
OPEN = ("overdue", "returned", "due_soon", "waiting", "in_progress", "not_started")


def distinct(rows: pl.DataFrame, kind: str) -> int:
    """How many targets or commitments the mechanisms carry, each counted once."""
    return rows.filter(pl.col("kind") == kind)["item_id"].n_unique()


# What sentences count: in the rows of which file, in which words, and how.
STATED = (
    ("zones", ("本站名录", "directory here"), lambda rows: rows.height),
    ("mechanism-links", ("项目标", "targets"), lambda rows: distinct(rows, "target")),
    ("mechanism-links", ("项承诺", "commitments"), lambda rows: distinct(rows, "commitment")),
    ("records", ("项目标", "targets of"), lambda rows: rows["set"].cast(int).sum()),
    ("records", ("可评估", "can be judged"), lambda rows: rows["decided"].cast(int).sum()),
    ("records", ("完成", " met"), lambda rows: rows["reached"].cast(int).sum()),
    ("records", ("未完成", " missed"), lambda rows: rows["missed"].cast(int).sum()),
    ("compare-years", ("更早的", "earlier"), lambda rows: rows["period"].n_unique() - 8),
    ("compare-years", ("earlier", "earlier"), lambda rows: rows["period"].n_unique() - 5),
    ("sources", ("条数据", "figures"), lambda rows: rows["observations"].cast(int).sum()),
    ("sources", ("项目标", "targets"), lambda rows: rows["targets"].cast(int).sum()),
    ("sources", ("转抄页", "copying sites"), lambda rows: (rows["carrier"] == "copy").sum()),
    ("tasks", ("已消号", "crossed off"), lambda rows: rows["state"].str.starts_with("crossed_off").sum()),
    ("tasks", ("逾期后补上", "were late"), lambda rows: (rows["state"] == "crossed_off_late").sum()),
    ("tasks", ("不对应任何", "no target"), lambda rows: rows["aim_id"].is_null().sum()),
    ("tasks", ("在办任务", "tasks open"), lambda rows: rows["state"].is_in(OPEN).sum()),
    ("projects", ("推进中的项目", "under way"), lambda rows: (~rows["state"].is_in(["done", "stopped"])).sum()),
    ("projects", ("个项目逾期", "overdue"), lambda rows: (rows["state"] == "overdue").sum()),
    ("projects", ("没有做到", "without"), lambda rows: (rows["breaches"].str.len_chars() > 2).sum()),
    ("problems", ("超过承诺", "past their"), lambda rows: (rows["state"] == "late").sum()),
    ("monthly", ("未完成的目标", "or missed"), lambda rows: rows["status"].is_in(BAD).sum()),
    ("supervision", ("未办结的督办单", "orders open"), lambda rows: (rows["state"] != "closed").sum()),
    ("efficiency", ("未办结的事项", "cases open"), lambda rows: rows["finished"].is_null().sum()),
    ("efficiency", ("办结", "closed"), lambda rows: rows["finished"].is_not_null().sum()),
    ("efficiency", ("超时办结", "late"), lambda rows: (rows["state"] == "late").sum()),
    ("efficiency", ("已经超时", "already late"), lambda rows: (rows["state"] == "late_open").sum()),
    ("scores", ("能评分", "scored"), lambda rows: rows["score"].is_not_null().sum()),
    ("without-task", ("没有在办任务", "no open task"), lambda rows: rows.height),
)
COUNTERS = re.compile(r"^ ?(?:条|项|个|件|张|行|种|份|处|家|[A-Za-z])|^$|^ ---|^）|^\)")
VIEW = re.compile(r"^park-(?:sample-)?|-(?:all|\d{4}|\d{4}-\d\d-\d\d)-[0-9a-f]{12}\.csv$")
WHOLE = re.compile(r"/api/observations\.csv\?[^)]*")
NAMES = ("indicator", "name", "title", "about", "service", "department", "mechanism", "aim", "park", "leader")


@dataclass(frozen=True)
class Line:
    """What a reader reads at once: a paragraph, a row of a table, a point of a chart; and the heading above it."""

    text: str
    heading: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a file. labels: what names it, as a reader reads it, and what merely places it; numbers: of its cells,
    exactly, each with its column; scales: of its units; texts: its other cells; apart: days between two days of it."""

    labels: tuple[frozenset[str], frozenset[str]]
    numbers: tuple[tuple[Decimal, str], ...]
    scales: tuple[Decimal, ...]
    texts: str
    apart: frozenset[int]


def plain(text: str) -> str:
    """A text as it is read, without its markup."""
    return re.sub(r"\s+", " ", MARKUP.sub("", text)).strip()


def read(at) -> Iterator[Line]:
    """All that a view of a page says, in its order."""
    heading = ""
    waiting = [at.main]
    while waiting:
        node = waiting.pop(0)
        proto = getattr(node, "proto", None)
        if hasattr(node, "children"):
            label = getattr(node, "label", "") or getattr(getattr(proto, node.type, None), "label", "")
            if label:
                yield Line(plain(label), heading)
            waiting[:0] = node.children.values()
        elif node.type == "vega_lite_chart":
            yield from drawn(proto, heading)
        elif node.type == "arrow_data_frame":
            yield from (Line(plain(" ".join(map(str, cells))), heading) for cells in node.value.itertuples(index=False))
        elif node.type not in UNREAD:
            for text in spoken(proto):
                if node.type in ("heading", "subheader", "title"):
                    heading = plain(text)
                for part in text.split("\n") if text.startswith(("| ", "- ")) else (text,):
                    yield Line(plain(part), heading)


def spoken(proto) -> Iterator[str]:
    """Every text of an element: what it says, its label, its options, its help, its value."""
    for name in ("body", "label", "options", "help", "placeholder", "delta"):
        value = getattr(proto, name, "")
        for text in (value,) if isinstance(value, str) else value:
            yield text if isinstance(text, str) else text.content


def drawn(proto, heading: str) -> Iterator[Line]:
    """What a chart says: its description, and each of its points with all of its texts and numbers."""
    yield Line(plain(proto.alt), heading)
    data = proto.data.data if proto.HasField("data") else proto.datasets[0].data.data
    for point in pa.ipc.open_stream(data).read_all().to_pylist():
        told = [f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
                for key, value in point.items() if key not in LAYOUT and value is not None]  # fmt: skip
        yield Line(plain(" ; ".join(told)), plain(proto.alt) + heading)


def rows_of(frame: pl.DataFrame, lang: str) -> list[Row]:
    """The rows of a file."""
    named = [f"{column}_{lang}" for column in NAMES if f"{column}_{lang}" in frame.columns]
    of_units = {row["unit_id"]: row["scale_en"] for row in catalogue.get_units().iter_rows(named=True)}
    by_name = {row["name_zh"]: Decimal(str(row["scale_en"])) for row in catalogue.get_units().iter_rows(named=True)}
    found = []
    for row in frame.iter_rows(named=True):
        numbers, texts = [], []
        for column, cell in row.items():
            if cell is None or column in ("unit_scale", "level_unit_scale"):
                continue
            try:
                value = Decimal(cell)
            except InvalidOperation:
                texts.append(cell)
                if column.endswith("_text"):
                    numbers += [(Decimal(digits), column) for digits in re.findall(r"\d+(?:\.\d+)?", cell)]
                continue
            numbers.append((value, column))
            if column in FRACTIONS:
                numbers.append((value * 100, column))
        scales = {Decimal(row[column]) for column in ("unit_scale", "level_unit_scale") if row.get(column)}
        scale = row.get("unit_scale") or str(of_units.get(row.get("unit_id"), 1))
        scales.add(Decimal(scale))
        # A misfit names its unit last: 最高与最低之差，亿元.
        scales.add(by_name.get(str(row.get("misfit_zh")).rpartition("，")[2], Decimal(1)))
        if row.get("formula") and lang == "en":
            texts.append(formulas.translate_formula(row["formula"], scale))
        if row.get("base") and row.get("measured"):
            numbers += [(Decimal(row[column]) - Decimal(row["base"]), "gap") for column in ("measured", "value")]
        first = frozenset(plain(row[column]) for column in named[:1] if row[column])
        first |= {cell for cell in row.values() if cell and re.fullmatch(r"[A-Z]+-?\d[\w-]*", cell)}
        labels = (first, frozenset(plain(row[column]) for column in named[1:] if row[column]))
        days = [date.fromisoformat(text) for text in texts if re.fullmatch(r"\d{4}-\d\d-\d\d", text)]
        apart = frozenset(abs((one - other).days) for one, other in itertools.combinations(days, 2))
        steps = tuple({Decimal(1), *scales}) if lang == "en" else (Decimal(1),)
        if row.get("level_dimension") == "count":
            numbers += [(value.quantize(Decimal(1), ROUND_HALF_UP), column) for value, column in numbers]
        found.append(Row(labels, tuple(numbers), steps, plain(" | ".join(texts)), apart))
    return found


class Origins:
    """What the numbers of one view may come from: the rows of its files, counts of them, days, words of the page."""

    def __init__(self, frames: dict[str, pl.DataFrame], lang: str, day: str, more: dict[str, pl.DataFrame]) -> None:
        """day: of which the view speaks; more: what the pages count beside the rows of their own files."""
        self.lang, self.frames, self.more = lang, frames, more
        self.files = [rows_of(frame, lang) for frame in frames.values()]
        self.rows = [row for rows in self.files for row in rows]
        parks = " | ".join(catalogue.get_parks()[f"name_{lang}"])
        self.texts = " | ".join(dict.fromkeys([*(row.texts for row in self.rows), texts_of_the_rules(lang), parks]))
        definitions = " | ".join(catalogue.get_indicators()[f"definition_{lang}"])
        names = " | ".join(catalogue.get_indicators()[f"name_{lang}"])
        self.texts += " | " + plain(definitions) + " | " + plain(names)
        cells = " ".join(frame.write_csv() for frame in frames.values()) + day + texts_of_the_rules(lang)
        self.cells = cells
        known = [
            frame["source_published"].drop_nulls() for frame in more.values() if "source_published" in frame.columns
        ]
        known += [more["whole"]["period"]] if "whole" in more else []
        self.years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", cells + " ".join(itertools.chain(*known))))
        self.counts: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        for n, words in itertools.chain(counted({**frames, **more}, lang), said_of(frames, more, lang)):
            self.counts[n].add(words)

    def strangers(self, line: Line) -> list[str]:
        """The numbers of a line that come from nowhere, each with what stands around it."""
        words = self.texts + words_of_the_pages(self.lang)
        unknown = [code[0] for code in CODE.finditer(line.text) if code[0].rstrip("-") not in words]
        masked = CODE.sub(lambda match: "_" * len(match[0]), line.text)
        unknown += [day[0] for day in DAYS.finditer(masked) if not self.is_day(day[0], line.text)]
        masked = DAYS.sub(lambda match: "_" * len(match[0]), masked)
        masked = PLACES.sub(lambda match: "_" * len(match[0]), masked)
        here = self.meant(line)
        rules = (self.quoted, self.cell, self.computed, self.count, self.worded)
        for number in NUMBER.finditer(masked):
            if not any(rule(number, line.text, here) for rule in rules):
                unknown.append(line.text[max(0, number.start() - 12) : number.end() + 12])
        return unknown

    def is_day(self, text: str, line: str) -> bool:
        """Whether a day, a month or a year is one of the rows, or the day of the view."""
        if text in self.texts:
            return True
        year = re.search(r"\d{4}", text)[0]
        months = [f"{MONTHS.index(name) + 1:02}" for name in re.findall("|".join(MONTHS), text)]
        rest = [f"{int(part):02}" for part in re.findall(r"\d+", text.replace(year, "", 1))]
        rest = [*months, *rest] if months else rest
        if not rest:  # of a year without figures a chart says so
            return year in self.years or (line == f"{year} ; 0" and year not in self.years)
        if "—" in text or "–" in text:
            return f"{year}-{rest[0]}/{year}-{rest[1]}" in self.cells
        return "-".join([year, *rest]) in self.cells

    def meant(self, line: Line) -> list[Row]:
        """The rows that a line names; where it names none, those of its heading, else all."""
        for text in (line.text, line.heading):
            found: list[Row] = []
            for rows in self.files:
                named = ([row for row in rows if any(label in text for label in row.labels[place])] for place in (0, 1))
                found += next(filter(None, named), [])
            if found:
                return found
        return self.rows

    def quoted(self, number: re.Match, text: str, here: list[Row]) -> bool:
        """Inside a text of a row, with what stands around it."""
        around = [
            formula[0].strip(" ()") for formula in FORMULA.finditer(text) if number.start() in range(*formula.span())
        ]
        return any(formula in self.texts for formula in around) or stands_in(self.texts, text, number)

    def cell(self, number: re.Match, text: str, here: list[Row]) -> bool:
        """The number of a cell, in the unit that the page shows, rounded as it is shown."""
        shown = decimal(number[0])
        return any(equal(shown, value, scale, column) for row in here for value, column in row.numbers
                   for scale in row.scales) or any(abs(shown) in row.apart for row in here)  # fmt: skip

    def computed(self, number: re.Match, text: str, here: list[Row]) -> bool:
        """What a formula in the same line gives."""
        shown = decimal(number[0])
        places = max(0, -int(shown.as_tuple().exponent))
        if text[number.end() : number.end() + 1] == "%":  # above a point of a chart, whose number stands beside it
            exact = (decimal(other) for other in re.findall(r"\d+\.\d{3,}", text))
            if any(round(other, places) == shown for other in exact):
                return True
        return any(round(result, places) == shown for result in results(text))

    def count(self, number: re.Match, text: str, here: list[Row]) -> bool:
        """How many rows of a file there are, or of one kind which the same line names."""
        if not number[0].replace(",", "").isdigit():
            return False
        words = self.counts.get(int(decimal(number[0])), ())
        return any(
            all(word in text for word in told) for told in words if told or COUNTERS.search(text[number.end() :])
        )

    def worded(self, number: re.Match, text: str, here: list[Row]) -> bool:
        """In the words of the page itself."""
        return stands_in(words_of_the_pages(self.lang), text, number)


def decimal(shown: str) -> Decimal:
    """A number as it is shown."""
    return Decimal(shown.replace(",", "").replace("−", "-"))


def stands_in(texts: str, text: str, number: re.Match, around: int = 4) -> bool:
    """Whether a number stands in some texts with the same characters beside it, as far as the words go on."""
    before = re.split(BORDERS, text[max(0, number.start() - around) : number.start()])[-1]
    after = re.split(BORDERS, text[number.end() : number.end() + around])[0]
    for left, right in itertools.product({before, before.split(" ")[-1]}, {after, after.split(" ")[0]}):
        if left.strip() or right.strip():
            first, last = "" if left.strip() else r"(?<![\d.])", "" if right.strip() else r"(?!\d|\.\d)"
            if re.search(first + re.escape((left + number[0] + right).strip()) + last, texts):
                return True
    return False


def results(text: str) -> Iterator[Decimal]:
    """What the formulas in a text give: 552 − 438.5, 438.5 ÷ 552 in per cent too."""
    for formula in FORMULA.findall(text):
        whole = formula.rstrip(")") if formula.count(")") > formula.count("(") else formula
        told = whole.replace("×", "*").replace("÷", "/").replace("−", "-").replace("%", "/100")
        parts = re.fullmatch(r"[\d.()*/+\- ]+", told)
        if parts:
            try:
                result = Decimal(str(eval(told)))
            except (SyntaxError, ZeroDivisionError, TypeError):
                continue
            yield from (result, result * 100)


PEER_WORDS = {
    "province": ("同省", "Same province"), "product": ("产出相近", "Like product"),
    "people": ("人口相近", "Like population"), "approval": ("同期获批", "Approved together"),
}  # fmt: skip


def counted(frames: dict[str, pl.DataFrame], lang: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """How many rows there are in a file, and of one kind, with the words that name the kind."""
    speak(lang)
    for frame in frames.values():
        named = [column for column in frame.columns if column.endswith(f"_{lang}") and column[:-3] in NAMES]
        kinds = [column for column in KINDS if column in frame.columns]
        yield frame.height, ()
        for group in itertools.chain(named, kinds, itertools.product([*named, *kinds], kinds)):
            columns = [group] if isinstance(group, str) else list(dict.fromkeys(group))
            for *values, n in frame.select(columns).drop_nulls().group_by(columns).len().iter_rows():
                words = [{plain(value)} if column in named else called(value)
                         for column, value in zip(columns, values, strict=True)]  # fmt: skip
                yield from ((n, told) for told in itertools.product(*words))
                if len(columns) == 2 and columns[0] in named:  # the row of a table whose columns are the kinds
                    yield n, ("| " + plain(values[0]),)
        for column, words in KEYS.items():
            if column in frame.columns:
                yield from ((frame[column].n_unique(), (word,)) for word in words)


def said_of(frames: dict[str, pl.DataFrame], more: dict[str, pl.DataFrame], language: str) -> Iterator:
    """Counts and sums of rows that a page states in a sentence, with the words of that sentence."""
    at = 0 if language == "zh" else 1
    for name, words, number in STATED:
        if name in frames or name in more:
            yield int(number({**more, **frames}[name])), (words[at],)
    if "derived" in more:
        yield more["figures"].height + more["derived"].height, (("显示", "Showing")[at],)
        yield exploration.MOST_FIGURES, (("多于", "more than")[at],)
    if "zones" in more:
        yield from said_of_places(frames, more, language)
    for frame in [*frames.values(), *(more[name] for name in ("whole",) if name in more)]:
        if "note" in frame.columns and "status" in frame.columns:
            noted = frame.filter(pl.col("note").is_not_null() | (pl.col("status") == "not_published"))
            yield noted.height, (("说明", "Notes")[at],)
            yield noted.height - layout.MOST_REMARKS, (("其余", "more are in")[at],)
        if "period_start" in frame.columns:
            yield from ((n, (f"{year}",)) for year, n in spans(frame))
    if "mechanism-links" in frames:
        links = frames["mechanism-links"]
        names = dict(links.select("mechanism_id", f"mechanism_{language}").iter_rows())
        yield from ((place, (plain(name),)) for place, name in enumerate(names.values(), start=1))
        if "red" in frames:
            yield from (
                (n, (plain(names[code]),)) for code, n in frames["red"]["mechanism_id"].value_counts().iter_rows()
            )
        for name, kind, _theme, n in links.group_by(f"mechanism_{language}", "kind", "theme").len().iter_rows():
            yield n, (plain(name), KIND_WORDS[language][kind])


def said_of_places(frames: dict[str, pl.DataFrame], more: dict[str, pl.DataFrame], language: str) -> Iterator:
    """How many places have a figure of a definition, in all and in a year, and how many peers the place has."""
    at = 0 if language == "zh" else 1
    figures_of = more["figures"].filter(pl.col("evidence") == "published")
    for (_key,), rows in figures_of.group_by("comparable_key"):
        years = rows.filter(pl.col("period").str.len_chars() == 4)
        yield from ((years["park_id"].n_unique(), (plain(name),)) for name in rows[f"indicator_{language}"].unique())
        if rows["comparable_key"][0] == frames["compare"]["comparable_key"][0]:
            yield rows.height, (("显示", "Showing")[at],)
            whole_years = rows.filter(pl.col("period").str.len_chars() == 4, pl.col("value").is_not_null())
            yield whole_years.height, (("显示", "Showing")[at],)
            for (period,), group in whole_years.group_by("period"):
                yield group["park_id"].n_unique(), (str(period),)
    for group in find_peer_groups(catalogue.get_home_park(), 2013):
        yield len(group.parks), (PEER_WORDS[group.rule][at],)


def spans(frame: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """How many figures speak of each year from the first to the last."""
    first, last = (frame[f"period_{end}"].cast(str).str.head(4).cast(int) for end in ("start", "end"))
    years = pl.DataFrame({"year": [list(range(a, b + 1)) for a, b in zip(first, last, strict=True)]}).explode("year")
    counts = dict(years["year"].value_counts().iter_rows())
    yield from ((year, counts.get(year, 0)) for year in range(min(counts, default=0), max(counts, default=-1) + 1))


def called(code: str) -> set[str]:
    """What the pages call the code of a kind."""
    words = {table[code] for table in (facets.get_role_labels(), KIND_WORDS[lang()]) if code in table}
    for naming in (
        figures.label_theme,
        figures.label_evidence,
        target_status.label_status,
        *(partial(ledger_status.label_state, kind=kind) for kind in THINGS),
    ):
        with suppress(KeyError):
            words.add(naming(code))
    return {word for word in words if word != code}


def equal(shown: Decimal, value: Decimal, scale: Decimal, column: str) -> bool:
    """Whether a number is that of a cell; one without decimals may have lost those that were naught."""
    for decimals in (1, 2, 4, 6):
        step = Decimal(1).scaleb(-decimals)
        if abs(shown) == abs(value.quantize(step, ROUND_HALF_UP) * scale):
            return True
    if "low" in column or "high" in column:
        step = Decimal(1).scaleb(shown.as_tuple().exponent)
        return shown in {(value * scale).quantize(step, way) for way in (ROUND_FLOOR, ROUND_CEILING)}
    return False


@cache
def texts_of_the_rules(lang: str) -> str:
    """The texts and thresholds of the rules by which targets are judged."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "data" / "rules").glob("*.toml"))]
    return " | ".join(plain(text) for rule in files for text in rule.values() if isinstance(text, str))


@cache
def words_of_the_pages(lang: str) -> str:
    """The texts that stand in the code of the pages, in a language."""
    told = said("en")._catalog
    return " | ".join(plain(str(text)) for pair in told.items() for text in [pair[lang == "en"]])


def more(page: str, lang: str, *, sample: bool) -> dict[str, pl.DataFrame]:
    """What a page counts beside the rows of its own files: the whole of which it shows a part."""
    if not sample:
        evidence = ("published",) if page == "explore" else ("published", "derived")
        rows = get_observations(evidence=evidence, lang=lang).with_columns(pl.col("source_published").cast(str))
        roles = dict(catalogue.get_parks().select("park_id", "role").iter_rows())
        found = {"figures": rows.with_columns(role=pl.col("park_id").replace_strict(roles))}
        if page == "explore":
            found["derived"] = get_observations(evidence=("derived",), lang=lang)
        if page in THEMED:
            found["theme"] = rows.filter(pl.col("theme") == THEMED[page])
        if page == "compare":
            found["zones"] = pl.read_csv(SOURCES / "zone.csv", infer_schema=False).filter(pl.col("kind") == "zone")
        return found
    ledger, day = ledgers.find_ledger("sample"), date.fromisoformat(SAMPLE["asof"])
    known = (ledger, day, lang)
    if page != "mechanisms":
        return {}
    found = {
        "tasks": get_ledger_tasks(*known),
        "projects": get_ledger_projects(*known),
        "problems": get_ledger_problems(*known),
        "supervision": get_ledger_orders(*known),
        "efficiency": get_service_cases(*known),
        "monthly": get_meeting_targets(ledger, day, lang=lang),
    }
    found["projects"] = found["projects"].with_columns(breaches=pl.col("breaches").list.join(", "))
    return found | {"scores": compute_scores(compute_score_items(ledger, day, lang=lang), get_score_subjects(*known))}


def recomputed(page: str, frames: dict[str, pl.DataFrame], lang: str) -> dict[str, pl.DataFrame]:
    """What follows from the rows of a file by a formula that the page names, computed here once more; and the rows to
    which a file leads by their codes."""
    if page == "efficiency" and "efficiency" in frames:
        closed = frames["efficiency"].filter(pl.col("month").is_not_null())
        on_time = (pl.col("state") == "on_time").sum()
        months = closed.group_by("month").agg(closed=pl.len(), on_time=on_time).sort("month")
        mean = months["on_time"].sum() / months["closed"].sum()
        apart = 3 * (mean * (1 - mean) / pl.col("closed")).sqrt()
        months = months.with_columns(
            name_zh=pl.col("month").str.replace(r"(\d+)-0?(\d+)", "$1年$2月"),
            share=pl.col("on_time") / pl.col("closed"),
            mean=mean, lower=(mean - apart).clip(0), upper=(mean + apart).clip(None, 1.0),
        )  # fmt: skip
        year = pl.col("month").str.head(4)
        named = pl.col("month").str.tail(2).cast(int).replace_strict(dict(enumerate(MONTHS, start=1)))
        months = months.with_columns(name_en=named + " " + year)
        whole = pl.DataFrame({"share": [mean]})
        last = pl.DataFrame({"year": [str(max(chinese_calendar.constants.workdays).year)]})
        return {"months": months.cast(str), "all-months": whole.cast(str), "calendar": last}
    if page == "preplan" and "tasks" in frames:
        rows = frames["tasks"]
        day = SAMPLE["asof"]
        months = itertools.product((2025, 2026), range(1, 13))
        ends = [f"{year}-{month:02}-{monthrange(year, month)[1]}" for year, month in months] + [day]
        given, over = pl.col("assigned"), pl.max_horizontal("assigned", "due")
        done = rows.filter(~pl.col("state").is_in(OPEN))["assessed"].drop_nulls()
        left = [(end, (rows["assigned"] <= end).sum() - (done <= end).sum(),
                 rows.filter(given <= end, over > end).height)
                for end in ends]  # fmt: skip
        schema = {"day": str, "open": str, "planned": str}
        return {"left": pl.DataFrame([tuple(map(str, row)) for row in left], schema=schema, orient="row")}
    if page == "findings":
        whole = {
            "observations": get_observations(evidence=("published", "derived"), lang=lang),
            "targets": get_judged_targets(lang=lang),
        }
        found = {}
        for name, rows in whole.items():
            codes = " ".join(frames["findings"][name].fill_null(""))
            led = rows.filter([code in codes for code in rows[f"{name[:-1]}_id"]])
            found[name] = pl.read_csv(io.BytesIO(formats.as_csv(led)), infer_schema=False)
        return found
    if page == "mechanisms":
        return {"six": get_mechanisms(lang).cast(str)}
    if page == "compare":
        key = frames["compare"]["comparable_key"][0]
        rows = get_observations(evidence=("published",), lang=lang).filter(pl.col("comparable_key") == key)
        return {"years": select_annual_figures(rows).select(pl.exclude(pl.List)).cast(str)}
    others = {"zones": recomputed_zones, "place": recomputed_place, "coverage": recomputed_coverage}
    return others[page](frames, lang) if page in others else {}


def recomputed_zones(frames: dict[str, pl.DataFrame], _lang: str) -> dict[str, pl.DataFrame]:
    """The zones that the title and the paragraph count, and the whole directory."""
    known = frames["zones"].filter(pl.col("approved_year").is_not_null())
    whole = pl.read_csv(SOURCES / "zone.csv", infer_schema=False)
    year = pl.col("approved_year")
    return {"known": known, "before": known.filter(year < "2009"), "same": known.filter(year == "2009"), "all": whole}


def recomputed_coverage(frames: dict[str, pl.DataFrame], _lang: str) -> dict[str, pl.DataFrame]:
    """The indicators of the grid with their figures added up, one row each."""
    rows = frames["coverage"].group_by("comparable_key", "indicator_id", "name_zh", "name_en", maintain_order=True)
    return {"listed": rows.agg(pl.col("figures").cast(int).sum(), pl.col("places").cast(int).max()).cast(str)}


def recomputed_place(_frames: dict[str, pl.DataFrame], lang: str) -> dict[str, pl.DataFrame]:
    """What the page of the park says beside its figures: its row in the directory, ranks, targets."""
    home = catalogue.get_home_park()
    zones = pl.read_csv(SOURCES / "zone.csv", infer_schema=False).filter(pl.col("park_id") == home)
    parks = pl.read_csv(SOURCES / "park.csv", infer_schema=False)
    latest = get_latest_figures(home, lang).select("indicator_zh", "indicator_en", *RANKS).cast(str)
    targets = pl.read_csv(io.BytesIO(formats.as_csv(get_judged_targets(parks=[home], lang=lang))), infer_schema=False)
    return {"zones": zones, "parks": parks, "latest": latest, "targets": targets}


def workbook(content: bytes, frames: dict[str, pl.DataFrame], lang: str) -> dict[str, pl.DataFrame]:
    """The rows of a ledger's workbook, sheet by sheet, under what each row begins with; in the units of the page."""
    units = dict(frames["monthly"].select(f"indicator_{lang}", "level_unit_scale").iter_rows())
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
        head, *rows = [[None if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row]
                       for row in sheet.iter_rows(values_only=True)]  # fmt: skip
        columns = [f"name_{lang}", *(f"column {place}" for place in range(1, len(head)))]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
        scale = pl.col(f"name_{lang}").replace_strict(units, default="1", return_dtype=pl.String)
        found[sheet.title] = frame.with_columns(unit_scale=scale)
    return found


def opened(page: str, base: dict[str, str], lang: str) -> tuple[list[Line], Origins]:
    """A page, line by line, and what its numbers may come from."""
    seen = walks.Reader(page).open(base, lang, menus=True)
    assert seen.wrong == ""
    made = {name: make() for name, make in seen.files.items() if name.endswith(".csv") and "template" not in name}
    frames = {
        VIEW.sub("", name): pl.read_csv(io.BytesIO(content), infer_schema=False) for name, content in made.items()
    }
    if page == "monthly" and base:
        frames |= workbook(seen.files["park-ledger-sample.xlsx"](), frames, lang)
    frames |= recomputed(page, frames, lang)
    day, beside = base.get("asof", date.today().isoformat()), more(page, lang, sample=bool(base))
    for address in (match[0] for box in [*seen.at.info, *seen.at.caption] for match in WHOLE.finditer(box.value)):
        answer = TestClient(api).get(address.removeprefix("/api"))  # the file of a view that is too large for the page
        beside["whole"] = pl.read_csv(io.BytesIO(answer.content), infer_schema=False)
    return list(dict.fromkeys(read(seen.at))), Origins(frames, lang, day, beside)


@pytest.mark.parametrize("lang", walks.LANGUAGES)
@pytest.mark.parametrize(
    ("page", "base"), VIEWS, ids=lambda one: one if isinstance(one, str) else one.get("park", "zone")
)
def test_every_number_on_a_page_comes_from_a_row_of_its_files_or_a_formula_beside_it(page, base, lang):
    lines, origins = opened(page, base, lang)
    unknown = {line.text: strangers for line in lines if (strangers := origins.strangers(line))}
    assert unknown == {}


def test_a_number_of_three_digits_or_more_with_one_of_them_changed_has_no_origin():
    chance, found, tried = random.Random(7), 0, 0
    for page, base in (("overview", {}), ("economics", {}), ("monthly", SAMPLE), ("efficiency", SAMPLE)):
        lines, origins = opened(page, base, "zh")
        for line in lines:
            for number in NUMBER.finditer(line.text):
                places = [place for place in range(*number.span()) if line.text[place].isdigit()]
                if len(places) < 3:  # of counts below a hundred there is nearly always another one that is right
                    continue
                place = chance.choice(places)
                digit = chance.choice([one for one in "0123456789" if one != line.text[place]])
                altered = Line(line.text[:place] + digit + line.text[place + 1 :], line.heading)
                tried, found = tried + 1, found + bool(origins.strangers(altered))
    assert tried > 300
    assert found > 0.8 * tried, (found, tried)
