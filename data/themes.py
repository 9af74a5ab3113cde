"""The themes of indicators, targets and tasks. One line each: a theme more is a line here, its page, and its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One theme. code: in data and addresses; page: its script, and its address; icon: in the menu.

    promises: the page that lists its promises. shown: how many numbers of it stand on the overview.
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
BY_CODE = {theme.code: theme for theme in THEMES}


def with_themes(sql: str) -> str:
    """Return the text of a schema with the themes put in: {theme_codes}, and {themes_zh}, {themes_en} of comments."""
    codes = ", ".join(f"'{theme.code}'" for theme in THEMES)
    chinese = "，".join(f"{theme.code} {theme.zh}" for theme in THEMES)
    english = ", ".join(f"{theme.code} {theme.en}" for theme in THEMES)
    return sql.replace("{theme_codes}", codes).replace("{themes_zh}", chinese).replace("{themes_en}", english)
