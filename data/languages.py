"""The languages of texts by their codes, and how each calls itself."""

LANGUAGES = {"zh": "中文", "en": "English"}
