"""The state of one inspection: its order, and what its events have made of it.

How events are applied is in `framework.lifecycle.matter`; what each changes, in `framework.inspection.evolve`."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from framework.inspection.evolve import declared
from framework.inspection.limits import AS_SHIPPED, LimitSettings
from framework.inspection.order import Gate, Notice, Order, Scope
from framework.inspection.parts import AgreedMeeting, Deferral, FirstCases, ReportInProgress
from framework.inspection.stages import Stage
from framework.lifecycle.evolve import remember_people
from framework.lifecycle.limits import LimitRule
from framework.lifecycle.matter import Matter
from framework.report.tables import ReportTables
from framework.vocabulary.roles import AUTHORITY_ROLES, Role

if TYPE_CHECKING:
    from framework.inspection.lifecycle import InspectionLifecycle


@dataclass(slots=True, kw_only=True)
class Inspection(Matter):
    """The state of one inspection, beyond what every matter has."""

    lifecycle: "InspectionLifecycle" = field(compare=False, repr=False)
    order: Order
    settings: LimitSettings = AS_SHIPPED
    """What the office had set of the limits when this inspection was ordered; it keeps them for life."""
    stage: Stage = Stage.PLANNED
    notify_on: date | None = None
    """The day of notification while planned; None for «now»."""
    fieldwork: date | None = None
    """The agreed first day on site."""
    announced_fieldwork: date | None = None
    """The first day on site that the newest notification names; None where it named the latest allowed."""
    meeting: AgreedMeeting | None = None
    first_cases: FirstCases = field(default_factory=FirstCases)
    overrides: set[Gate] = field(default_factory=set)
    connections: dict[str, str] = field(default_factory=dict)
    """Team member -> undecided, allowed or barred, for those who declared a connection (T2)."""
    unserved: int | None = None
    """The event that recorded that the newest notification did not arrive: a person makes the next one (para 8). Else None."""
    served_letter: str = ""
    """The letter whose acceptance is day 0; empty where the notification was handed over, or is still to come."""
    draft_letter: str = ""
    """The letter with the draft, from whose acceptance the five days of para 51 run; empty where none was sent."""
    cancellation_letter: str = ""
    """The letter whose acceptance began the time for complaints about a cancelled inspection."""
    notification_pending: bool = False
    awaited_letter: str = ""
    """The letter whose acceptance is day 0: the newest announcement or resumption."""
    deferral_ground: str | None = None
    """The ground of the request to defer that waits for a decision; None where none does."""
    deferral_request: int | None = None
    """The event of the newest request that a manager decides on: its answer has a limit (para 9)."""
    deferrals: list[Deferral] = field(default_factory=list)
    draft: ReportInProgress = field(default_factory=ReportInProgress)
    final: ReportInProgress = field(default_factory=ReportInProgress)
    comments: int = 0
    late_comments_undecided: int = 0
    publication_held: bool = False
    """True from the manager's decision to hold publication back until it is released (para 53)."""
    conduct_acknowledged: dict[str, date] = field(default_factory=dict)
    """Members of the team who acknowledged the code of conduct, with the day on which they did (para 62)."""
    round: int = 1
    """How many times the authority was notified, or is the first time: with each new notification limits begin anew."""
    deferral_requests: int = 0
    """How many requests to defer a manager had to decide on."""

    @property
    def report(self) -> ReportTables:
        """Returns the tables of the report that it leads to."""
        return self.lifecycle.report

    @property
    def scope(self) -> Scope:
        """Returns the halves it covers."""
        return self.order.scope

    @property
    def notice(self) -> Notice:
        """Returns how much notice the authority has."""
        return self.order.notice

    @property
    def meeting_ahead(self) -> AgreedMeeting | None:
        """Returns the set-up meeting that was invited to and is neither held nor withdrawn."""
        over = self.meeting is None or self.meeting.withdrawn or "set_up_meeting_held" in self.milestones_reached
        return None if over else self.meeting

    @property
    def by_hand(self) -> bool:
        """Returns whether a person delivers the announcement, so that the system sends none."""
        return self.order.service == "by_hand"

    @property
    def is_finished(self) -> bool:
        """Returns whether nothing more can happen: the window for complaints is over, or no notification was ever sent."""
        if self.stage is Stage.CANCELLED:
            return "cancelled_window_closed" in self.milestones_reached or not self.was_notified
        return self.stage is Stage.CLOSED

    @property
    def was_notified(self) -> bool:
        """Returns whether a notification was sent."""
        return "notification_issued" in self.milestones_reached or "notified" in self.milestones_reached

    def rule(self, key: str) -> LimitRule:
        """Returns the row of the limit `key`, with the settings that this inspection began with. Raises BadInput for an unknown one."""
        return self.settings.rule(key)

    def round_of(self, limit: str) -> int:
        """Returns the round that a limit is in: an answer to a request to defer has one for each request."""
        return self.deferral_requests if limit == "deferral_answer" else self.round

    def as_ordered(self) -> "Inspection":
        """Returns the state before the first event."""
        return begin(self.lifecycle, self.id, self.order, self.first_people, self.settings)


def begin(
    lifecycle: "InspectionLifecycle",
    identifier: str,
    order: Order,
    people: dict[Role, tuple[str, ...]],
    settings: LimitSettings = AS_SHIPPED,
) -> Inspection:
    """Returns a new inspection before its first event: its team as ordered, the authority's people as the directory has them."""
    first_people = {role: held for role, held in people.items() if role in AUTHORITY_ROLES}
    inspection = Inspection(
        id=identifier,
        lifecycle=lifecycle,
        order=order,
        people={**first_people, **_ordered_people(order)},
        first_people=first_people,
        settings=settings,
        notify_on=None if order.notify == "now" else order.notify,
        fieldwork=order.fieldwork,
        connections={m.person: declared(m.undermines_objectivity) for m in order.team if m.connection},
    )
    remember_people(inspection)
    return inspection


def _ordered_people(order: Order) -> dict[Role, tuple[str, ...]]:
    people: dict[Role, tuple[str, ...]] = {}
    for member in order.team:
        role = Role(member.role)
        people[role] = (*people.get(role, ()), member.person)
    people[Role.QUALITY_ASSURANCE_MANAGER] = (order.quality_assurance,)
    people[Role.COORDINATOR] = (order.coordinator,)
    people[Role.MANAGER] = (order.manager,)
    return people


def summary(inspection: Inspection) -> dict[str, Any]:
    """Returns a short JSON summary of the state, for queries: identifiers and days only."""
    return {
        "id": inspection.id,
        "stage": inspection.stage.value,
        "fieldwork": inspection.fieldwork.isoformat() if inspection.fieldwork else None,
        "comments": inspection.comments,
        "overrides": sorted(inspection.overrides),
        "held": sorted(inspection.blocked_steps),
    }
