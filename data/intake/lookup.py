"""A place, an indicator or a unit by the words of a cell: its code, or what is wrong in both languages."""

from data.intake.columns import split_head
from data.values.vocabulary import Known

Answer = tuple[str | None, str, str]
EMPTY: Answer = (None, "不能空着", "must not be empty")
MEASURES = {
    "money": ("金额", "money"), "area": ("面积", "area"), "count": ("个数", "a count"), "share": ("占比", "a share"),
    "rank": ("名次", "a rank"),
}  # fmt: skip


def place_of(text: str | None, known: Known) -> Answer:
    """The place that a cell names."""
    if text is None:
        return EMPTY
    codes = known.places(text)
    if len(codes) == 1:
        return codes[0], "", ""
    if codes:
        return (
            None, f"可能是 {known.called(codes, 'park', 'zh')}。请改写成其中一个代码",
            f"may be {known.called(codes, 'park', 'en')}; write the code of one of them",
        )  # fmt: skip
    near = known.like(text, "park")
    zh, en = _near(near)
    return (
        None, f"目录里没有这个地区{zh}。请改写；新的地区先用“地区”表添加",
        f"no such place in the catalogue{en}; correct it, or add the place by a table of places first",
    )  # fmt: skip


def indicator_of(text: str | None, known: Known) -> Answer:
    """The indicator that a cell names, with its unit in brackets or without."""
    if text is None:
        return EMPTY
    codes = known.named(text) or known.named(split_head(text)[0])
    if len(codes) == 1:
        return codes[0], "", ""
    if codes:
        return (
            None, f"可能是 {known.called(codes, 'indicator', 'zh')}，口径不同。请改写成其中一个代码",
            f"may be {known.called(codes, 'indicator', 'en')}, whose definitions differ; write the code of one",
        )  # fmt: skip
    zh, en = _near(known.like(text, "indicator"))
    return (
        None, f"目录里没有这个指标{zh}。请改写；新的指标先用“指标”表添加",
        f"no such indicator in the catalogue{en}; correct it, or add the indicator by a table of indicators first",
    )  # fmt: skip


def _near(names: list[str]) -> tuple[str, str]:
    if not names:
        return "", ""
    return f"，相近的有：{'、'.join(names)}", f" (near: {', '.join(names)})"


def unit_of(
    code: str | None, text: str | None, inside: str | None, grows: str | None, known: Known, units: dict[str, str],
    dimensions: dict[str, str],
) -> Answer:  # fmt: skip
    """The unit of a figure: from its cell, else its column; of a growth alone the indicator's usual one.

    code: the indicator. grows: only, where there is a growth and no value; target, where it is a growth to reach.
    """
    if code is None:
        return None, "", ""
    if grows == "only":
        return units[code], "", ""
    kind = dimensions[units[code]][:5]
    if grows == "target":
        kind = "share"
    written = [one for one in (inside, text) if one]
    for one in written:
        if not known.measured(one):
            return (
                None, f"认不出的单位“{one}”。请写亿元、万元、万平方米、家、项、% 等",
                f"no unit that is known: {one}; write 亿元, 万元, 万平方米, 家, 项 or %",
            )  # fmt: skip
    if not written:
        if kind in ("money", "area"):
            return None, "没有单位。请写明亿元、万元、万平方米等", "no unit; say whether it is 亿元, 万元, 万平方米"
        return ("percent" if grows == "target" else units[code]), "", ""
    return _fitting(written, kind, units[code], known, dimensions)


def _fitting(written: list[str], kind: str, usual: str, known: Known, dimensions: dict[str, str]) -> Answer:
    """The unit of a kind that the written words name: the usual one of the indicator where they may mean it."""
    choices = [tuple(one for one in known.measured(word) if dimensions[one][:5] == kind) for word in written]
    if len(choices) == 2 and choices[0] and choices[1] and not set(choices[0]) & set(choices[1]):
        return (
            None, f"数值里的单位“{written[0]}”与单位一栏“{written[1]}”不同。请只留一个",
            f"the unit beside the number ({written[0]}) is not that of the column ({written[1]}); keep one",
        )  # fmt: skip
    if not choices[0]:
        zh, en = MEASURES.get(kind, (kind, kind))
        return (
            None, f"单位“{written[0]}”不合：这个指标是{zh}。请改单位，或换一个指标",
            f"the unit {written[0]} does not fit: the indicator is {en}; correct the unit or the indicator",
        )  # fmt: skip
    return (usual if usual in choices[0] else choices[0][0]), "", ""
