"""The limits of an inspection: by when each thing must be done, and what of the table an office may set.

Each row stands under its paragraph of the framework. `_source` rows are the framework's own and no setting changes them;
`_policy` rows are the office's, because the framework gives no day, and `LimitSettings` may change their count. How due days
follow from rows is in `framework.lifecycle.limits`."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput
from framework.lifecycle.limits import CALENDAR, WORKING, DueDate, LimitRule, Unit, derive
from framework.vocabulary.office import POLICY_WORDS
from framework.vocabulary.roles import TITLES, Role

_LINK, _LEAD, _DCS, _OFFICE, _NOBODY = Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.DCS, Role.COORDINATOR, None
_MANAGER = Role.MANAGER
_DIRECTOR = TITLES[Role.DCS]
_FOUR_DAYS = "the source says only “days”; a setting names the unit"
_RECENT = "the outcomes of recent audits of the same cases serve as well"
_FIVE = "“five days” are working days: the source adds “15 working days after the end of the inspection”"
_25_DAYS = "the source says only “days”: 25 calendar days would end before the final report's 20 working days"
_LAST_TWO = "“at the end” is on the last two days on site, or earlier with a reason"


FIELDWORK = "fieldwork_starts"
"""What must be done before fieldwork is due on its start at the latest, whatever notice was given."""

_source = LimitRule
_policy = partial(LimitRule, policy=True)
_before = partial(LimitRule, capped_by=FIELDWORK)
_at_set_up = partial(LimitRule, policy=True, capped_by=FIELDWORK, anchor_due=True)

# fmt: off
LIMITS: tuple[LimitRule, ...] = (
    #          key                   anchor                days unit     para owner    title
    _source(   "notification",       "notification",        0, WORKING,   8, _NOBODY, "Notification"),
    _policy(   "case_lists",         "notification",        2, WORKING,  42, _LINK,   "Lists of cases", capped_by=FIELDWORK),
    _before(   "set_up_meeting",     "notification",        4, WORKING,  32, _LEAD,   "Set-up meeting", reading=_FOUR_DAYS),
    _at_set_up("documents",          "set_up_meeting",      0, WORKING,  30, _LINK,   "Documents asked for"),
    _at_set_up("survey_invitations", "set_up_meeting",      0, WORKING,  46, _LINK,   "Survey invitations"),
    _at_set_up("first_cases_choice", "set_up_meeting",      0, WORKING,  41, _LEAD,   "Choice of the first cases"),
    _source(   "fieldwork_starts",   "notification",       10, WORKING,   8, _LEAD,   "Start of fieldwork"),
    _source(   "case_audits",        "fieldwork_starts",    0, WORKING,  41, _LINK,   "Audits of the first cases", reading=_RECENT),
    _source(   "inspection_ends",    "fieldwork_starts",   10, WORKING,  11, _LEAD,   "End of the inspection", first_day_counted=True),
    _policy(   "oral_feedback",      "inspection_ends",     0, WORKING,  55, _LEAD,   f"Oral feedback to the {_DIRECTOR}", anchor_due=True, reading=_LAST_TWO),
    _source(   "draft_report",       "inspection_ends",    10, WORKING,  50, _LEAD,   f"Draft report to the {_DIRECTOR}"),
    _source(   "factual_comments",   "draft_report",        5, WORKING,  51, _DCS,    "Comments on factual accuracy", reading=_FIVE),
    _source(   "final_report",       "inspection_ends",    20, WORKING,  52, _LEAD,   f"Final report to the {_DIRECTOR}"),
    _source(   "publication",        "inspection_ends",    25, WORKING,  53, _OFFICE, "Publication of the report", reading=_25_DAYS),
    _source(   "complaints_close",   "publication",        30, CALENDAR, 65, _NOBODY, "Last day for a complaint", anchor_instead="cancellation"),
    _policy(   "evaluation",         "publication",        10, WORKING,  60, _LINK,   "Evaluation of the inspection"),
    _policy(   "deferral_answer",    "deferral_requested",  2, WORKING,   9, _MANAGER, "Answer to the request to defer"),
    _policy(   "risk_confirmation",  "risk_identified",     1, WORKING,  54, _LEAD,   "Written confirmation of a risk of harm"),
    _policy(   "complaint_answer",   "complaint_received",  5, WORKING,  66, _OFFICE, "First answer to a complaint"),
)
# fmt: on
"""Every limit, each after the one it is counted from."""

BY_KEY: dict[str, LimitRule] = {rule.key: rule for rule in LIMITS}


def is_due_by_fieldwork(rule: LimitRule) -> bool:
    """Returns whether the limit moves with the day that is agreed for the start of fieldwork."""
    return rule.capped_by == FIELDWORK or rule.anchor == FIELDWORK


def _count(key: str) -> Any:
    row = BY_KEY[key]
    words = f"{row.title}: how many working days; {POLICY_WORDS} (para {row.paragraph})"
    return Field(default=row.count, ge=0, le=60, description=words)


def _unit(key: str) -> Any:
    row = BY_KEY[key]
    words = f"{row.title}: `{WORKING}` or `{CALENDAR}`; {row.reading} (para {row.paragraph})"
    return Field(default=row.unit, description=words)


class LimitSettings(BaseModel):
    """What of the table an office may set: the counts that are policy, the unit where the source says only "days"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_lists_count: int = _count("case_lists")
    documents_count: int = _count("documents")
    survey_invitations_count: int = _count("survey_invitations")
    first_cases_choice_count: int = _count("first_cases_choice")
    oral_feedback_count: int = _count("oral_feedback")
    evaluation_count: int = _count("evaluation")
    deferral_answer_count: int = _count("deferral_answer")
    risk_confirmation_count: int = _count("risk_confirmation")
    complaint_answer_count: int = _count("complaint_answer")
    set_up_meeting_unit: Unit = _unit("set_up_meeting")
    publication_unit: Unit = _unit("publication")

    def rule(self, key: str) -> LimitRule:
        """Returns the row of `key` with its settings. Raises BadInput for an unknown limit."""
        if key not in BY_KEY:
            raise BadInput(f"there is no limit {key!r}; the limits are {', '.join(BY_KEY)}")
        return _with_settings(self, key)

    def named(self, key: str) -> tuple[str, int | str] | None:
        """Returns the setting of the limit `key` and its value; None if it has no setting."""
        name = next((name for name in (f"{key}_count", f"{key}_unit") if name in LimitSettings.model_fields), None)
        return (name, getattr(self, name)) if name else None


@lru_cache(maxsize=512)
def _with_settings(settings: LimitSettings, key: str) -> LimitRule:
    row = BY_KEY[key]
    count, unit = getattr(settings, f"{key}_count", row.count), getattr(settings, f"{key}_unit", row.unit)
    return replace(row, count=count, unit=unit)


AS_SHIPPED = LimitSettings()
NO_DAYS: Mapping[str, date] = {}


def derive_due_dates(
    known: Mapping[str, date],
    calendar: Calendar,
    settings: LimitSettings = AS_SHIPPED,
    *,
    fieldwork_agreed: date | None = None,
    only: Collection[str] | None = None,
    at_least: Mapping[str, date] = NO_DAYS,
) -> dict[str, DueDate]:
    """Returns every limit that follows from the days in `known`, in the table's order.

    `known` holds the London day on which an anchor happened: "notification", "fieldwork_starts", "inspection_ends",
    "draft_report", "publication", "cancellation", "deferral_requested", "risk_identified", "complaint_received".
    `fieldwork_agreed` is the start of fieldwork until that has happened. A limit whose anchor is neither known nor derived
    is left out, as are those not in `only` if it is given (it must name what they are counted from, too). A limit in
    `at_least` is due no earlier than on the day given there. For a cancelled inspection all are derived; the caller picks
    those that still apply. Raises BadInput for a day outside the calendar."""
    started = known.get("fieldwork_starts") or fieldwork_agreed
    days = {**known, "fieldwork_starts": started} if started else known
    return derive(_rules(settings), days, calendar, only=only, at_least=at_least)


@lru_cache(maxsize=16)
def _rules(settings: LimitSettings) -> tuple[LimitRule, ...]:
    return tuple(settings.rule(key) for key in BY_KEY)
