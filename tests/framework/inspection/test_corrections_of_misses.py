"""No person turns a miss of their own into a met limit by a correction, in whatever role they take the step."""

import pytest

from framework.common.errors import Refused
from framework.vocabulary.roles import Role
from tests.framework.in_memory import POSTS, InMemoryInspection, up_to_draft_sent, up_to_published
from tests.framework.inspection.correction_scenarios import correct, ended_on_30_november, lists_received_late, on_site
from tests.framework.ordinary_path import REASON


def meeting_held_late() -> InMemoryInspection:
    scenario = InMemoryInspection().until("2010-11-11")
    scenario.do("hold_set_up_meeting", "i.ashdown", attendees="t-1", decisions="t-2")
    assert scenario.standing("set_up_meeting").state == "met_late"
    return scenario


def test_the_lead_does_not_correct_a_miss_of_the_lead_to_a_met_limit_and_the_coordinator_may() -> None:
    scenario = meeting_held_late()
    with pytest.raises(Refused, match="would turn «Set-up meeting» from missed to met, which lead inspector owes"):
        correct(scenario, "set_up_meeting_held", "2010-11-09", by="i.ashdown")
    correct(
        scenario, "set_up_meeting_held", "2010-11-10", by="i.ashdown"
    )  # late by one day instead of two is no miss less
    correct(scenario, "set_up_meeting_held", "2010-11-09", by="c.marsh")
    assert scenario.standing("set_up_meeting").state == "met"


def test_nor_by_moving_the_day_that_the_limit_is_counted_from() -> None:
    scenario = ended_on_30_november().until("2010-12-16")
    scenario.do("submit_draft", "i.ashdown")
    scenario.do("approve_draft", "q.lindqvist")
    scenario.do("send_draft", "i.ashdown")
    assert scenario.standing("draft_report").state == "met_late"
    scenario.until("2010-12-17")
    for on in ("2010-12-02", "2010-12-03"):
        with pytest.raises(Refused, match="Draft report"):
            correct(scenario, "fieldwork_ended", on, by="i.ashdown")
    correct(scenario, "fieldwork_ended", "2010-12-02", by="c.marsh")
    assert (scenario.standing("draft_report").state, scenario.standing("draft_report").is_missed_for_good) == (
        "met",
        True,
    )


def test_it_is_the_person_who_counts_in_whatever_role_they_take_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = meeting_held_late()
    monkeypatch.setitem(POSTS, "i.ashdown", (Role.COORDINATOR,))
    with pytest.raises(Refused, match="another person, in another role"):
        correct(scenario, "set_up_meeting_held", "2010-11-09", by="i.ashdown")


def test_and_the_role_for_every_person_with_its_post(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = up_to_published(up_to_draft_sent(on_site()))
    monkeypatch.setitem(POSTS, "c.other", (Role.COORDINATOR,))
    late = InMemoryInspection().until("2010-11-10")
    late.do("request_deferral", "dcs.330", ground="other", **REASON)
    late.until("2010-11-15").do("refuse_deferral", "m.okafor", **REASON)
    monkeypatch.setitem(POSTS, "m.other", (Role.MANAGER,))
    for by in ("m.okafor", "m.other"):
        with pytest.raises(Refused, match="which inspection manager owes"):
            correct(late, "deferral_refused", "2010-11-12", by=by)
    correct(late, "deferral_refused", "2010-11-12", by="c.other")
    assert scenario.inspection.stage == "published"


def test_nor_does_a_person_who_led_when_it_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = meeting_held_late()
    scenario.do("change_lead", "c.marsh", person="i.edgar", **REASON)
    monkeypatch.setitem(POSTS, "i.ashdown", (Role.COORDINATOR,))
    with pytest.raises(Refused, match="Set-up meeting"):
        correct(scenario, "set_up_meeting_held", "2010-11-09", by="i.ashdown")


def test_nor_does_a_link_officer_who_has_a_post_in_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = lists_received_late()
    monkeypatch.setitem(POSTS, "link.330", (Role.COORDINATOR,))
    with pytest.raises(Refused, match="which link officer owes"):
        correct(scenario, "case_lists_received", "2010-11-05", by="link.330", proof="t-p")
