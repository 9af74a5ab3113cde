"""The basis of a growth rate, as headers and cells of users' files state it: 可比价格, 同口径, 名义增长."""

import re

import polars as pl

# The first that is found: 可比价格 before 可比, which alone speaks of units and accounts like for like.
WORDS = {
    "constant_price": r"可比价|不变价|扣除价格|实际增|constant[ _]price|\breal\b",
    "nominal": r"名义|现价|当年价|nominal|current[ _]price",
    "restated": r"调整后|核实后|修订后|restated|adjusted",
    "comparable_scope": r"可比|同口径|like[- ]for[- ]like|comparable[ _]scope",
    "unknown": r"未说明|不明|unknown|not stated",
}
# Before the number of a cell: 按可比价格计算增长7.5, 名义增长5.1%.
BEFORE = r"^((?:按)?(?:可比价格?|不变价格?|可比口径|同口径|调整后基数|现价|名义|实际|可比)(?:计算)?[,:]?)"


def parse_growth_basis(text: str | None) -> str | None:
    """Return the code in queries.figures.growth.GROWTH_BASES that a text names; None if it names none."""
    said = (text or "").lower()
    return next((code for code, pattern in WORDS.items() if re.search(pattern, said)), None)


def parse_growth_bases(texts: pl.Series) -> pl.Series:
    """Return for each text what parse_growth_basis() returns, parsing each distinct text once."""
    found = {text: parse_growth_basis(text) for text in texts.unique().drop_nulls()}
    return texts.replace_strict(found, default=None, return_dtype=pl.String)


def split_growth_basis(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Split cells of growth: the cells without the words before the number that state its basis, and its codes."""
    if not texts.str.contains(r"可比|不变价|同口径|调整后|现价|名义|实际").any():  # the usual case
        return texts, pl.Series(texts.name, [None] * texts.len(), pl.String)
    narrow = texts.str.normalize("NFKC").str.strip_chars()
    words = narrow.str.extract(BEFORE, 1)
    basis = parse_growth_bases(words.str.replace("^实际$", "实际增"))
    return pl.select(
        pl.when(words.is_not_null()).then(narrow.str.replace(BEFORE, "")).otherwise(texts)
    ).to_series(), basis
