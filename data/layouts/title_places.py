"""The place that the titles above a table, or a line inside it, name; and whether they leave it open."""

import re
from collections.abc import Sequence

from data.layouts.titles import NOTE, PAPERWORK, find_named
from data.values.vocabulary import NATIONAL, Vocabulary

OFFICE = re.compile(
    "[\u4e00-\u9fff]{0,8}?(局|委员?会?|办公?室?|厅|科|处|中心|调查队|人民政府|政府|公司|集团|统计年鉴|年鉴|统计公报)(?![市区县])"
)
LONGER = re.compile(
    r"(?!全[市省区县州])(本级|直(属|管|机关)?|[^\d\s，、。（(）)：:年月]{0,10}?(开发区|高新区|经开区|产业园|工业园|示范区)(?![别情])"
    r"|[、及和与](?!上年|去年|同期|前)|等\d*[家个]|城区|辖区|[（(](核心|不含|含|除|本级)|民营|非公|国有"
    r"|[^\d\s，、。（(）)：:年月]{0,6}?(?<!全)(区|县|市|旗|镇|乡|街道|园|基地|新城|市州)(?![别情]))"
)
WHOLE = re.compile(r"(?<!占)(?<!在)全([市省县国])(?![各园排位平高])")
UNKNOWN_DISTRICT = re.compile(  # a line by itself
    r"(?!园区|全|各|市|县|辖|分|按|开发区|高新区)[\u4e00-\u9fff]{2,5}(?<!园)(?<!分)(区|县|镇|乡|街道)"
)
EXCLUDED = re.compile("(除|不含|不包括|扣除)$")


def find_title_place(texts: Sequence[str], known: Vocabulary) -> str | None:
    """Return the name of the one place that the titles name; None if they name none, or several.

    An office is no place, and a place with more behind its name is another one: 湘潭市统计局, 湘潭市雨湖区.
    """
    named = find_named(texts, "park")
    if named and known.find_places(named):
        return named if covers_whole(named, texts) else None
    found = dict[tuple[str, ...], str]()
    for text in texts:
        name, is_open = find_place_in(text, known)
        name = name or (text if known.find_places(text) else None)
        if is_open or (not name and UNKNOWN_DISTRICT.fullmatch(text.strip())):
            return None
        if name:
            found.setdefault(known.find_places(name), name)
    name = next(iter(found.values())) if len(found) == 1 else None
    return name if name and covers_whole(name, texts) else None


def covers_whole(name: str, texts: Sequence[str]) -> bool:
    """Return whether a place is the 全市 or 全省 of which titles speak, if they speak of one."""
    kinds = {kind for text in texts if not NOTE.match(text) for kind in WHOLE.findall(text)}
    return all(name.endswith(kind) or (len(name) < 4 and "区" not in name) for kind in kinds)


def find_place_in(text: str, known: Vocabulary) -> tuple[str | None, bool]:
    """Return the place that one title or line names, and whether it leaves the place open; None and False for none."""
    rest, found = NATIONAL.sub("", re.sub(r"\s", "", text)), dict[tuple[str, ...], str]()
    if PAPERWORK.match(rest) or NOTE.match(rest):
        return None, False
    is_open = False
    for name in (*known.place_names, *known.short_place_names):
        while name in rest:
            before, after = rest.split(name, 1)
            if OFFICE.match(after):
                pass
            elif LONGER.match(after) or EXCLUDED.search(before):
                is_open = True
            elif name in known.place_names or not before.strip(" 、和与及") or found:
                found.setdefault(known.find_places(name), name)
            rest = f"{before} {after}"
    return (next(iter(found.values())) if len(found) == 1 else None), is_open or len(found) > 1
