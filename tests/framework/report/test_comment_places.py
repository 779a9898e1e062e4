"""The section of a comment is found from the authority's words, unless they may mean several sections."""

import pytest

from framework.editions.registry import edition
from framework.report.comment_places import sections_named
from tests.framework.report.frozen_reports import OUTLINE, a_report

REPORT = a_report()
"""Its paragraphs: 1 about, 2 service, 3 overall effectiveness, 4 capacity, 5 areas, 6 ambition, 7 leadership ..."""
JOINT = edition("2010-10").report.outline("joint")


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("3", "overall_effectiveness"),
        ("paragraph 4", "capacity"),
        ("Para. 6, second line", "ambition"),
        ("paras 6 and 7", "ambition leadership"),
        ("paragraphs 6-7", "ambition leadership"),
        ("Leadership, paragraph 6", "ambition"),
        ("Ambition and prioritisation", "ambition"),
        ("ambition and prioritisation (Safeguarding)", "ambition"),
        ("safeguarding.ambition", "ambition"),
        ("The section on ambition and prioritisation", "ambition"),
        ("Safeguarding outcomes", "outcomes"),
        ("Performance management", "performance_management"),
        ("paragraph 400", ""),
        ("page 4", ""),
        ("Summary", ""),
        ("the whole of it", ""),
        ("Ambition and prioritisation; Partnership working", ""),
        ("paragraph 1 to 99999999", "about service overall_effectiveness capacity areas_for_improvement ambition leadership performance_management partnership_working health_agencies quality_of_provision outcomes equality"),
    ],
)  # fmt: skip
def test_where_names_a_section_by_number_or_title(where: str, names: str) -> None:
    keys = sections_named(where, REPORT, OUTLINE)
    assert [key.removeprefix("safeguarding.") for key in keys] == names.split()


def test_the_opening_sections_are_found_by_their_titles() -> None:
    assert sections_named("About this inspection", REPORT, OUTLINE) == ("about",)


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("Capacity for improvement", None),
        ("Capacity for improvement, looked after children", "looked_after.capacity"),
        ("Safeguarding: capacity for improvement", "safeguarding.capacity"),
        ("Equality and diversity (Services for looked after children)", "looked_after.equality"),
        ("Staying safe", "looked_after.staying_safe"),
        ("Economic well-being", "looked_after.economic_well_being"),
    ],
)
def test_titles_that_both_halves_have_need_the_half(where: str, key: str | None) -> None:
    assert sections_named(where, REPORT, JOINT) == ((key,) if key else ())
