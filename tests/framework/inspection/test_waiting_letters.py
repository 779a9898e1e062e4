"""Each role is notified of what waits for it: a report for quality assurance or its author, a decision for the manager."""

from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.orders import an_order

QA, LEAD, MANAGER = Role.QUALITY_ASSURANCE_MANAGER, Role.LEAD_INSPECTOR, Role.MANAGER
COMMENTS = [{"where": "para 1", "text": "t-c"}]


def drafting() -> InMemoryInspection:
    scenario = up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until("2010-11-30")
    scenario.do("give_oral_feedback", "i.ashdown", headings="t-3")
    scenario.do("end_fieldwork", "i.ashdown", spoke_with_children=True, sought_views_of_parents=True)
    return scenario


def newest(scenario: InMemoryInspection) -> LetterOrder:
    return scenario.letters[-1][1]


def test_quality_assurance_is_notified_that_a_draft_waits_for_approval() -> None:
    scenario = drafting()
    scenario.do("submit_draft", "i.ashdown")
    letter = newest(scenario)
    assert (letter.kind, letter.to, letter.cc, letter.facts["report"]) == ("report_waiting", (QA,), (), "draft")


def test_quality_assurance_is_notified_that_a_final_report_waits_and_the_lead_that_it_came_back_with_the_reason() -> (
    None
):
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03"))).until("2010-12-20")
    scenario.do("return_comments", "dcs.330", comments=COMMENTS)
    scenario.do("submit_final", "i.ashdown")
    assert (newest(scenario).kind, newest(scenario).to, newest(scenario).facts["report"]) == (
        "report_waiting",
        (QA,),
        "final",
    )
    scenario.do("send_back_final", "q.lindqvist", reason="t-00000000-0000-0000-0000-000000000001")
    letter = newest(scenario)
    assert (letter.kind, letter.to, letter.facts["because"]) == ("report_returned", (LEAD,), "quality_assurance")
    assert str(letter.texts["reason"]).startswith("t-")


def test_the_lead_is_notified_that_comments_in_time_opened_the_submitted_report_again() -> None:
    scenario = up_to_draft_sent(up_to_fieldwork(InMemoryInspection().until("2010-11-03"))).until("2010-12-20")
    scenario.do("return_comments", "dcs.330", comments=COMMENTS)
    scenario.do("submit_final", "i.ashdown")
    scenario.do("return_comments", "dcs.330", comments=COMMENTS)
    (letter,) = scenario.letters_of("report_returned")
    assert (letter.to, letter.facts["because"], letter.event) == ((LEAD,), "comments", 1)


def test_a_new_quality_assurance_manager_is_notified_of_the_report_that_waits() -> None:
    scenario = drafting()
    scenario.do("submit_draft", "i.ashdown")
    scenario.do("change_team", "c.marsh", person="q.other", role="quality_assurance_manager")
    assert len(scenario.letters_of("report_waiting")) == 2
    scenario.do("approve_draft", "q.other")
    scenario.do("change_team", "c.marsh", person="q.lindqvist", role="quality_assurance_manager")
    assert len(scenario.letters_of("report_waiting")) == 2, "nothing waits any more"


def test_the_manager_is_notified_of_a_request_to_defer_and_not_of_one_that_the_rule_refuses() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.do("request_deferral", "dcs.330", ground="staff_absence", **REASON)
    assert scenario.letters_of("decision_waiting") == []
    scenario.do("request_deferral", "dcs.330", ground="other", **REASON)
    (letter,) = scenario.letters_of("decision_waiting")
    assert (letter.to, letter.facts["what"], letter.facts["asked_by"]) == ((MANAGER,), "deferral", "dcs")


def test_the_manager_is_notified_of_a_declared_connection_that_waits() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", connection="t-c")
    (letter,) = scenario.letters_of("decision_waiting")
    assert (letter.to, letter.names) == ((MANAGER,), {"person": "i.edgar"})


def test_the_manager_is_notified_once_that_an_override_waits_and_the_authority_of_nothing() -> None:
    scenario = InMemoryInspection(an_order(scope="safeguarding")).until("2010-11-08")
    (letter,) = [letter for _, letter in scenario.letters]
    assert (letter.kind, letter.to, letter.facts["what"]) == ("decision_waiting", (MANAGER,), "gate")
    assert "a separate inspection needs scope_ground and scope_reason" in letter.facts["gates"]


def test_a_connection_that_keeps_an_announcement_is_no_gate_and_its_person_is_named_and_not_an_identifier() -> None:
    scenario = InMemoryInspection(an_order(scope="safeguarding"))
    scenario.do("change_lead", "c.marsh", person="i.edgar", connection="t-c", **REASON)
    (letter,) = [letter for _, letter in scenario.until("2010-11-08").letters if letter.facts.get("what") == "gate"]
    assert (letter.facts["connections"], letter.names) == ({"person_1": "undecided"}, {"person_1": "i.edgar"})
    assert [gate for gate in letter.facts["gates"] if "edgar" in gate] == []
    assert len(letter.facts["gates"]) == 1


def test_what_a_person_did_is_not_sent_to_that_same_person() -> None:
    scenario = InMemoryInspection().until("2010-11-05")
    scenario.inspection.people[MANAGER] = ("c.marsh",)
    scenario.do("change_team", "c.marsh", person="i.edgar", role="inspector", connection="t-c")
    assert scenario.letters_of("decision_waiting") == []
