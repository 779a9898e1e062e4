"""An account of the days that each person was given by letters, to hold the letters of every later decision against.

It is kept from the letters as they are ordered, with a table of its own; nothing of the code that picks recipients is called."""

from collections.abc import Iterable, Mapping
from datetime import date

from framework.calendar.bank_holidays import Calendar
from framework.inspection.stages import Stage
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import AUTHORITY_ROLES, Role

FROM_DAY_0 = {"case_lists", "set_up_meeting", "documents", "survey_invitations", "fieldwork_starts"}
"""Limits that a notification on its way already fixes: they are counted from the day it arrives."""
AFTER_FIELDWORK = {"draft_report", "factual_comments", "final_report", "publication"}
ALL_DAYS = FROM_DAY_0 | AFTER_FIELDWORK | {"case_audits", "inspection_ends"}
NAMED_IN: dict[str, set[str]] = {
    "announcement": ALL_DAYS,
    "resumption": ALL_DAYS,
    "deferral_refused": {"case_lists", "documents", "set_up_meeting", "fieldwork_starts", "inspection_ends"},
    "meeting_note": {"case_lists", "survey_invitations", "case_audits", "inspection_ends", "fieldwork_starts"},
    "first_cases": {"case_audits"},
    "oral_feedback": AFTER_FIELDWORK,
    "draft_report": {"factual_comments", "final_report", "publication"},
    "comments_received": {"final_report", "publication"},
    "comments_returned_without": {"final_report", "publication"},
    "comments_none_received": {"final_report", "publication"},
    "final_report": {"publication"},
    "publication": {"complaints_close"},
    "evaluation_request": {"evaluation"},
}  # fmt: skip
"""Letter -> the limits whose day it names, read off the templates by hand."""
KEEP_TO_DAYS = (Role.LEAD_INSPECTOR, *sorted(AUTHORITY_ROLES))
"""Who keeps to the days of limits; the others of the team keep to their days on site."""
ON_SITE = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)
WITH_DAYS = (Stage.NOTIFIED, Stage.SET_UP, Stage.FIELDWORK)
WITHOUT_DAYS = (Stage.PLANNED, Stage.DEFERRED, Stage.CANCELLED)
STARTS_ANEW = {"notification_not_served", "notification_failed", "deferred", "cancelled", "draft_not_served"}
"""Events after which the days that were given no longer hold. Who is notified of that is another check."""

SEEN_ON_SITE = FROM_DAY_0 | {"case_audits", "inspection_ends", "oral_feedback"}
"""Limits whose day may change as fieldwork starts: those who had it see the inspectors arrive."""

Given = dict[tuple[Role, str, str], date]
"""Role, person and limit -> the day that the newest letter named."""


def recipients(letter: LetterOrder, people: Mapping[Role, tuple[str, ...]]) -> set[tuple[Role, str]]:
    """Returns role and person of each to whom a letter goes by role; not those whom the records find in earlier letters."""
    held = {(role, person) for role in (*letter.to, *letter.cc) for person in people.get(role, ())}
    return {(role, person) for role, person in held if role in KEEP_TO_DAYS and person not in letter.not_to}


class GivenDays:
    """The days given so far in one inspection."""

    def __init__(self) -> None:
        self.days: Given = {}
        self.on_site: dict[str, tuple[str, str, str]] = {}
        """Member of the team -> first and last day on site of their newest letter (empty for none), and its kind of change."""

    def take_in(
        self, kinds: Iterable[str], letters: Iterable[LetterOrder], after: Inspection, calendar: Calendar
    ) -> None:
        """Adds the days of a decision's letters, then requires that every person has the day as it is now."""
        kinds = set(kinds)
        if STARTS_ANEW & kinds:
            self.days.clear()
        seen = SEEN_ON_SITE if "fieldwork_started" in kinds else set()
        self.days = {
            (role, person, limit): day
            for (role, person, limit), day in self.days.items()
            if limit not in seen and person in after.people.get(role, ())
        }
        standing = {limit.rule.key: limit for limit in limit_statuses(after, calendar)}
        for letter in letters:
            if letter.kind == "assignment":
                (person,) = letter.persons
                self.on_site[person] = (letter.facts["first"], letter.facts["last"], letter.facts["what"])
            for reader in recipients(letter, after.people):
                self._add(reader, _named_days(letter), standing, after)
        if not after.notification_pending:  # then the days count from an arrival that is still to come
            self._require_current(standing, after, kinds)
        self._require_days_on_site(standing, after)

    def _add(
        self,
        reader: tuple[Role, str],
        named: Mapping[str, date],
        standing: Mapping[str, LimitStatus],
        after: Inspection,
    ) -> None:
        for limit, day in named.items():
            if _is_fixed(limit, standing, after):
                self.days[*reader, limit] = day
            else:
                self.days.pop((*reader, limit), None)

    def _require_current(self, standing: Mapping[str, LimitStatus], after: Inspection, kinds: set[str]) -> None:
        for (_, person, limit), day in self.days.items():
            now = _day_now(limit, standing, after)
            if now is not None:
                assert now == day, (
                    f"{person} was given {day} for {limit}, which is {now}, and no letter of {kinds} says so"
                )

    def _require_days_on_site(self, standing: Mapping[str, LimitStatus], after: Inspection) -> None:
        """Requires that the newest letter to each member of the team has their days on site, or says that there are none."""
        for person, (first, last, what) in self.on_site.items():
            is_on_site = any(person in after.people.get(role, ()) for role in ON_SITE)
            if after.stage in WITHOUT_DAYS and what != "released":
                assert not first, f"{person} was given days on site from {first}, and there are none"
            if after.stage is Stage.CANCELLED:
                assert what == "released", f"{person} was not released"
            if after.stage in WITH_DAYS:
                assert is_on_site == (what != "released") or person in after.people[Role.QUALITY_ASSURANCE_MANAGER], (
                    person
                )
            if after.stage in WITH_DAYS and is_on_site:
                began = after.date_of("fieldwork_started") if after.stage is Stage.FIELDWORK else None
                now = began or after.fieldwork or standing["fieldwork_starts"].due
                assert (first, last) == (str(now), str(standing["inspection_ends"].due)), f"{person}: {first} to {last}"


def _named_days(letter: LetterOrder) -> dict[str, date]:
    """Returns the days that a letter names, by limit; of the first day on site the agreed one, or else the latest."""
    table = NAMED_IN.get(letter.kind, set())
    named = {limit: day for limit, day in letter.dates.items() if limit in table and day}
    moved = {change["limit"]: date.fromisoformat(change["to"]) for change in letter.facts.get("moved", ())}
    agreed = moved.get("fieldwork") or (letter.dates.get("fieldwork_agreed") if "fieldwork_starts" in table else None)
    return {**named, **moved, **({"fieldwork_starts": agreed} if agreed else {})}


def _is_fixed(limit: str, standing: Mapping[str, LimitStatus], after: Inspection) -> bool:
    """Returns whether the day follows from what has happened. Letters say of the others that they are the latest ones."""
    if after.notification_pending and limit in FROM_DAY_0:
        return True
    return limit in standing and not standing[limit].due_date.projected


def _day_now(limit: str, standing: Mapping[str, LimitStatus], after: Inspection) -> date | None:
    """Returns the day as it is now; None where a person need no longer keep to it."""
    status = standing.get(limit)
    if status is None or status.state != "open" or status.due_date.projected:
        return None
    return after.fieldwork or status.due if limit == "fieldwork_starts" else status.due
