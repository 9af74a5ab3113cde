"""The languages of texts by their codes, and how each calls itself."""

import re

LANGUAGES = {"zh": "中文", "en": "English"}


def find_language_code(text: str) -> str | None:
    """Return the language that a tag of any case and region names: zh for zh-Hans or ZH; None for another language."""
    code = re.split("[-_]", text.strip().lower(), maxsplit=1)[0]
    return code if code in LANGUAGES else None
