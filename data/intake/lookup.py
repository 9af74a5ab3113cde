"""Find the place, indicator or unit that a cell names: its code, or what is wrong in both languages."""

import re

from data.layouts.heads import BILINGUAL, BRACKET, describe_head, split_head
from data.values.marks import strip_note_marks, strip_numbering
from data.values.vocabulary import Vocabulary

ABROAD = re.compile("进出口|出口|进口|外资|境外")  # amounts that are published in yuan and in US dollars
LookupResult = tuple[str | None, str, str]
SPAN_BEHIND_NAME = re.compile(r"[_＿\-—\s]*(累计值|当期值|本期值|本月值|当月值|当季值|期末值)$|[_＿\-—\s]+(累计)$")
SPAN_WORDS = {
    "累计值": "cumulative", "累计": "cumulative", "期末值": "end", "本期值": "", "当期值": "", "本月值": "month",
    "当月值": "month", "当季值": "quarter",
}  # fmt: skip
EMPTY_CELL: LookupResult = (None, "不能空着", "must not be empty")
DIMENSION_NAMES = {
    "money": ("金额", "money"), "area": ("面积", "area"), "energ": ("电量", "electricity"),
    "count": ("个数", "a count"), "share": ("占比", "a share"),
    "rank": ("名次", "a rank"),
}  # fmt: skip


def find_place_code(text: str | None, known: Vocabulary) -> LookupResult:
    """Return the code of the place that a cell names."""
    if text is None:
        return EMPTY_CELL
    codes = known.find_places(text) or known.find_places(strip_note_marks(text)) or known.find_places(_take_han(text))
    if len(codes) == 1:
        return codes[0], "", ""
    codes = codes or known.find_search_word(text, "park")
    if codes:
        return (
            None, f"可能是 {known.label_codes(codes, 'park', 'zh')}。请改写成其中一个代码",
            f"may be {known.label_codes(codes, 'park', 'en')}; write the code of one of them",
        )  # fmt: skip
    near = known.suggest_names(text, "park")
    zh, en = _describe_similar_names(near)
    return (
        None, f"目录里没有这个地区{zh}。请改写；新的地区先用“地区”表添加",
        f"no such place in the catalogue{en}; correct it, or add the place by a table of places first",
    )  # fmt: skip


def find_indicator_code(text: str | None, known: Vocabulary) -> tuple[str | None, str, str, str, str, str]:
    """Return the code of the indicator that a cell names, what is wrong with it, its unit, span and role ("" for none).

    The name may have its unit in brackets, the number of its item before it, and how the period is meant behind it:
    一、社会消费品零售总额_累计值(亿元). role: growth for a row of growths, 工业增加值同比增长(%).
    """
    if text is None:
        return *EMPTY_CELL, "", "", ""
    bare = strip_numbering(strip_note_marks(text))
    base, unit = _split_unit(bare, known)
    name, span = base, ""
    if match := SPAN_BEHIND_NAME.search(base):
        name, span = base[: match.start()], SPAN_WORDS[match[1] or match[2]]
    for one, its_unit, its_span in ((text, "", ""), (bare, "", ""), (base, unit, ""), (name, unit, span)):
        if codes := known.find_indicators(one):
            return *_choose_indicator(text, codes, known), its_unit, its_span, ""
    both = BILINGUAL.fullmatch(base)
    english = known.find_indicators(both[2]) if both else ()
    codes = known.find_indicators(_take_han(base))
    if codes and (not english or set(codes) & set(english)):
        return *_choose_indicator(text, codes, known), unit, "", ""
    meant = describe_head(bare, known)
    if meant.role == "growth" and meant.indicator and not meant.period:
        found = _choose_indicator(text, known.find_indicators(meant.indicator), known)
        return *found, "", meant.span, "growth"
    return *_choose_indicator(text, (), known), "", "", ""


def _split_unit(name: str, known: Vocabulary) -> tuple[str, str]:
    """Return a name without the unit in its brackets, and that unit; 地区生产总值（GDP） has none."""
    for match in BRACKET.finditer(name):
        rest = name.replace(match[0], "")
        if set(known.find_indicators(match[1])) & set(known.find_indicators(split_head(rest)[0])):
            return split_head(rest)
    return split_head(name)


def _take_han(text: str) -> str:
    """Return the Chinese part of a name in both languages: 地区生产总值 Gross Regional Product."""
    match = BILINGUAL.fullmatch(text)
    return match[1].strip() if match else text


def _choose_indicator(text: str, codes: tuple[str, ...], known: Vocabulary) -> LookupResult:
    if len(codes) == 1:
        return codes[0], "", ""
    codes = codes or known.find_search_word(text, "indicator")
    if codes:
        return (
            None, f"可能是 {known.label_codes(codes, 'indicator', 'zh')}，口径不同。请改写成其中一个代码",
            f"may be {known.label_codes(codes, 'indicator', 'en')}, whose definitions differ; write the code of one",
        )  # fmt: skip
    zh, en = _describe_similar_names(known.suggest_names(text, "indicator"))
    return (
        None, f"目录里没有这个指标{zh}。请改写；新的指标先用“指标”表添加",
        f"no such indicator in the catalogue{en}; correct it, or add the indicator by a table of indicators first",
    )  # fmt: skip


def _describe_similar_names(names: list[str]) -> tuple[str, str]:
    if not names:
        return "", ""
    return f"，相近的有：{'、'.join(names)}", f" (near: {', '.join(names)})"


def find_unit_code(
    code: str | None, text: str | None, inside: str | None, named: str | None, grows: str | None, known: Vocabulary,
    units: dict[str, str], dimensions: dict[str, str],
) -> LookupResult:  # fmt: skip
    """Return the unit of a figure: from its cell, else from behind the name of the indicator, else its column; for a
    growth alone the indicator's usual unit.

    code: the indicator. grows: only, if there is a growth and no value; target, if it is a growth to reach.
    """
    if code is None:
        return None, "", ""
    kind = dimensions[units[code]][:5]
    if grows == "target":
        kind = "share"
    written = [one if known.find_units(one) else strip_note_marks(one) for one in (inside, named, text) if one][:2]
    for one in written:
        if not known.find_units(one):
            return (
                None, f"认不出的单位“{one}”。请写亿元、万元、万平方米、家、项、% 等",
                f"no unit that is known: {one}; write 亿元, 万元, 万平方米, 家, 项 or %",
            )  # fmt: skip
    if grows == "only" or not written:
        if grows != "only" and (kind in ("money", "area") or units[code] in known.scaled_units):
            return None, "没有单位。请写明亿元、万元、万平方米、万人等", "no unit; say whether it is 亿元, 万元, 万人"
        return ("percent" if grows == "target" else units[code]), "", ""
    if kind == "money" and ABROAD.search(known.label_codes((code,), "indicator", "zh")):
        for one in written:
            if not re.search("[元币刀]|cny|usd|yuan|dollar|rmb", one, re.IGNORECASE):
                return (
                    None, f"单位“{one}”没有写明人民币还是美元。请写亿元、亿美元等",
                    f"the unit {one} does not say whether it is yuan or US dollars; write 亿元 or 亿美元",
                )  # fmt: skip
    return _find_fitting_unit(written, kind, units[code], known, dimensions)


def _find_fitting_unit(
    written: list[str], kind: str, usual: str, known: Vocabulary, dimensions: dict[str, str]
) -> LookupResult:
    """Return the unit of a kind that the written words name; the indicator's usual unit if they may mean it."""
    choices = [tuple(one for one in known.find_units(word) if dimensions[one][:5] == kind) for word in written]
    if len(choices) == 2 and choices[0] and choices[1] and not set(choices[0]) & set(choices[1]):
        return (
            None, f"数值里的单位“{written[0]}”与单位一栏“{written[1]}”不同。请只留一个",
            f"the unit beside the number ({written[0]}) is not that of the column ({written[1]}); keep one",
        )  # fmt: skip
    if not choices[0]:
        zh, en = DIMENSION_NAMES.get(kind, (kind, kind))
        return (
            None, f"单位“{written[0]}”不合：这个指标是{zh}。请改单位，或换一个指标",
            f"the unit {written[0]} does not fit: the indicator is {en}; correct the unit or the indicator",
        )  # fmt: skip
    return (usual if usual in choices[0] else choices[0][0]), "", ""
