"""The themes of indicators, targets and tasks; to add one, add a line here, its page, and its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One theme. code: in data and addresses; page: name of its script and of its address; icon: shown in the menu.

    promises: the page that lists its promises. shown: how many of its numbers the overview shows.
    """

    code: str
    page: str
    zh: str
    en: str
    icon: str
    promises: str
    shown: int


THEMES = (
    Theme("economy", "economics", "经济", "Economy", ":material/monitoring:", promises="overview", shown=3),
    Theme("innovation", "innovation", "创新", "Innovation", ":material/lightbulb:", promises="innovation", shown=3),
    Theme("livelihood", "livelihood", "民生", "Livelihood", ":material/home:", promises="livelihood", shown=2),
)
THEMES_BY_CODE = {theme.code: theme for theme in THEMES}


def insert_themes(sql: str) -> str:
    """Return the text of a schema with the themes inserted: {theme_codes}, and in comments {themes_zh}, {themes_en}."""
    codes = ", ".join(f"'{theme.code}'" for theme in THEMES)
    chinese = "，".join(f"{theme.code} {theme.zh}" for theme in THEMES)
    english = ", ".join(f"{theme.code} {theme.en}" for theme in THEMES)
    return sql.replace("{theme_codes}", codes).replace("{themes_zh}", chinese).replace("{themes_en}", english)
