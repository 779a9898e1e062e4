"""What random lives are made of: people, orders to inspect, forms filled in, and our own tables to hold the code against."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis.strategies import DataObject, booleans, integers, sampled_from

from framework.inspection.limits import BY_KEY
from framework.inspection.order import Gate, Order
from framework.inspection.steps import STEPS
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.counted_days import working_day_after
from tests.framework.in_memory import InMemoryInspection
from tests.orders import an_order
from tests.words import WHY

PEOPLE = [
    "c.marsh",
    "m.okafor",
    "i.ashdown",
    "i.bellamy",
    "h.dunmore",
    "q.lindqvist",
    "a.vale",
    "dcs.330",
    "link.330",
    "chief.330",
    "n.obody",
    "system",
]

DCS, LINK, LEAD, CQC = Role.DCS, Role.LINK_OFFICER, Role.LEAD_INSPECTOR, Role.CQC_INSPECTOR
COORD, MANAGER = Role.COORDINATOR, Role.MANAGER
WITH_THE_REPORT = {Role.LEAD_MEMBER, Role.LSCB_CHAIR, Role.CHIEF_EXECUTIVE}
WITH_A_REPORT = {Role.PCT_CHIEF_EXECUTIVE, *WITH_THE_REPORT}

GOES_TO: dict[str, tuple[set[Role], set[Role]]] = {
    "announcement": ({DCS}, {LINK}),  # para 8
    "notification_failed": ({LINK, LEAD}, {CQC}),  # para 8: who had dates, but for the director
    "set_up_invitation": ({DCS, LINK, LEAD, CQC}, set()),  # para 32
    "invitation_withdrawn": (set(), set()),  # to whom the records find in earlier letters
    "meeting_note": ({DCS, LINK, LEAD, CQC}, set()),
    "first_cases": ({DCS, LINK}, set()),  # para 41
    "changed_dates": ({DCS}, {LINK, LEAD}),
    "lead_changed": ({DCS, LINK}, set()),  # para 68
    "oral_feedback": ({DCS}, set()),  # para 55
    "draft_report": ({DCS}, {Role.PCT_CHIEF_EXECUTIVE}),  # para 50
    "comments_received": ({DCS}, set()),
    "comments_returned_without": ({DCS}, set()),
    "comments_none_received": ({DCS}, set()),
    "late_comments": ({DCS}, set()),
    "final_report": ({DCS}, WITH_THE_REPORT),  # para 52
    "publication": ({DCS}, WITH_THE_REPORT),
    "evaluation_request": ({DCS, LINK}, set()),  # para 60
    "window_closed": ({DCS}, set()),
    "deferral_granted": ({DCS}, {LINK, LEAD, CQC}),
    "deferral_refused": ({DCS}, set()),  # and the link officer, who may have made the request
    "resumption": ({DCS}, {LINK, LEAD, CQC}),
    "cancellation": ({DCS}, {LINK, LEAD, CQC}),
    "correction": ({DCS}, {LINK, LEAD}),
    "report_waiting": ({Role.QUALITY_ASSURANCE_MANAGER}, set()),  # para 61
    "report_returned": ({LEAD}, set()),
    "decision_waiting": ({MANAGER}, set()),
}

QA = Role.QUALITY_ASSURANCE_MANAGER
ASKED_OF: dict[tuple[str, str], Role] = {
    ("case_lists", "receive_case_lists"): LINK, ("documents", "receive_documents"): LINK,
    ("survey_invitations", "confirm_survey_invitations"): LINK, ("case_audits", "receive_case_audits"): LINK,
    ("evaluation", "record_evaluation"): LINK, ("factual_comments", "return_comments"): DCS,
    ("set_up_meeting", "hold_set_up_meeting"): LEAD, ("first_cases_choice", "choose_first_cases"): LEAD,
    ("fieldwork_starts", "start_fieldwork"): LEAD,
    ("inspection_ends", "give_oral_feedback"): LEAD, ("inspection_ends", "end_fieldwork"): LEAD,
    ("draft_report", "submit_draft"): LEAD, ("draft_report", "approve_draft"): QA, ("draft_report", "send_draft"): LEAD,
    ("final_report", "submit_final"): LEAD, ("final_report", "approve_final"): QA, ("final_report", "issue_final"): LEAD,
    ("final_report", "decide_late_comments"): LEAD, ("publication", "publish"): COORD,
    ("publication", "release_publication"): MANAGER, ("deferral_answer", "refuse_deferral"): MANAGER,
}  # fmt: skip
"""Of whom each step on the way to a limit is asked."""

ENTERS = {
    "planned": {"notification_failed"},
    "notified": {"notified", "notified_anew"}, "set_up": {"set_up_meeting_held"}, "fieldwork": {"fieldwork_started"},
    "drafting": {"fieldwork_ended", "draft_not_served"}, "factual_check": {"draft_sent"}, "finalising": {"comments_returned", "comments_lapsed"},
    "final_issued": {"final_issued"}, "published": {"published"}, "closed": {"window_closed"}, "deferred": {"deferred"},
    "cancelled": {"cancelled"},
}  # fmt: skip
"""The events without which no inspection gets to a stage."""


HANDED_IN = (
    *(
        "receive_case_lists",
        "receive_documents",
        "confirm_survey_invitations",
        "receive_case_audits",
        "record_evaluation",
    ),
)
"""Steps of the authority that need no fields."""


def right_people(letter: LetterOrder, people: Mapping[Role, tuple[str, ...]]) -> bool:
    """Returns whether a letter goes exactly to the roles of the framework; `people` hold the roles on its day."""
    if letter.kind == "deferral_refused" and letter.to == (DCS, LINK):
        return not letter.persons and not letter.cc
    if letter.kind == "assignment":
        return len(letter.persons) == 1 and not letter.to and not letter.cc
    if letter.kind in ("changed_dates", "correction"):  # and those copied in with a report that named the day
        to, cc = GOES_TO[letter.kind]
        also = set(letter.cc) - cc
        return not letter.persons and set(letter.to) == to and cc <= set(letter.cc) and also <= WITH_A_REPORT
    if letter.kind != "reminder":
        return not letter.persons and (set(letter.to), set(letter.cc)) == GOES_TO[letter.kind]
    roles = [ASKED_OF[item["limit"], item["step"]] for item in letter.facts["owed"]]
    rungs = [item["rung"] for item in letter.facts["owed"] if item["rung"] is not None]
    copies = {COORD} if max(rungs) >= 1 else set()
    copies |= {MANAGER} if max(rungs) >= 3 else set()
    copies -= {role for role in copies if people[role] == letter.persons}
    return (
        bool(rungs)
        and len(letter.persons) == 1
        and all(letter.persons[0] in people[role] for role in roles)
        and (letter.to, set(letter.cc)) == ((), copies)
    )


def orders() -> tuple[Order, ...]:
    """Inspections of every kind there is: joint and separate; on full, short and no notice; by mail and by hand."""
    short = {"notice": "short", "notice_ground": "serious_concerns", "notice_reason": WHY}
    none = {**short, "notice": "none", "service": "by_hand", "notify": "2010-11-03"}
    alone = {"scope_ground": "judged_inadequate", "scope_reason": WHY}
    return (
        an_order(),
        an_order(notify="now"),
        an_order(notify="2010-12-15"),
        an_order(notify="2011-03-21", scope="safeguarding", **alone),
        an_order(notify="2010-10-27", fieldwork="2010-11-10"),
        an_order(fieldwork="2010-11-08", **short),
        an_order(fieldwork="2010-11-03", **none),
        an_order(**none),
        an_order(scope="looked_after", **alone),
        an_order(service="by_hand"),
        an_order(scope="safeguarding"),  # without a reason: its gate holds
        an_order(team=[{"person": "i.ashdown", "role": "lead_inspector"}, {"person": "h.dunmore", "role": "cqc_inspector"}]),
    )  # fmt: skip


def fill_in(step: str, scenario: InMemoryInspection, data: DataObject) -> dict[str, Any]:
    """A form for a step that is mostly as it should be."""
    day = (scenario.now.date() + timedelta(days=data.draw(integers(-3, 25)))).isoformat()
    number = data.draw(sampled_from(sorted(scenario.inspection.log) or [1]))
    places = range(data.draw(sampled_from([4, 4, 5, 3])))
    person = data.draw(sampled_from(["i.edgar", "i.bellamy", "h.farrow", "q.other"]))
    some_comments = [{"where": "para 1", "text": "t-c"}] * data.draw(integers(0, 2))
    reason = {"reason": WHY}
    proof = {"proof": "t-p"} if data.draw(booleans()) else {}
    forms: dict[str, dict[str, Any]] = {
        "notify": {"address_confirmed": data.draw(booleans())},
        "record_failed_service": {"letter": data.draw(sampled_from(["", scenario.inspection.draft_letter])), **reason},
        "record_service": {"method": data.draw(sampled_from(["by_hand", "post", "email"])), "proof": "t-p"},
        "record_cancellation_service": {"method": "post", "proof": "t-p"},
        "arrange_set_up_meeting": {"day": day, "place": "Council House"},
        "arrange_fieldwork": {"starts": day, **(reason if data.draw(booleans()) else {})},
        "choose_first_cases": {"safeguarding": [f"A-{n}" for n in places], "looked_after": [f"B-{n}" for n in places]},
        "hold_set_up_meeting": {"attendees": "t-a", "decisions": "t-d"},
        "give_oral_feedback": {"headings": "t-h", **(reason if data.draw(booleans()) else {})},
        "end_fieldwork": {"spoke_with_children": True, "sought_views_of_parents": True, **(reason if data.draw(booleans()) else {})},
        "grade": {"heading": "safeguarding.ambition", "grade": "good", "text": "t-t", "equality": "t-e"},
        "write_section": {"heading": "about", "text": "t-t"},
        "return_comments": {"comments": some_comments, **proof},
        **dict.fromkeys(HANDED_IN, proof),
        "decide_late_comments": {"use": data.draw(booleans()), **reason},
        "answer_comment": {"number": 1, "accepted": True, **reason},
        "explain_change": {"heading": "safeguarding.ambition", **reason},
        "add_concern": {"raised_by": "parent_or_carer", "text": "t-t"},
        "settle_concern": {"number": 1, "text": "t-t"},
        "request_deferral": {"ground": data.draw(sampled_from(["staff_absence", "other"])), **reason},
        "defer": {**reason, **({"notify": day} if scenario.inspection.stage == "planned" else {})},
        "resume": {"fieldwork": day},
        "change_lead": {"person": person, "stays": data.draw(booleans()), **reason, **({"connection": "t-c"} if data.draw(booleans()) else {})},
        "change_contact": {**data.draw(sampled_from(some_contacts(scenario, number))), **reason},
        "change_team": {"person": person, "role": "inspector", **({"connection": "t-c"} if data.draw(booleans()) else {})},
        "decide_connection": {"person": person, "allowed": data.draw(booleans()), **reason},
        "override": {"gate": data.draw(sampled_from(list(Gate))), **reason},
        "waive_limit": {"limit": data.draw(sampled_from(list(BY_KEY))), **reason},
        "correct": {"event": number, **reason, **proof},
        "withdraw": {**({"event": number} if data.draw(booleans()) else {}), **reason},
    }  # fmt: skip
    needs_reason = (
        "send_back_draft",
        "send_back_final",
        "hold_publication",
        "release_publication",
        "refuse_deferral",
        "cancel",
    )
    return forms.get(step, reason if step in needs_reason else {})


def _day_ahead(scenario: InMemoryInspection, ahead: int) -> str:
    """Returns the first working day from `ahead` calendar days on."""
    days = (scenario.now.date() + timedelta(days=ahead + number) for number in range(20))
    return next(day.isoformat() for day in days if not scenario.calendar.why_not(day))


def _latest_day(scenario: InMemoryInspection) -> str:
    """Returns the latest first day on site of an inspection that is notified today (para 8)."""
    return working_day_after(scenario.now.date(), 10, scenario.calendar).isoformat()


def _another_link_officer(scenario: InMemoryInspection) -> str:
    held = scenario.inspection.people[Role.LINK_OFFICER]
    return next(person for person in ("link.330", "chief.330", "member.330") if person not in held)


_DEPARTURES: tuple[tuple[str, str, Callable[[InMemoryInspection, int], dict[str, Any]]], ...] = (
    ("arrange_fieldwork", "c.marsh", lambda scenario, ahead: {"starts": _day_ahead(scenario, ahead), "reason": WHY}),
    ("override", "m.okafor", lambda _, ahead: {"gate": Gate.NOTICE, "reason": WHY}),
    ("arrange_set_up_meeting", "c.marsh", lambda scenario, ahead: {"day": _day_ahead(scenario, ahead // 5), "place": "Town Hall"}),
    ("defer", "m.okafor", lambda _, ahead: {"reason": WHY}),
    ("resume", "c.marsh", lambda scenario, _: {"fieldwork": _latest_day(scenario)}),
    ("record_failed_service", "c.marsh", lambda scenario, _: {"letter": scenario.inspection.served_letter, "reason": WHY}),
    ("record_failed_service", "c.marsh", lambda scenario, _: {"letter": scenario.inspection.draft_letter, "reason": WHY}),
    ("notify", "c.marsh", lambda scenario, _: {"address_confirmed": True}),
    ("change_contact", "c.marsh", lambda scenario, _: {"role": "link_officer", "person": _another_link_officer(scenario), "reason": WHY}),
    ("change_contact", "c.marsh", lambda scenario, _: {"role": "dcs", "person": f"dcs.{len(scenario.events)}", "reason": WHY}),
)  # fmt: skip
"""Steps off the ordinary course, with the person who may take them and a form as it should be: at random they hardly ever fit."""


def departure(scenario: InMemoryInspection, number: int, ahead: int) -> tuple[str, str, dict[str, Any]]:
    """Returns a step off the ordinary course that is open at this stage: its name, a person and a form."""
    here = [row for row in _DEPARTURES if STEPS.find(row[0], scenario.inspection.stage)]
    step, by, fill = here[number % len(here)] if here else _DEPARTURES[0]
    return step, by, fill(scenario, ahead)


def some_contacts(scenario: InMemoryInspection, number: int) -> list[dict[str, Any]]:
    """Another director, another chief executive of a primary care trust, and one of them who gives the role up."""
    executives = scenario.inspection.people[Role.PCT_CHIEF_EXECUTIVE]
    return [
        {"role": "dcs", "person": f"dcs.{number}"},
        {"role": "pct_chief_executive", "person": f"pct.{number}"},
        {"role": "pct_chief_executive", "person": executives[0], "leaves": True},
    ]


def on_or_before(scenario: InMemoryInspection, data: DataObject, step: str) -> date:
    """Today for the most part; sometimes a day in the last fortnight, and now and then tomorrow."""
    back = data.draw(sampled_from([0, 0, 0, 0, 1, 2, 5, 14] if step != "correct" else [0, 1, 2, 3, 5, 8, 13]))
    return scenario.now.date() - timedelta(days=back)
