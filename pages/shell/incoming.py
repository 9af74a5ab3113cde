"""Mend the addresses of links that other programs changed on their way: escaped, added to, or cut out of a sentence."""

import re
from urllib.parse import parse_qsl, urlencode

from data.languages import find_language_code
from pages.ui.address import strip_sentence_end

# What chat programs and advertising append to a link. Their `from` is told from our first year by its value.
ADDED = re.compile(
    r"utm_\w+|isappinstalled|scene|clicktime|share_\w+|sharer_\w+|nsukey|spm|fbclid|gclid|wechat_redirect"
)
ADDED_FROM = re.compile(
    r"\w*(message|timeline|favou?rites?|multiplechat)|search|share|app|mp|"
    r"(wechat|weixin|wework|qq|qzone|weibo|dingtalk|feishu|lark)\w*",
    re.IGNORECASE,
)
ESCAPED_AMPERSAND = re.compile("^(?:amp;)+")
PLAIN_VALUES = re.compile(r"(?:true|false|[0-9]{4}(?:-[0-9]{2}){0,2})\Z", re.IGNORECASE)  # what needs no list of codes


def mend_parameters(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters of a link as it was meant.

    Names lose `amp;`, what chat programs append goes, a language loses its region. Years, days and yes or no lose the
    full stop or bracket of a sentence; codes keep it, since only the page knows them.
    """
    named = [(ESCAPED_AMPERSAND.sub("", name), value) for name, value in pairs]
    return [
        (name, _mend_value(name, value))
        for name, value in named
        if not ADDED.fullmatch(name) and not (name == "from" and ADDED_FROM.fullmatch(value))
    ]


def mend_query(query: str) -> str:
    """Return the query of an address with its parameters as they were meant; unchanged where nothing is to mend."""
    pairs = parse_qsl(query, keep_blank_values=True)
    mended = mend_parameters(pairs)
    return query if mended == pairs else urlencode(mended, safe=",:")


def _mend_value(name: str, value: str) -> str:
    bare = strip_sentence_end(value)
    if name == "lang":
        return find_language_code(bare) or value
    return bare if PLAIN_VALUES.match(bare) and name not in ("find", "sql") else value
