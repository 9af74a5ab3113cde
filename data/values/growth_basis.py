"""What a growth is taken on, as heads and cells of users' files say it: 可比价格, 同口径, 名义增长."""

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


def basis_of(text: str | None) -> str | None:
    """The code of queries.figures.growth.BASES that a text names; None where it names none."""
    said = (text or "").lower()
    return next((code for code, pattern in WORDS.items() if re.search(pattern, said)), None)


def said(texts: pl.Series) -> pl.Series:
    """For each text what basis_of() says, each different text asked once."""
    found = {text: basis_of(text) for text in texts.unique().drop_nulls()}
    return texts.replace_strict(found, default=None, return_dtype=pl.String)


def taken_off(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Cells of growth without the words before the number that say on what it is taken, and what these say."""
    if not texts.str.contains(r"可比|不变价|同口径|调整后|现价|名义|实际").any():  # the usual case
        return texts, pl.Series(texts.name, [None] * texts.len(), pl.String)
    narrow = texts.str.normalize("NFKC").str.strip_chars()
    words = narrow.str.extract(BEFORE, 1)
    basis = said(words.str.replace("^实际$", "实际增"))
    return pl.select(
        pl.when(words.is_not_null()).then(narrow.str.replace(BEFORE, "")).otherwise(texts)
    ).to_series(), basis
