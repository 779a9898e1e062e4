"""Days, limits and events in words, the same for every entry point."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from framework.calendar.bank_holidays import Calendar
from framework.calendar.london_time import london_day, say_moment
from framework.calendar.working_days import working_days_between
from framework.editions.registry import Edition
from framework.inspection.stages import Stage
from framework.lifecycle.holding import can_be_met
from framework.lifecycle.limit_status import MISSED_STATES, LimitStatus
from framework.lifecycle.limits import BY_KEY, POLICY_WORDS
from framework.messages.events import Event
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
    """«Wed 3 Nov 2010»; where `today` is given and lies in the same year, «Wed 3 Nov»."""
    year = "" if today and today.year == when.year else f" {when.year}"
    return f"{when:%a} {when.day} {when:%b}{year}"


def day_zero(notified_at: datetime) -> str:
    """Which day becomes day 0 of an inspection whose notification goes at this moment (para 8)."""
    on = day(london_day(notified_at))
    return f"the authority is notified at {say_moment(notified_at)} (London): {on} becomes day 0, if the letter is accepted on it"


def plain(name: str) -> str:
    """A name of the tables as words: «set up meeting held»."""
    return name.replace("_", " ")


_SHORT = {Role.DCS: "DCS", Role.PCT_CHIEF_EXECUTIVE: "PCT chief executive", Role.LSCB_CHAIR: "LSCB chair"}


def role(name: str) -> str:
    """A role in a narrow column: «lead inspector», «DCS»."""
    return _SHORT.get(Role(name), plain(name).replace("cqc", "CQC"))


def working_days(count: int) -> str:
    """«1 working day», «3 working days»."""
    return counted(count, "working day")


def lateness(due: date, today: date, calendar: Calendar) -> str:
    """How late something is that is still owed; empty while its day is not over."""
    if today <= due:
        return ""
    days = working_days_between(due, today, calendar)
    return f"late by {working_days(days)}" if days else "late"


def state(standing: LimitStatus, today: date, calendar: Calendar, stage: Stage | None = None) -> str:
    """How a limit stands: «due in 3 working days», «late by 1 working day», «met on Wed 3 Nov 2010»; «never done» where no step
    can meet it any more from this stage. What stood before a correction follows."""
    before = recorded_miss(standing)
    return _state(standing, today, calendar, stage) + (f"; {before}" if before else "")


def _state(standing: LimitStatus, today: date, calendar: Calendar, stage: Stage | None) -> str:
    if standing.state == "open" and stage and not can_be_met(standing.rule.key, stage):
        return STATES["never_done"]
    if standing.state == "open":
        late = lateness(standing.due, today, calendar)
        return late or ahead(standing.due, today, calendar)
    if standing.rule.key == "complaints_close" and standing.state == "met":
        return "over"
    on = f" on {day(standing.met_on)}" if standing.met_on else ""
    return STATES[standing.state] + on


def recorded_miss(standing: LimitStatus) -> str:
    """What stood before an event that met what was missed: «met by a correction of Thu 4 Nov 2010; recorded as missed until
    then». Empty where the limit is missed as it stands, or never was."""
    miss = standing.miss
    if miss is None or standing.state in MISSED_STATES:
        return ""
    how = _MET_BY.get(miss.recorded_by, "by a change")
    met = "met" if standing.state == "met" else "no longer late"
    return f"{met} {how} of {day(miss.recorded_on)}; recorded as missed until then"


_MET_BY = {"corrected": "by a correction", "withdrawn": "by a withdrawal"}
"""Kind of the event that recorded the miss -> what it met it by."""


def missed_round(standing: LimitStatus) -> str:
    """A limit that was missed in a round that is over: «Lists of cases, round 1»."""
    return f"{standing.rule.title}, round {standing.round}"


def ahead(due: date, today: date, calendar: Calendar) -> str:
    """How far off a due day is."""
    if due == today:
        return "due today"
    days = working_days_between(today, due, calendar)
    return f"due in {working_days(days)}" if days else "due soon"


def owner(role: Role | None, people: Mapping[Role, Sequence[str]]) -> str:
    """Who owes a limit: «Lead inspector (i.ashdown)»; nobody where nobody is chased."""
    if role is None:
        return "nobody"
    held = ", ".join(people.get(role, ()))
    return f"{TITLES[role]} ({held})" if held else TITLES[role]


def waits_for(role: Role | None, mail: bool, people: Mapping[Role, Sequence[str]]) -> str:
    """On whom an inspection waits: on somebody, on the mail system where a letter that starts a clock is out, or nobody."""
    return "the mail system" if mail and role is None else owner(role, people)


def paragraph(number: int | None, policy: bool = False) -> str:
    """«8», or «42*» where the day is ours."""
    return f"{number or '-'}{'*' if policy else ''}"


POLICY_NOTE = f"* {POLICY_WORDS}"


def counted(count: int, what: str) -> str:
    """«1 event», «2 events»."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def event_words(event: Event, edition: Edition | None = None) -> str:
    """An event's kind in words, with what tells it from others of its kind. `edition` says what headings are called."""
    said = event.data
    if event.kind in ("step_refused", "automatic_step_held"):
        return f"{plain(event.kind)}: {_without(str(said.get('step', '')), said.get('why', ''))}"
    if event.kind == "corrected":
        what = plain(str(said["corrects"]))
        return (
            f"corrected: event {said.get('event')}, {what}, from {said.get('was')} to {said.get('on')}{_amended(said)}"
        )
    if event.kind == "withdrawn":
        step = plain(str(said["withdraws"]))
        return f"withdrawn: event {said.get('event')}, {step} of {said.get('was')}{_amended(said)}"
    told = _TOLD_AT_LENGTH.get(event.kind)
    return (
        f"{plain(event.kind)}: {told(said)}" if told else plain(event.kind) + _details(event, edition) + _amended(said)
    )


def _amended(said: Mapping[str, Any]) -> str:
    """«; recorded as missed: Draft report (due 2010-10-22)», and the limits that keep their day: what an event did to limits."""
    missed = [f"{BY_KEY[miss['limit']].title} (due {miss['due']})" for miss in said.get("misses", ())]
    kept = [f"{BY_KEY[limit].title} (due {due})" for limit, due in said.get("keeps", {}).items()]
    parts = (("recorded as missed", missed), ("keeps its day", kept))
    return "".join(f"; {what}: {', '.join(limits)}" for what, limits in parts if limits)


def _calendar(said: Mapping[str, Any]) -> str:
    days = [f"{name} {', '.join(said[name])}" for name in ("added", "removed") if said.get(name)]
    moved = [plain(str(one["limit"])) for one in said["moved"]]
    versions = f"{said['was']} to {said['calendar']}"
    return "; ".join((versions, *days, f"moved: {', '.join(moved) or 'nothing'}"))


def _reminded(said: Mapping[str, Any]) -> str:
    return ", ".join(f"{plain(str(rung['limit']))} ({rung['rung']:+d}), due {rung['due']}" for rung in said["rungs"])


def _erased(said: Mapping[str, Any]) -> str:
    rows = ", ".join(f"{count} {table}" for table, count in said["rows"].items())
    return f"{rows}, kept until {said['kept_until']}; by the rule: {said['rule']}; reason: {said['reason']}"


def _restored(said: Mapping[str, Any]) -> str:
    made = datetime.fromisoformat(said["backup_made_at"])
    return f"from the backup of {say_moment(made)}, which ended with event {said['went_back_to']}"


_TOLD_AT_LENGTH: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "calendar_changed": _calendar,
    "reminder_sent": _reminded,
    "reminder_passed_over": _reminded,
    "personal_data_erased": _erased,
    "records_restored": _restored,
    "workflow_begun_again": lambda said: f"the engine had none that ran: it was {plain(said['found'])}",
    "event_lost": lambda said: f"event {said['number']}, when the records were restored",
}


def _without(step: str, why: object) -> str:
    """The step and why, naming the step once."""
    return str(why) if str(why).startswith(step) else f"{step}: {why}"


_TELLING = {
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
"""What of an event's data is told, and how it begins."""


def _details(event: Event, edition: Edition | None) -> str:
    said = {name: plain(str(event.data[name])) for name in _TELLING if name in event.data}
    if edition and "heading" in said:
        said["heading"] = edition.full_title_of(str(event.data["heading"]))
    told = [f"{_TELLING[name]}{words}" for name, words in said.items()]
    return (f": {', '.join(told)}" if told else "") + _was(event)


_TOLD_BEFORE = ("people", "starts", "fieldwork", "notify", "day", "grade", "connection")


def _was(event: Event) -> str:
    """« (was good)»: what stood before, where the event changed it and a word tells it."""
    before = event.data.get("before") or {}
    was = [value for name in _TOLD_BEFORE if (value := before.get(name))]
    said = [", ".join(value) if isinstance(value, list | tuple) else plain(str(value)) for value in was]
    return f" (was {', '.join(said)})" if said else ""
