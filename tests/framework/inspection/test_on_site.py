"""The end of the days on site (paras 11 and 55) and the hold on publication (para 53): what was departed from has its reason."""

from typing import Any

import pytest

from framework.common.errors import Refused
from tests.framework.in_memory import InMemoryInspection, up_to_draft_sent, up_to_fieldwork
from tests.framework.ordinary_path import REASON
from tests.words import WHY

HEARD: dict[str, Any] = {"spoke_with_children": True, "sought_views_of_parents": True}


def on_site_until(day: str) -> InMemoryInspection:
    """Returns an inspection whose team came on Wednesday 17 November 2010: the tenth day on site is Tuesday the 30th."""
    return up_to_fieldwork(InMemoryInspection().until("2010-11-03")).until(day)


def give_feedback(inspection: InMemoryInspection, on: str | None = None, **fields: Any) -> None:
    inspection.do("give_oral_feedback", "i.ashdown", on, headings="t-h", **fields)


def test_an_eleventh_day_on_site_wants_a_reason() -> None:
    inspection = on_site_until("2010-12-01")
    give_feedback(inspection)
    with pytest.raises(Refused, match=r"11 working days on site are more than ten: give the reason.*para 11"):
        inspection.do("end_fieldwork", "i.ashdown", **HEARD)
    inspection.do("end_fieldwork", "i.ashdown", **HEARD, **REASON)
    assert inspection.events[-1][1].reason == WHY


def test_the_tenth_day_on_site_wants_none() -> None:
    inspection = on_site_until("2010-11-30")
    give_feedback(inspection)
    inspection.do("end_fieldwork", "i.ashdown", **HEARD)
    assert inspection.inspection.stage == "drafting"


def test_oral_feedback_on_the_first_day_is_not_at_the_end() -> None:
    inspection = on_site_until("2010-11-17")
    give_feedback(inspection)
    assert inspection.standing("oral_feedback").state == "open"
    inspection.until("2010-11-30")
    assert inspection.letters_of("reminder")[-1].facts["owed"][0]["step"] == "give_oral_feedback"
    with pytest.raises(Refused, match=r"on 2010-11-29 or 2010-11-30.*given on 2010-11-17.*para 55"):
        inspection.do("end_fieldwork", "i.ashdown", **HEARD)
    give_feedback(inspection)
    assert inspection.standing("oral_feedback").state == "met"
    inspection.do("end_fieldwork", "i.ashdown", **HEARD)
    assert inspection.standing("oral_feedback").state == "met"


@pytest.mark.parametrize(("day", "state"), [("2010-11-26", "open"), ("2010-11-29", "met"), ("2010-11-30", "met")])
def test_oral_feedback_counts_from_the_last_two_days_on_site(day: str, state: str) -> None:
    inspection = on_site_until(day)
    give_feedback(inspection)
    assert inspection.standing("oral_feedback").state == state


def test_earlier_oral_feedback_counts_with_its_reason_given_then_or_as_fieldwork_ends() -> None:
    inspection = on_site_until("2010-11-22")
    give_feedback(inspection, **REASON)
    assert inspection.standing("oral_feedback").state == "met"
    inspection.until("2010-11-30").do("end_fieldwork", "i.ashdown", **HEARD)
    later = on_site_until("2010-11-22")
    give_feedback(later)
    later.until("2010-11-30").do("end_fieldwork", "i.ashdown", **HEARD, **REASON)
    assert later.standing("oral_feedback").state == "met"


def test_where_fieldwork_ends_early_its_last_two_days_are_the_end() -> None:
    inspection = on_site_until("2010-11-24")
    give_feedback(inspection, on="2010-11-23")
    assert inspection.standing("oral_feedback").state == "open"
    inspection.do("end_fieldwork", "i.ashdown", **HEARD)
    assert inspection.standing("oral_feedback").state == "met"


def test_feedback_that_was_late_is_late_too_where_there_was_some_on_the_first_day() -> None:
    inspection = on_site_until("2010-11-17")
    give_feedback(inspection)
    give_feedback(inspection.until("2010-12-02"))
    inspection.until("2010-12-06")
    assert inspection.standing("oral_feedback").state == "met_late"
    inspection.do("end_fieldwork", "i.ashdown", **HEARD, **REASON)
    assert inspection.standing("oral_feedback").state == "met_late"


def held_back() -> InMemoryInspection:
    inspection = up_to_draft_sent(on_site_until("2010-11-17"))
    inspection.until("2010-12-20").do("return_comments", "dcs.330")
    inspection.until("2010-12-29").do("submit_final", "i.ashdown")
    inspection.do("approve_final", "q.lindqvist")
    inspection.do("issue_final", "i.ashdown")
    inspection.until("2011-01-04").do("hold_publication", "m.okafor", **REASON)
    return inspection


def test_what_the_manager_holds_back_is_not_published_until_it_is_released() -> None:
    inspection = held_back()
    with pytest.raises(Refused, match=r"held publication back on 2011-01-04.*release_publication.*para 53"):
        inspection.do("publish", "c.marsh")
    inspection.do("release_publication", "m.okafor", **REASON)
    inspection.do("publish", "c.marsh")
    assert inspection.inspection.stage == "published"
    assert inspection.kinds[-1] == "published"


def test_or_until_an_override_that_names_the_hold_and_none_from_before_it() -> None:
    inspection = held_back()
    inspection.do("override", "m.okafor", gate="publication_hold", **REASON)
    inspection.do("hold_publication", "m.okafor", **REASON)
    with pytest.raises(Refused, match="held publication back"):
        inspection.do("publish", "c.marsh")
    inspection.do("override", "m.okafor", gate="publication_hold", **REASON)
    inspection.do("publish", "c.marsh")


def test_nothing_is_released_or_overridden_that_is_not_held() -> None:
    inspection = held_back()
    inspection.do("release_publication", "m.okafor", **REASON)
    with pytest.raises(Refused, match="not held back"):
        inspection.do("release_publication", "m.okafor", **REASON)
    with pytest.raises(Refused, match="not held back"):
        inspection.do("override", "m.okafor", gate="publication_hold", **REASON)
