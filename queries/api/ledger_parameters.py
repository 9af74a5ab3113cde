"""What the routes of the mechanisms take."""

from pydantic import BaseModel, Field

from data import states
from data.languages import LANGUAGES
from queries.api.parameters import FormatParameters, Language, code_field, codes_field, day_field
from queries.catalogue.catalogue import THEMES
from queries.ledger import ledgers
from queries.ledger.efficiency import CASE_GROUPS
from queries.ledger.leaders import BREACHES
from queries.ledger.supervision import ORDER_REASONS
from queries.targets.rules import DEFAULT_RULE
from queries.targets.status import STATUSES


class LedgerParameters(FormatParameters):
    """Whose ledger, and as of which day."""

    park: str = code_field(ledgers.SAMPLE_PARK, "code of a park that has a ledger", "ledgers")
    asof: str | None = day_field("what the ledger knew on this day; none: today, or when its months end", "2025-09-15")
    lang: Language = code_field("zh", "language of sentences", LANGUAGES)
    department: str | None = Field(None, description="codes of departments, several separated by commas")


class TaskParameters(LedgerParameters):
    """Filters of tasks."""

    state: str | None = codes_field("states", states.codes("task"))
    theme: str | None = codes_field("themes", THEMES)
    aim: str | None = Field(None, description="numbers of targets or commitments, separated by commas")
    task: str | None = Field(None, description="one number")


class ProjectParameters(LedgerParameters):
    """Filters of projects."""

    kind: str | None = codes_field("kinds", ("project", "enterprise"))
    breach: str | None = codes_field("what is missing", tuple(BREACHES))
    leader: str | None = Field(None, description="one code")
    project: str | None = Field(None, description="one number")


class RuleParameters(LedgerParameters):
    """The rule by which targets are judged."""

    rule: str = code_field(DEFAULT_RULE, "code of a rule", "rules")


class MonthlyParameters(RuleParameters):
    """Filters of targets."""

    theme: str | None = codes_field("themes", THEMES)
    status: str | None = codes_field("statuses", tuple(STATUSES))
    target: str | None = Field(None, description="one number")


class OrderParameters(RuleParameters):
    """Filters of orders."""

    state: str | None = codes_field("states", states.codes("supervision"))
    reason: str | None = codes_field("reasons", tuple(ORDER_REASONS))
    order: str | None = Field(None, description="one number")


class CaseParameters(LedgerParameters):
    """Filters of service cases."""

    service: str | None = Field(None, description="names as written, separated by commas")
    month: str | None = Field(None, description="months of completion, separated by commas")
    state: str | None = codes_field("states", states.codes("service_case"))


class CaseGroupParameters(CaseParameters):
    """What service cases are grouped by."""

    by: str = code_field("service", "what a group is", tuple(CASE_GROUPS))


class ScoreParameters(RuleParameters):
    """Weights to try."""

    weights: str = Field("", description="K01:30,K02:25 instead of the declared ones")


class LanguageParameters(BaseModel):
    """The language."""

    lang: Language = code_field("zh", "language of instructions and lists", LANGUAGES)


class ChainParameters(BaseModel):
    """One thing, by its kind."""

    park: str = code_field(ledgers.SAMPLE_PARK, "code of a park that has a ledger", "ledgers")
    asof: str | None = day_field("what the ledger knew on this day; none: today, or when its months end", "2025-09-15")
    lang: Language = code_field("zh", "language of sentences", LANGUAGES)
    rule: str = code_field(DEFAULT_RULE, "code of a rule", "rules")
    target: str | None = None
    task: str | None = None
    project: str | None = None
    leader: str | None = None
    commitment: str | None = None
    supervision: str | None = None
    followup: str | None = None
    problem: str | None = None
