"""What the report, the end of complaints and changes of people need: met and not met."""

from framework.messages.record_state import ReportState
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork, up_to_published
from tests.framework.inspection.test_guards import ENDED, MEETING, notified, refused
from tests.framework.ordinary_path import REASON
from tests.orders import an_order
from tests.report_fields import AREAS


def finalising() -> InMemoryInspection:
    life = up_to_draft_sent(up_to_fieldwork(notified())).until("2010-12-20")
    life.do("return_comments", "dcs.330", comments=[{"where": "para 12", "text": "t-c"}])
    return life


def drafting() -> InMemoryInspection:
    life = up_to_fieldwork(notified()).until("2010-11-30")
    life.do("give_oral_feedback", "i.ashdown", headings="t-h")
    life.do("end_fieldwork", "i.ashdown", **ENDED)
    return life


def test_grades_and_texts_stand_under_the_headings_of_the_report_in_scope() -> None:
    life = drafting()
    text = {"text": "t-t", "equality": "t-e"}
    refused(life, "no heading", "grade", "i.ashdown", heading="weather", grade="good", **text)
    refused(
        life, "takes no grade", "grade", "i.ashdown", heading="safeguarding.areas_for_improvement", grade="good", **text
    )
    refused(life, "takes no grade: use write_section", "grade", "i.ashdown", heading="about", grade="good", **text)
    refused(life, "takes a grade", "write_section", "i.ashdown", heading="safeguarding.ambition", text="t-t")
    areas = {"heading": "safeguarding.areas_for_improvement"}
    refused(life, "takes no text: give areas, each with when", "write_section", "i.ashdown", text="t-t", **areas)
    refused(life, "takes no text: give areas", "write_section", "i.ashdown", **areas)
    refused(life, "takes a text, and no areas", "write_section", "i.ashdown", heading="about", areas=AREAS)
    refused(life, "takes a text", "write_section", "i.ashdown", heading="about")
    refused(
        life,
        r"areas\.0\.when: must be immediately",
        "write_section",
        "i.ashdown",
        areas=[{"when": "soon", "text": "t-t"}],
        **areas,
    )
    life.do("write_section", "i.ashdown", areas=AREAS, **areas)
    for heading in ("about", "service", "looked_after.outcomes"):
        life.do("write_section", "i.ashdown", heading=heading, text="t-t")
    life.inspection.order = an_order(scope="looked_after")
    refused(life, "no heading", "grade", "i.ashdown", heading="safeguarding.ambition", grade="good", **text)


def test_a_report_that_is_not_complete_is_not_submitted() -> None:
    life = drafting()
    life.readiness = life.readiness.model_copy(update={"draft": ReportState(missing=("looked_after.equality",))})
    refused(life, "looked_after.equality", "submit_draft", "i.ashdown")


def test_the_draft_leaves_only_as_it_was_assured_by_somebody_else() -> None:
    life = drafting()
    refused(life, "not been submitted", "approve_draft", "q.lindqvist")
    refused(life, "not been through quality assurance", "send_draft", "i.ashdown")
    life.do("submit_draft", "i.ashdown")
    life.readiness = life.readiness.model_copy(update={"draft": ReportState(frozen_document="d1")})
    refused(life, "still being made", "approve_draft", "q.lindqvist")
    life.readiness = life.readiness.model_copy(
        update={"draft": ReportState(frozen_document="d1", rendered_sha256="abc")}
    )
    life.do("approve_draft", "q.lindqvist")
    assert life.events[-1][1].data["sha256"] == "abc"
    life.do("send_back_draft", "q.lindqvist", **REASON)
    refused(life, "not been through quality assurance", "send_draft", "i.ashdown")
    refused(life, "not been submitted", "approve_draft", "q.lindqvist")


def test_the_author_and_the_lead_never_assure_their_own_report() -> None:
    life = drafting()
    life.do("submit_draft", "i.ashdown")
    assure = {"role": "quality_assurance_manager"}
    refused(life, "both lead and assure", "change_team", "c.marsh", person="i.ashdown", **assure)
    life.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    life.do("change_team", "c.marsh", person="i.ashdown", **assure)
    refused(life, "other than the report's author", "approve_draft", "i.ashdown")
    refused(life, "both lead and assure", "change_lead", "c.marsh", person="i.ashdown", **REASON)


def test_the_final_report_waits_for_answers_and_for_quality_assurance() -> None:
    life = finalising()
    life.readiness = life.readiness.model_copy(update={"unanswered_comments": (1,)})
    refused(life, "not answered yet: 1", "submit_final", "i.ashdown")
    life.readiness = life.readiness.model_copy(update={"unanswered_comments": ()})
    refused(life, "quality assurance", "issue_final", "i.ashdown")
    refused(life, "not been submitted", "approve_final", "q.lindqvist")
    life.do("submit_final", "i.ashdown")
    life.readiness = life.readiness.model_copy(update={"final": ReportState(frozen_document="d2")})
    refused(life, "still being made", "approve_final", "q.lindqvist")


def test_the_final_report_goes_when_everybody_of_paragraph_52_has_an_address_and_is_published_by_a_person() -> None:
    life = finalising()
    life.do("submit_final", "i.ashdown")
    life.do("approve_final", "q.lindqvist")
    life.readiness = life.readiness.model_copy(update={"missing_addresses": (Role.LEAD_MEMBER,)})
    refused(life, "Lead Member", "issue_final", "i.ashdown")
    life.readiness = life.readiness.model_copy(update={"missing_addresses": ()})
    assert not life.do("issue_final", "i.ashdown").publish
    decision = life.do("publish", "m.okafor")
    assert decision.publish
    assert [letter.kind for letter in decision.letters] == ["publication", "evaluation_request"]


def test_comments_lapse_only_when_their_time_is_over() -> None:
    life = up_to_draft_sent(up_to_fieldwork(notified()))
    refused(life, "until the end of 2010-12-21", "lapse_comments", "system")


def test_the_window_closes_only_when_it_is_over_or_was_never_opened() -> None:
    life = up_to_published(up_to_draft_sent(up_to_fieldwork(notified())))
    refused(life, "until the end of 2011-02-06", "close_window", "system")
    life = notified()
    life.accepts_mail = False
    life.do("cancel", "m.okafor", **REASON)
    refused(life.until("2011-06-01"), "has not been served", "close_window", "system")


# People -------------------------------------------------------------------------------------------------------------


def test_changes_of_people_make_sense() -> None:
    life = notified()
    refused(life, "leads this inspection already", "change_lead", "c.marsh", person="i.ashdown", **REASON)
    refused(life, "is not inspector", "change_team", "c.marsh", person="i.edgar", role="inspector", leaves=True)
    refused(life, "already", "change_team", "c.marsh", person="i.ashdown", role="inspector")
    refused(life, "always has a quality", "change_team", "c.marsh", person="q.lindqvist",
            role="quality_assurance_manager", leaves=True)  # fmt: skip
    refused(life, "role: must be dcs, link_officer", "change_contact", "c.marsh", role="auditor", person="x", **REASON)
    refused(life, "declared no connection", "decide_connection", "m.okafor", person="i.ashdown", allowed=True, **REASON)


def test_who_left_may_do_nothing_any_more_and_who_came_may() -> None:
    life = notified()
    life.do("change_contact", "c.marsh", role="link_officer", person="link.331", **REASON)
    life.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    refused(life, "taken by", "receive_documents", "link.330")
    refused(life, "taken by", "hold_set_up_meeting", "i.ashdown", **MEETING)
    life.do("receive_documents", "link.331")
    life.do("hold_set_up_meeting", "i.edgar", **MEETING)
    assert life.events[-1][1].role == "lead_inspector"
