"""Number formats of spreadsheets: the code of a format, section by section.

No library that is kept does this: readers of workbooks give the number and, at most, the code of its format. Here a
code is read as far as a table of figures needs it; what is left over is said, never guessed.
"""

import operator
import re
from dataclasses import dataclass, replace
from functools import lru_cache

# The accounting formats; which sign of a currency the program puts before them is its own choice.
DASHED, DASHED_2 = '#,##0;-#,##0;"-"', '#,##0.00;-#,##0.00;"-"'
# The formats that have a number and no code; those of 27 to 36 and 50 to 58 as a Chinese spreadsheet program has them.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy年m月",
    28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
    36: "yyyy年m月", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: DASHED, 42: DASHED, 43: DASHED_2, 44: DASHED_2, 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
    49: "@", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "h:mm", 56: "h:mm:ss",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*](?P<blank>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>general)'
    r"|(?P<money>(?:US|HK|NT|[ACS])?[$¥￥€£]|CNY|RMB|USD|HKD|EUR|JPY|GBP)"
    r"|(?P<date>y+|m+|d+|h+|s+|b+|e+(?![+-])|a/p|am/pm|上午/下午|aaa+)|(?P<power>e[+-])|(?P<digits>[0#?.,]+)"
    r"|(?P<percent>%)|(?P<fraction>/)|(?P<text>@)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
WRITTEN = ("quoted", "escaped", "plain", "money")  # parts that stand in the cell as they are
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
COMPARED = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
COLOURED = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+|[黑蓝青绿洋红白黄]+色?|颜色 ?\d+", re.I
)
SIGNED = re.compile("[-−–—－△▲▽▼↓负减降跌]")  # what tells the reader that a number is below zero
# The parts of a date with nothing between them but what divides them; other words belong to what is shown.
DATE_SHAPE = re.compile(r"D(?:[年月日号时分秒点T\s\-/.,，、:：]*D)*[年月日号时分秒点.\s]*")
DATE_KINDS = {"y": "year", "my": "month", "m": "month_name", "dmy": "day"}
Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """One section of a format: what it shows of a number.

    kind: general (as a cell without a format, also where it shows a fraction or a power of ten), number, words (text
    alone), hidden (nothing), year, month, day, month_name, dated (a date with other words, by its parts), or other (a
    time; what it shows is not worked out). shift: the power of ten by which the number is multiplied, 2 for a per cent.
    least, most: digits after the point, most -1 for all; whole: the fewest before it. bare: a zero has no digits.
    before, after: text around the number. signed: a minus sign stands before a number below zero.
    """

    kind: str
    shift: int = 0
    least: int = 0
    most: int = 0
    whole: int = 1
    before: str = ""
    after: str = ""
    bare: bool = False
    signed: bool = True
    parts: Parts = ()

    @property
    def is_date(self) -> bool:
        """Return whether a number is shown as a date."""
        return self.kind in ("year", "month", "month_name", "day", "dated")


AS_IT_IS, OTHER = Section("general"), Section("other")


@dataclass(frozen=True)
class NumberFormat:
    """The format of a cell: the sections for numbers above zero, below zero, for zero and for text.

    text: what stands around a text, None if it is shown as it is. choices: comparison, limit and section, where the
    sections have conditions of their own; the first that fits counts, else `positive`.
    """

    positive: Section = AS_IT_IS
    negative: Section = AS_IT_IS
    zero: Section = AS_IT_IS
    text: Section | None = None
    choices: tuple[tuple[str, float, Section], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Return whether a number and a text are shown as a cell without a format shows them."""
        return self == GENERAL

    def choose(self, value: float) -> Section:
        """Choose the section that shows a number."""
        if self.choices:
            return self._choose_by_condition(value)
        return self.positive if value > 0 else self.negative if value < 0 else self.zero

    def _choose_by_condition(self, value: float) -> Section:
        if value < 0 and any(limit <= 0 and compare != "=" for compare, limit, _section in self.choices):
            return OTHER  # programs differ in whether the sign is shown
        for compare, limit, section in self.choices:
            if COMPARED[compare](value, limit):
                return section
        return self.positive


GENERAL = NumberFormat()
# What is struck out does not count for the reader of the sheet: numbers and texts are left out.
EMPTY = Section("words", signed=False)
STRUCK_OUT = NumberFormat(EMPTY, EMPTY, EMPTY, EMPTY)


def split_sections(code: str) -> list[str]:
    """Split the code of a format at its semicolons: for positive and negative numbers, zero and text."""
    sections, start = [], 0
    for match in TOKEN.finditer(code):
        if match["plain"] == ";":
            sections.append(code[start : match.start()])
            start = match.end()
    return [*sections, code[start:]]


def looks_dated(code: str) -> bool:
    """Return whether a format has a currency whose letters other programs take for those of a date: US$#,##0."""
    return any(re.search("[ymdhs]", match["money"] or "", re.IGNORECASE) for match in TOKEN.finditer(code))


@lru_cache(maxsize=4_096)
def parse_number_format(code: str) -> NumberFormat:
    """Parse the code of a format with all of its sections."""
    if not code.strip():
        return GENERAL
    split = [_split_parts(section) for section in split_sections(code.replace("G/通用格式", "General"))]
    text = None
    if len(split) > 3 or any(kind == "text" for kind, _text in split[-1]):
        text = _parse_text_section(split[min(len(split), 4) - 1])
        if len(split) == 1:
            return NumberFormat(OTHER, OTHER, OTHER, text) if text else GENERAL
        split = split[: min(len(split), 4) - 1]
    conditions = [_find_condition(parts) for parts in split]
    sections = [_parse_section(parts) for parts in split]
    if any(section.before == "(" and section.after == ")" for section in (sections[0], *sections[2:])):
        return NumberFormat(OTHER, OTHER, OTHER, text)  # brackets are a minus to most readers
    zero_first = conditions[0] in {(">=", 0), (">", 0)} and len(sections) == 2 + (conditions[0] == (">", 0))
    if any(conditions) and not (zero_first and conditions[1] in (None, ("<", 0)) and not any(conditions[2:])):
        return _parse_conditional(conditions, sections, text)
    first = sections[0]
    below = _tell_sign(sections[1], split[1]) if len(sections) > 1 else first
    return NumberFormat(first, below, sections[2] if len(sections) > 2 else first, text)


def _split_parts(section: str) -> Parts:
    return tuple((str(match.lastgroup), match[match.lastgroup or 0]) for match in TOKEN.finditer(section))


def _find_condition(parts: Parts) -> tuple[str, float] | None:
    for kind, text in parts:
        if kind == "bracket" and text[:1] in ("<", ">", "="):
            match = CONDITION.fullmatch(text.replace(" ", ""))
            return (match[1], float(match[2])) if match else ("?", 0)
    return None


def _parse_conditional(
    conditions: list[tuple[str, float] | None], sections: list[Section], text: Section | None
) -> NumberFormat:
    """Return a format whose sections have conditions; what does not follow from them is not worked out."""
    unclear = NumberFormat(OTHER, OTHER, OTHER, text)
    if conditions[0] is None or ("?", 0) in conditions or any(conditions[2:]):
        return unclear
    choices = [(*told, section) for told, section in zip(conditions, sections, strict=True) if told]
    # Of three sections the second without a condition is for numbers below zero in one program, for the rest in others.
    rest = sections[-1] if len(sections) == len(choices) + 1 else OTHER
    return replace(unclear, positive=rest, choices=tuple(choices))


def _parse_text_section(parts: Parts) -> Section | None:
    """Return what stands around a text; None if nothing does."""
    written = [(kind, text) for kind, text in parts if kind in (*WRITTEN, "text", "percent", "digits")]
    places = [at for at, (kind, _text) in enumerate(written) if kind == "text"]
    if not places:
        return Section("words", before="".join(text for _kind, text in written).strip())
    before, after = written[: places[0]], written[places[0] + 1 :]
    around = Section("text", before="".join(text for _, text in before), after="".join(text for _, text in after))
    return around if around.before.strip() or around.after.strip() else None


def _parse_section(parts: Parts) -> Section:
    """Parse a section for numbers."""
    marks = {kind for kind, _text in parts}
    if any(kind == "bracket" and re.fullmatch("h+|m+|s+", text, re.IGNORECASE) for kind, text in parts):
        return OTHER
    if "date" in marks:
        return _parse_date_section(parts)
    written = "".join(text for kind, text in parts if kind in (*WRITTEN, "percent", "general")).strip()
    if marks & {"power", "fraction"}:
        return AS_IT_IS if not written else Section("number", most=-1, before="-") if written == "-" else OTHER
    if "text" in marks:
        return OTHER
    return _parse_digits(parts)


def _parse_date_section(parts: Parts) -> Section:
    """Return the section of a date: of a year, a month or a day, or of one shown by its parts."""
    letters = "".join(text.lower()[:1] for kind, text in parts if kind == "date" and not text.lower().startswith("ddd"))
    core = "".join(sorted(letters.replace("e", "y").replace("a", "").replace("上", "")))
    shown = [(kind, text) for kind, text in parts if kind not in ("blank", "bracket")]
    unread = any(kind == "plain" and re.fullmatch("[A-SU-Za-z]", text) for kind, text in shown)
    if unread or "b" in core or any(kind == "digits" and re.search("[0#?]", text) for kind, text in shown):
        return OTHER
    divided = DATE_SHAPE.fullmatch("".join("D" if kind == "date" else text for kind, text in shown).strip())
    if set(core) & {"h", "s"}:
        return Section("day") if divided and {"y", "d"} <= set(core) else OTHER
    if divided and core in DATE_KINDS:
        return Section(DATE_KINDS[core])
    dates = [text.lower() for kind, text in shown if kind == "date"]
    named = any(kind == "bracket" and "DBNUM" in text.upper() for kind, text in parts)
    if named or any(text[0] not in "yemd" or (text[0] in "md" and len(text) > 2) for text in dates):
        return OTHER  # names of months and weekdays, and Chinese digits
    return Section("dated", parts=tuple((kind, text.lower() if kind == "date" else text) for kind, text in shown))


def _parse_digits(parts: Parts) -> Section:
    """Return the section of a number, of words, or of nothing."""
    before, after, digits, shift = "", "", "", 0
    for place, (kind, part) in enumerate(parts):
        text = part
        more = any(later in ("digits", "general") for later, _text in parts[place + 1 :])
        if kind == "digits":
            digits += text
        elif kind == "general":
            digits += "General"
        elif kind in (*WRITTEN, "percent", "bracket"):
            if kind == "bracket":
                text = text[1:].split("-")[0] if text.startswith("$") else ""
            shift += 2 * (kind == "percent")
            if digits and more and text:
                if text != "." or "|" in digits:
                    return OTHER
                digits += "|"  # 0!.0 shows the last digit behind a point: 1900 as 190.0
            else:
                before, after = (before, after + text) if digits else (before + text, after)
    before, after = before.strip(), after.strip()
    if not digits:
        return Section("words", before=before) if before else Section("hidden")
    if digits == "General":
        return Section("number", shift, most=-1, before=before, after=after) if before or after else AS_IT_IS
    bare = digits.rstrip(",")
    shift -= 3 * (len(digits) - len(bare))
    whole, _point, decimals = bare.replace("|", ".").partition(".")
    shift -= 3 * (len(whole) - len(whole.rstrip(","))) if decimals else 0
    decimals = decimals.replace(",", "")
    if not bare or "General" in bare or "." in decimals or ("|" in bare and "." in bare):
        return OTHER
    if "|" in bare:
        shift -= len(decimals)
    least = len(decimals.rstrip("#?"))
    fewest = max(1, whole.count("0"))
    return Section("number", shift, least, len(decimals), fewest, before, after, bare="0" not in bare)


def _tell_sign(section: Section, parts: Parts) -> Section:
    """Return the section for numbers below zero, which are shown without their sign, with the sign its reader sees.

    Brackets are a sign, and so is a colour; where there is none at all, the number is not known from what is shown.
    """
    if section.kind == "general":
        section = replace(section, kind="number", most=-1)
    section = replace(section, signed=False)
    if section.kind != "number" or SIGNED.search(section.before + section.after):
        return section
    if re.search("[(（]", section.before) and re.search("[)）]", section.after):
        before, after = re.sub("[(（]", "", section.before), re.sub("[)）]", "", section.after)
        return replace(section, before=f"-{before}", after=after)
    coloured = any(kind == "bracket" and COLOURED.fullmatch(text) for kind, text in parts)
    return replace(section, before=f"-{section.before}") if coloured else OTHER
