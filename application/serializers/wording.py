"""Wording of days, limits and events, the same for every entry point."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day, say_moment
from framework.calendar.working_days import working_days_between
from framework.editions.registry import Edition
from framework.inspection.concern_forms import Raiser
from framework.inspection.concerns import RAISER_WORDS
from framework.inspection.limits import BY_KEY
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.limit_status import MISSED_STATES, LimitStatus
from framework.messages.events import Event
from framework.vocabulary.office import POLICY_WORDS
from framework.vocabulary.roles import TITLES, Role

STATES = {
    "met": "met",
    "met_late": "met late",
    "lapsed": "time ran out",
    "waived": "waived",
    "suspended": "suspended",
    "open": "due",
    "never_done": "never done",
}


def day(when: date, today: date | None = None) -> str:
    """Returns «Wed 3 Nov 2010»; «Wed 3 Nov» if `today` is given and in the same year."""
    year = "" if today and today.year == when.year else f" {when.year}"
    return f"{when:%a} {when.day} {when:%b}{year}"


def day_zero(notified_at: datetime) -> str:
    """Returns the sentence that names day 0 of an inspection whose notification is sent at this moment (para 8)."""
    on = day(london_day(notified_at))
    return f"the authority is notified at {say_moment(notified_at)} (London): {on} becomes day 0, if the letter is accepted on it"


def plain(name: str) -> str:
    """Returns a name of the tables as words: «set up meeting held»."""
    return name.replace("_", " ")


_SHORT = {Role.DCS: "DCS", Role.PCT_CHIEF_EXECUTIVE: "PCT chief executive", Role.LSCB_CHAIR: "LSCB chair"}


def role(name: str) -> str:
    """Returns a role for a narrow column: «lead inspector», «DCS»."""
    return _SHORT.get(Role(name), plain(name).replace("cqc", "CQC"))


def working_days(count: int) -> str:
    """Returns «1 working day», «3 working days»."""
    return counted(count, "working day")


def lateness(due: date, today: date, calendar: Calendar) -> str:
    """Returns how late an open limit is; empty while its day is not over."""
    if today <= due:
        return ""
    days = working_days_between(due, today, calendar)
    return f"late by {working_days(days)}" if days else "late"


def state(status: LimitStatus, today: date, calendar: Calendar, stage: Stage | None = None) -> str:
    """Returns the status of a limit: «due in 3 working days», «late by 1 working day», «met on Wed 3 Nov 2010»; «never done» if
    no step can meet it from this stage. A miss that was recorded before a correction follows."""
    before = recorded_miss(status)
    return _state(status, today, calendar, stage) + (f"; {before}" if before else "")


def _state(status: LimitStatus, today: date, calendar: Calendar, stage: Stage | None) -> str:
    if status.state == "open" and stage and not STEPS.can_be_met(status.rule.key, stage):
        return STATES["never_done"]
    if status.state == "open":
        late = lateness(status.due, today, calendar)
        return late or ahead(status.due, today, calendar)
    if status.rule.key == "complaints_close" and status.state == "met":
        return "over"
    on = f" on {day(status.met_on)}" if status.met_on else ""
    return STATES[status.state] + on


def recorded_miss(status: LimitStatus) -> str:
    """Returns the miss that was recorded before an event that met the limit: «met by a correction of Thu 4 Nov 2010; recorded as missed until
    then». Empty if the limit is missed now, or never was."""
    miss = status.miss
    if miss is None or status.state in MISSED_STATES:
        return ""
    how = _MET_BY.get(miss.recorded_by, "by a change")
    met = "met" if status.state == "met" else "no longer late"
    return f"{met} {how} of {day(miss.recorded_on)}; recorded as missed until then"


_MET_BY = {"corrected": "by a correction", "withdrawn": "by a withdrawal"}
"""Kind of the event that recorded the miss -> how the limit was met."""


def missed_round(status: LimitStatus) -> str:
    """Returns the name of a limit that was missed in an earlier round: «Lists of cases, round 1»."""
    return f"{status.rule.title}, round {status.round}"


def ahead(due: date, today: date, calendar: Calendar) -> str:
    """Returns the working days until a due day in words."""
    if due == today:
        return "due today"
    days = working_days_between(today, due, calendar)
    return f"due in {working_days(days)}" if days else "due soon"


def owner(role: Role | None, people: Mapping[Role, Sequence[str]]) -> str:
    """Returns the owner of a limit: «Lead inspector (i.ashdown)»; the word «nobody» if it has none."""
    if role is None:
        return "nobody"
    held = ", ".join(people.get(role, ()))
    return f"{TITLES[role]} ({held})" if held else TITLES[role]


def waits_for(role: Role | None, mail: bool, people: Mapping[Role, Sequence[str]]) -> str:
    """Returns on whom an inspection waits: an owner, or the mail system while a letter on which a limit depends is sent."""
    return "the mail system" if mail and role is None else owner(role, people)


def paragraph(number: int | None, policy: bool = False) -> str:
    """Returns «8», or «42*» if the limit is policy."""
    return f"{number or '-'}{'*' if policy else ''}"


POLICY_NOTE = f"* {POLICY_WORDS}"


def counted(count: int, what: str) -> str:
    """Returns «1 event», «2 events»."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def event_words(event: Event, edition: Edition | None = None) -> str:
    """Returns the kind of an event in words, with details. `edition` gives the titles of headings."""
    facts = event.data
    if event.kind in ("step_refused", "automatic_step_held"):
        return f"{plain(event.kind)}: {_without(str(facts.get('step', '')), facts.get('why', ''))}"
    if event.kind == "corrected":
        what = plain(str(facts["corrects"]))
        return f"corrected: event {facts.get('event')}, {what}, from {facts.get('was')} to {facts.get('on')}{_amended(facts)}"
    if event.kind == "withdrawn":
        step = plain(str(facts["withdraws"]))
        return f"withdrawn: event {facts.get('event')}, {step} of {facts.get('was')}{_amended(facts)}"
    sentence = _SENTENCES.get(event.kind)
    return (
        f"{plain(event.kind)}: {sentence(facts)}"
        if sentence
        else plain(event.kind) + _details(event, edition) + _amended(facts)
    )


def _amended(facts: Mapping[str, Any]) -> str:
    """«; recorded as missed: Draft report (due 2010-10-22)», and the limits that keep their day: what an event changed."""
    missed = [f"{BY_KEY[miss['limit']].title} (due {miss['due']})" for miss in facts.get("misses", ())]
    unchanged = [f"{BY_KEY[limit].title} (due {due})" for limit, due in facts.get("keeps", {}).items()]
    parts = (("recorded as missed", missed), ("keeps its day", unchanged))
    return "".join(f"; {what}: {', '.join(limits)}" for what, limits in parts if limits)


def _calendar(facts: Mapping[str, Any]) -> str:
    days = [f"{name} {', '.join(facts[name])}" for name in ("added", "removed") if facts.get(name)]
    moved = [plain(str(limit["limit"])) for limit in facts["moved"]]
    versions = f"{facts['was']} to {facts['calendar']}"
    return "; ".join((versions, *days, f"moved: {', '.join(moved) or 'nothing'}"))


def _reminded(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{plain(str(rung['limit']))} ({rung['rung']:+d}), due {rung['due']}" for rung in facts["rungs"])


def _erased(facts: Mapping[str, Any]) -> str:
    rows = ", ".join(f"{count} {table}" for table, count in facts["rows"].items())
    return f"{rows}, kept until {facts['kept_until']}; by the rule: {facts['rule']}; reason: {facts['reason']}"


def _restored(facts: Mapping[str, Any]) -> str:
    made_at = datetime.fromisoformat(facts["backup_made_at"])
    return f"from the backup of {say_moment(made_at)}, which ended with event {facts['went_back_to']}"


def _concern(facts: Mapping[str, Any]) -> str:
    return f"{facts['number']}, by {RAISER_WORDS[Raiser(facts['raised_by'])]}"


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "calendar_changed": _calendar,
    "reminder_sent": _reminded,
    "reminder_passed_over": _reminded,
    "personal_data_erased": _erased,
    "records_restored": _restored,
    "workflow_begun_again": lambda facts: f"the engine had none that ran: it was {plain(facts['found'])}",
    "concern_raised": _concern,
    "concern_settled": lambda facts: str(facts["number"]),
    "event_lost": lambda facts: f"event {facts['number']}, when the records were restored",
}


def _without(step: str, why: object) -> str:
    """Returns step and reason, with the step named once."""
    return str(why) if str(why).startswith(step) else f"{step}: {why}"


_SHOWN = {
    "kind": "",
    "limit": "",
    "due": "due ",
    "heading": "",
    "grade": "",
    "number": "comment ",
    "comment": "comment ",
    "count": "",
    "person": "",
    "role": "as ",
    "gate": "",
    "method": "by ",
    "ground": "",
    "starts": "",
    "day": "",
    "fieldwork": "",
    "stated_on": "by its own statement on ",
}
"""Member of an event's data that is shown -> the words before it."""


def _details(event: Event, edition: Edition | None) -> str:
    values = {name: plain(str(event.data[name])) for name in _SHOWN if name in event.data}
    if edition and "heading" in values:
        values["heading"] = edition.report.full_title_of(str(event.data["heading"]))
    details = [f"{_SHOWN[name]}{words}" for name, words in values.items()]
    return (f": {', '.join(details)}" if details else "") + _previous(event)


_SHOWN_BEFORE = ("people", "starts", "fieldwork", "notify", "day", "grade", "connection")


def _previous(event: Event) -> str:
    """Returns « (was good)»: the previous values in an event that replaced them, of the members in `_SHOWN_BEFORE`."""
    before = event.data.get("before") or {}
    was = [value for name in _SHOWN_BEFORE if (value := before.get(name))]
    words = [", ".join(value) if isinstance(value, list | tuple) else plain(str(value)) for value in was]
    return f" (was {', '.join(words)})" if words else ""
