"""A whole inspection in memory, without engine or database: what tests of the rules build on."""

from datetime import date, datetime, timedelta
from typing import Any

from framework.calendar.bank_holidays import Calendar, england
from framework.calendar.london_time import at_nine, london_day
from framework.editions.registry import begin_inspection
from framework.inspection.automatic_steps import due_decision
from framework.inspection.event_kinds import CONTENT_KINDS
from framework.inspection.first_events import Ordering, first_events
from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.order import Order
from framework.inspection.state import Inspection
from framework.lifecycle.decide import Decision, decide, requires_record_state
from framework.lifecycle.due_items import Due, next_due
from framework.lifecycle.limit_status import LimitStatus, limit_statuses
from framework.messages.commands import SYSTEM, Actor, Command
from framework.messages.events import Event
from framework.messages.orders import CommentRow, DocumentOrder, LetterOrder
from framework.messages.record_state import RecordState, ReportState
from framework.vocabulary.roles import OFFICE_ROLES, Role
from tests.orders import an_order

AUTHORITY_PEOPLE: dict[Role, tuple[str, ...]] = {
    Role.DCS: ("dcs.330",),
    Role.LINK_OFFICER: ("link.330",),
    Role.CHIEF_EXECUTIVE: ("chief.330",),
    Role.LEAD_MEMBER: ("member.330",),
    Role.LSCB_CHAIR: ("lscb.330",),
    Role.PCT_CHIEF_EXECUTIVE: ("pct.330",),
}
POSTS: dict[str, tuple[Role, ...]] = {
    "c.marsh": (Role.COORDINATOR,),
    "m.okafor": (Role.MANAGER,),
    "a.vale": (Role.AUDITOR,),
}
assert all(set(posts) <= OFFICE_ROLES for posts in POSTS.values())


def actor(person: str) -> Actor:
    """Returns a person at the command line, with the posts of the directory."""
    if person == "system":
        return SYSTEM
    return Actor(person=person, posts=POSTS.get(person, ()), entry_point="command line", ran_as="tester")


class InMemoryInspection:
    """One inspection in memory: commands, time passing, and everything they brought."""

    def __init__(
        self,
        order: Order | None = None,
        calendar: Calendar | None = None,
        start: str = "2010-11-01T08:00+00:00",
        settings: LimitSettings = AS_SHIPPED,
    ) -> None:
        self.calendar = calendar or england()
        order = order or an_order()
        self.now = datetime.fromisoformat(start)
        ordering = Ordering(order.coordinator, Role.COORDINATOR, self.now, "command line", "command:order")
        ordered = first_events(order, order.model_dump(mode="json"), settings, AUTHORITY_PEOPLE, ordering)
        self.ordered = ordered
        """The events of the order."""
        self.inspection: Inspection = begin_inspection("SLAC-2010-001", order, AUTHORITY_PEOPLE, settings).after(
            enumerate(ordered, start=1)
        )
        self.head = len(ordered)
        self.readiness = RecordState(
            head=self.head,
            calendar=self.calendar.version,
            draft=ReportState(frozen_document="d1", rendered_sha256="abc"),
            final=ReportState(frozen_document="d2", rendered_sha256="def"),
        )
        self.born: Inspection = self.inspection.after(())
        """As it was ordered, before anything else happened to it."""
        self.events: list[tuple[int, Event]] = []
        """Every event with its number, as the log would keep it."""
        self.kinds: list[str] = []
        self.letters: list[tuple[datetime, LetterOrder]] = []
        self.documents: list[DocumentOrder] = []
        self.comments: list[CommentRow] = []
        self.reminders: list[tuple[datetime, str, int, str]] = []
        """Each rung that went: its moment, limit, rung, and to whom."""
        self.events_with_letters: set[int] = set()
        self.accepts_mail = True
        self._commands = 0

    def do(self, step: str, by: str = "system", on: str | date | None = None, **fields: Any) -> Decision:
        """Take a step now, as an entry point would."""
        self._commands += 1
        day = date.fromisoformat(str(on)) if on else london_day(self.now)
        command = Command(id=f"c{self._commands}", step=step, actor=actor(by), on=day, received=self.now, fields=fields)
        record_state = self._asked()
        if not requires_record_state(self.inspection, step):
            record_state = record_state.model_copy(update={"was_queried": False})
        return self.commit(decide(self.inspection, command, self.calendar, self.now, record_state))

    def commit(self, decision: Decision) -> Decision:
        """Take a decision in, and let the mail system accept what starts a clock."""
        self.inspection = decision.after
        self.events += enumerate(decision.events, start=self.head + 1)
        self.head += len(decision.events)
        self.kinds += [event.kind for event in decision.events]
        self.letters += [(self.now, letter) for letter in decision.letters]
        self.events_with_letters |= {self.head - len(decision.events) + 1 + letter.event for letter in decision.letters}
        self.documents += decision.documents
        self.comments += decision.comments
        self._accept(decision)
        return decision

    def letters_of(self, kind: str) -> list[LetterOrder]:
        """Every letter of one kind so far."""
        return [letter for _, letter in self.letters if letter.kind == kind]

    def number_of(self, kind: str) -> int:
        """Where the newest event of a kind stands in the log."""
        return next(number for number, event in reversed(self.events) if event.kind == kind)

    def standing(self, limit: str) -> LimitStatus:
        """How a limit stands now."""
        return next(status for status in limit_statuses(self.inspection, self.calendar) if status.rule.key == limit)

    def until(self, moment: str | date | datetime) -> "InMemoryInspection":
        """Let time pass: everything due up to then happens, each thing at its own moment."""
        end = (
            moment if isinstance(moment, datetime) else at_nine(date.fromisoformat(str(moment))) + timedelta(minutes=1)
        )
        for _ in range(500):
            due = None if self.inspection.is_finished else next_due(self.inspection, self.calendar, self.now)
            if due is None or due.at > end:
                self.now = max(self.now, end)
                return self
            self.now = max(self.now, due.at)
            self._happen(due)
        raise AssertionError("something is due again and again")

    def pause(self, until: str) -> "InMemoryInspection":
        """An outage: time passes and nothing happens."""
        self.now = max(self.now, at_nine(date.fromisoformat(until)) + timedelta(minutes=1))
        return self

    def _happen(self, due: Due) -> None:
        decision = due_decision(self.inspection, due, self.calendar, self.now, self._asked())
        for event in decision.events:
            if event.kind == "reminder_sent":
                to = event.data["to"]
                self.reminders += [(self.now, rung["limit"], rung["rung"], to) for rung in event.data["rungs"]]
        self.commit(decision)

    def _accept(self, decision: Decision) -> None:
        kinds = {letter.kind for letter in decision.letters}
        if self.accepts_mail and kinds & {"announcement", "resumption"} and self.inspection.notification_pending:
            self.do("record_service", method="email")
        if self.accepts_mail and "cancellation" in kinds:
            self.do("record_cancellation_service", method="email")

    def _asked(self) -> RecordState:
        content = tuple((number, event.kind) for number, event in self.events if event.kind in CONTENT_KINDS)
        letters = tuple(sorted(self.events_with_letters))
        facts = {"head": self.head, "events_with_letters": letters, "content_events": content}
        return self.readiness.model_copy(update=facts)


FIRST_CASES: dict[str, Any] = {"safeguarding": ["A1", "A2", "A3", "A4"], "looked_after": ["B1", "B2", "B3", "B4"]}


def prepare_cases(scenario: InMemoryInspection) -> None:
    """Takes the steps for the lists of cases and the choice of the first cases, today."""
    scenario.do("receive_case_lists", "link.330")
    scenario.do("choose_first_cases", "i.ashdown", **FIRST_CASES)


def up_to_fieldwork(scenario: InMemoryInspection) -> InMemoryInspection:
    """Notified on 3 November, set up on the 9th, on site from the 17th."""
    scenario.until("2010-11-05").do("receive_case_lists", "link.330")
    scenario.until("2010-11-08").do("choose_first_cases", "i.ashdown", **FIRST_CASES)
    scenario.until("2010-11-09").do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    for step in ("receive_documents", "confirm_survey_invitations"):
        scenario.do(step, "link.330")
    scenario.until("2010-11-17").do("receive_case_audits", "link.330")
    scenario.do("start_fieldwork", "i.ashdown")
    return scenario


def up_to_draft_sent(scenario: InMemoryInspection) -> InMemoryInspection:
    """The ten days on site, and the draft on its last day."""
    scenario.until("2010-11-30").do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    scenario.until("2010-12-13").do("submit_draft", "i.ashdown")
    scenario.do("approve_draft", "q.lindqvist")
    scenario.until("2010-12-14").do("send_draft", "i.ashdown")
    return scenario


def up_to_published(scenario: InMemoryInspection, comments: bool = True) -> InMemoryInspection:
    """Comments back (or not), the final report, and publication, each on its last day."""
    if comments:
        scenario.until("2010-12-20").do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-4"}])
    scenario.until("2010-12-29").do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.until("2010-12-30").do("issue_final", "i.ashdown")
    scenario.until("2011-01-07").do("publish", "c.marsh")
    return scenario
