"""The edition of October 2010: its grades, its headings and its evaluation schedules (paras 22 to 27 and 49)."""

import pytest

from framework.common.errors import BadInput
from framework.editions import registry
from framework.editions.october_2010 import requests

OCTOBER = registry.edition("2010-10").report
HEADINGS = {heading.key: heading for heading in OCTOBER.all_headings}


@pytest.mark.parametrize(("scope", "grades"), [("safeguarding", 10), ("looked_after", 12), ("joint", 22)])
def test_para_49_so_many_headings_take_a_grade(scope: str, grades: int) -> None:
    assert len(OCTOBER.graded(scope)) == grades


def test_areas_for_improvement_and_how_good_are_outcomes_take_none() -> None:
    ungraded = [heading.title for heading in OCTOBER.headings("joint") if not heading.graded]
    outcomes = "How good are outcomes for looked after children and care leavers?"
    assert ungraded == ["Areas for improvement", "Areas for improvement", outcomes]


def test_the_report_has_safeguarding_first_and_each_half_ends_with_equality_and_diversity() -> None:
    order = [heading.half for heading in OCTOBER.headings("joint")]
    assert order == sorted(order, reverse=True)
    for half in OCTOBER.halves:
        assert OCTOBER.headings(half.key)[0].title == "Overall effectiveness"
        assert OCTOBER.headings(half.key)[-1].title == "Equality and diversity"


def test_an_out_of_scope_half_is_left_out() -> None:
    assert {heading.half for heading in OCTOBER.headings("looked_after")} == {"looked_after"}
    assert [half.title for half in OCTOBER.halves_in("safeguarding")] == ["Safeguarding"]


def test_the_schedules_of_paras_23_and_25_word_some_headings_otherwise() -> None:
    safeguarding = [heading.schedule_title for heading in OCTOBER.schedule("safeguarding")]
    looked_after = [heading.schedule_title for heading in OCTOBER.schedule("looked_after")]
    assert safeguarding[:2] == ["Overall effectiveness including areas for development", "Capacity to improve"]
    assert looked_after[-1] == "Achieving economic well-being"
    assert (len(safeguarding), len(looked_after)) == (9, 12)
    assert "Areas for improvement" not in safeguarding + looked_after


def test_keys_are_unique_and_found() -> None:
    keys = [heading.key for heading in OCTOBER.all_headings]
    assert len(keys) == len(set(keys)) == 25
    healthy = HEADINGS["looked_after.being_healthy"]
    assert (healthy.parent, healthy.name) == ("looked_after.outcomes", "being_healthy")
    assert OCTOBER.half("safeguarding").paragraph == 23


def test_a_section_has_a_title_and_any_other_words_stand_for_themselves() -> None:
    keys = ("about", "safeguarding.capacity", "page 3, second line")
    assert [OCTOBER.title_of(key) for key in keys] == ["About this inspection", "Capacity for improvement", keys[2]]
    assert OCTOBER.sections("joint")[:3] == ("about", "service", "safeguarding.overall_effectiveness")


def test_taking_into_account_differs_between_the_halves() -> None:
    assert HEADINGS["safeguarding.leadership"].taking_into_account[1] == "user engagement"
    assert HEADINGS["looked_after.leadership"].taking_into_account[1] == "partnerships"


def test_grades_are_sorted_best_first() -> None:
    assert OCTOBER.grades == ("outstanding", "good", "adequate", "inadequate")


def test_an_unknown_edition_or_scope_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no edition «2009-05» of the framework; there is 2010-10"):
        registry.edition("2009-05")
    with pytest.raises(BadInput, match="no scope «half»; choose one of joint, safeguarding, looked_after"):
        OCTOBER.headings("half")


def test_para_30_asks_for_documents_under_its_headings_as_what_they_are_there() -> None:
    requested = dict(requests.requested_documents("joint"))
    assert [len(rows) for rows in requested.values()] == [4, 4, 4, 2]
    needs = [row.need for rows in requested.values() for row in rows]
    assert needs.count(requests.ONE_OF) == 2
    assert requests.CARE not in dict(requests.requested_documents("safeguarding"))
    assert requests.SAFE not in dict(requests.requested_documents("looked_after"))


def test_paras_42_to_45_ask_for_lists_and_fields() -> None:
    assert [len(requests.requested_lists(scope)) for scope in ("joint", "safeguarding", "looked_after")] == [4, 3, 2]
    assert (len(requests.EVERY_CHILD), len(requests.PLANS), len(requests.PLACEMENTS)) == (7, 3, 13)
