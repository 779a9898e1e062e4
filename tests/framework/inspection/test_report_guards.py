"""What the report, the end of complaints and changes of people need: met and not met."""

import pytest

from framework.common.errors import BeingMade
from framework.lifecycle import results
from framework.lifecycle.decide import refusal_decision
from framework.messages.commands import Command
from framework.messages.record_state import ReportState
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, actor, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.inspection.test_guards import ENDED, MEETING, notified, refused
from tests.framework.ordinary_path import REASON
from tests.orders import an_order
from tests.report_fields import AREAS


def finalising() -> InMemoryInspection:
    scenario = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-20")
    scenario.do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-c"}])
    return scenario


def drafting() -> InMemoryInspection:
    scenario = up_to_fieldwork(notified()).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-h")
    scenario.do("end_fieldwork", "i.ashdown", **ENDED)
    return scenario


def being_made(scenario: InMemoryInspection, step: str) -> None:
    """The step waits for a document: no rule refuses it, and no event says that one did."""
    with pytest.raises(
        BeingMade, match=f"^{step}: the .* is being made into a document: ask again in a moment$"
    ) as raised:
        scenario.do(step, "q.lindqvist")
    answer = results.refused(scenario.inspection, raised.value)
    assert (answer.being_made, answer.paragraph) == (True, None)
    day, by = scenario.now.date(), actor("q.lindqvist")
    command = Command(id="c-waits", step=step, actor=by, on=day, received=scenario.now)
    assert refusal_decision(scenario.inspection, command, raised.value).events == ()


def test_grades_and_texts_stand_under_the_headings_of_the_report_in_scope() -> None:
    scenario = drafting()
    text = {"text": "t-t", "equality": "t-e"}
    refused(scenario, "no heading", "grade", "i.ashdown", heading="weather", grade="good", **text)
    refused(
        scenario,
        "takes no grade",
        "grade",
        "i.ashdown",
        heading="safeguarding.areas_for_improvement",
        grade="good",
        **text,
    )
    refused(scenario, "takes no grade: use write_section", "grade", "i.ashdown", heading="about", grade="good", **text)
    refused(scenario, "takes a grade", "write_section", "i.ashdown", heading="safeguarding.ambition", text="t-t")
    areas = {"heading": "safeguarding.areas_for_improvement"}
    refused(scenario, "takes no text: give areas, each with when", "write_section", "i.ashdown", text="t-t", **areas)
    refused(scenario, "takes no text: give areas", "write_section", "i.ashdown", **areas)
    refused(scenario, "takes a text, and no areas", "write_section", "i.ashdown", heading="about", areas=AREAS)
    refused(scenario, "takes a text", "write_section", "i.ashdown", heading="about")
    refused(
        scenario,
        r"areas\.0\.when: must be immediately",
        "write_section",
        "i.ashdown",
        areas=[{"when": "soon", "text": "t-t"}],
        **areas,
    )
    scenario.do("write_section", "i.ashdown", areas=AREAS, **areas)
    for heading in ("about", "service", "looked_after.outcomes"):
        scenario.do("write_section", "i.ashdown", heading=heading, text="t-t")
    scenario.inspection.order = an_order(scope="looked_after")
    refused(scenario, "no heading", "grade", "i.ashdown", heading="safeguarding.ambition", grade="good", **text)


def test_a_report_that_is_not_complete_is_not_submitted() -> None:
    scenario = drafting()
    scenario.readiness = scenario.readiness.model_copy(
        update={"draft": ReportState(missing=("looked_after.equality",))}
    )
    refused(scenario, "looked_after.equality", "submit_draft", "i.ashdown")


def test_the_draft_is_sent_only_as_it_was_assured_by_another_person() -> None:
    scenario = drafting()
    refused(scenario, "not been submitted", "approve_draft", "q.lindqvist")
    refused(scenario, "not been through quality assurance", "send_draft", "i.ashdown")
    scenario.do("submit_draft", "i.ashdown")
    scenario.readiness = scenario.readiness.model_copy(update={"draft": ReportState(frozen_document="d1")})
    being_made(scenario, "approve_draft")
    scenario.readiness = scenario.readiness.model_copy(
        update={"draft": ReportState(frozen_document="d1", rendered_sha256="abc")}
    )
    scenario.do("approve_draft", "q.lindqvist")
    assert scenario.events[-1][1].data["sha256"] == "abc"
    scenario.do("send_back_draft", "q.lindqvist", **REASON)
    refused(scenario, "not been through quality assurance", "send_draft", "i.ashdown")
    refused(scenario, "not been submitted", "approve_draft", "q.lindqvist")


def test_the_author_and_the_lead_never_assure_their_own_report() -> None:
    scenario = drafting()
    scenario.do("submit_draft", "i.ashdown")
    assure = {"role": "quality_assurance_manager"}
    refused(scenario, "both lead and assure", "change_team", "c.marsh", person="i.ashdown", **assure)
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    scenario.do("change_team", "c.marsh", person="i.ashdown", **assure)
    refused(scenario, "other than the report's author", "approve_draft", "i.ashdown")
    refused(scenario, "both lead and assure", "change_lead", "c.marsh", person="i.ashdown", **REASON)


def test_the_final_report_waits_for_answers_and_for_quality_assurance() -> None:
    scenario = finalising()
    scenario.readiness = scenario.readiness.model_copy(update={"unanswered_comments": (1,)})
    refused(scenario, "not answered yet: 1", "submit_final", "i.ashdown")
    scenario.readiness = scenario.readiness.model_copy(update={"unanswered_comments": ()})
    refused(scenario, "quality assurance", "issue_final", "i.ashdown")
    refused(scenario, "not been submitted", "approve_final", "q.lindqvist")
    scenario.do("submit_final", "i.ashdown")
    scenario.readiness = scenario.readiness.model_copy(update={"final": ReportState(frozen_document="d2")})
    being_made(scenario, "approve_final")


def test_the_final_report_goes_when_every_role_of_paragraph_52_has_an_address_and_is_published_by_a_person() -> None:
    scenario = finalising()
    scenario.do("submit_final", "i.ashdown")
    scenario.do("approve_final", "q.lindqvist")
    scenario.readiness = scenario.readiness.model_copy(update={"missing_addresses": (Role.LEAD_MEMBER,)})
    refused(scenario, "Lead Member", "issue_final", "i.ashdown")
    scenario.readiness = scenario.readiness.model_copy(update={"missing_addresses": ()})
    assert not scenario.do("issue_final", "i.ashdown").publish
    decision = scenario.do("publish", "m.okafor")
    assert decision.publish
    assert [letter.kind for letter in decision.letters] == ["publication", "evaluation_request"]


def test_comments_lapse_only_when_their_time_is_over() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(notified()))
    refused(scenario, "until the end of 2010-12-21", "lapse_comments", "system")


def test_the_window_closes_only_when_it_is_over_or_was_never_opened() -> None:
    scenario = up_to_published(up_to_draft_sent(up_to_fieldwork(notified())))
    refused(scenario, "until the end of 2011-02-06", "close_window", "system")
    scenario = notified()
    scenario.accepts_mail = False
    scenario.do("cancel", "m.okafor", **REASON)
    refused(scenario.until("2011-06-01"), "has not been served", "close_window", "system")


# People -------------------------------------------------------------------------------------------------------------


def test_changes_of_people_make_sense() -> None:
    scenario = notified()
    refused(scenario, "leads this inspection already", "change_lead", "c.marsh", person="i.ashdown", **REASON)
    refused(scenario, "is not inspector", "change_team", "c.marsh", person="i.edgar", role="inspector", leaves=True)
    refused(scenario, "already", "change_team", "c.marsh", person="i.ashdown", role="inspector")
    refused(scenario, "always has a quality", "change_team", "c.marsh", person="q.lindqvist",
            role="quality_assurance_manager", leaves=True)  # fmt: skip
    refused(
        scenario, "role: must be dcs, link_officer", "change_contact", "c.marsh", role="auditor", person="x", **REASON
    )
    refused(
        scenario, "declared no connection", "decide_connection", "m.okafor", person="i.ashdown", allowed=True, **REASON
    )


def test_who_left_may_do_nothing_any_more_and_who_came_may() -> None:
    scenario = notified()
    scenario.do("change_contact", "c.marsh", role="link_officer", person="link.331", **REASON)
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    refused(scenario, "taken by", "receive_documents", "link.330")
    refused(scenario, "taken by", "hold_set_up_meeting", "i.ashdown", **MEETING)
    scenario.do("receive_documents", "link.331")
    scenario.do("hold_set_up_meeting", "i.edgar", **MEETING)
    assert scenario.events[-1][1].role == "lead_inspector"
