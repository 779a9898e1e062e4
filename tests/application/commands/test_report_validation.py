"""The file of a whole report is checked in full: every fault with its line and column, before anything is written."""

from collections.abc import Collection

import pytest

from application.commands.report_validation import GivenSection, read_sections
from application.files.yaml_files import YamlFile
from framework.common.errors import BadInput, FaultyFile
from tests.orders import an_order
from tests.report_file import report_file

ORDER = an_order()


def sections(text: str, written: Collection[str] = ()) -> tuple[GivenSection, ...]:
    return read_sections(YamlFile("report.yaml", text, "nothing was written"), ORDER, written)


def faults(text: str, written: Collection[str] = ()) -> tuple[str, ...]:
    with pytest.raises(FaultyFile, match="nothing was written") as raised:
        sections(text, written)
    return raised.value.faults


def test_every_fault_is_named_with_its_place() -> None:
    text = """about:
  grade: good
  text: Words.
safeguarding.ambitions:
  grade: good
safeguarding.capacity:
  grade: excellent
  text: Found.
safeguarding.areas_for_improvement:
  text: Better records.
looked_after.areas_for_improvement:
  areas:
    - when: soon
      text: Better records.
safeguarding.leadership: good
looked_after.outcomes:
  areas:
    - when: immediately
      text: Better records.
looked_after.equality:
  grade: good
  text: Found.
  equality: Seen.
  remark:
  heading: safeguarding.equality
"""
    assert faults(text) == (
        "report.yaml:2:3: about.grade: this heading takes no grade",
        "report.yaml:4:1: safeguarding.ambitions: there is no such heading in this report; nearest: safeguarding.ambition, "
        "safeguarding.capacity, safeguarding.equality",
        "report.yaml:6:1: safeguarding.capacity.equality: is missing",
        "report.yaml:7:3: safeguarding.capacity.grade: must be outstanding, good, adequate or inadequate",
        "report.yaml:9:1: safeguarding.areas_for_improvement: the heading «safeguarding.areas_for_improvement» takes no text: "
        "give areas, each with when (immediately, within_three_months, within_six_months) and text",
        "report.yaml:13:7: looked_after.areas_for_improvement.areas.0.when: must be immediately, within_three_months or within_six_months",
        "report.yaml:15:1: safeguarding.leadership: must hold fields, each as NAME: VALUE (grade, text, equality)",
        "report.yaml:16:1: looked_after.outcomes: the heading «looked_after.outcomes» takes a text, and no areas",
        "report.yaml:24:3: looked_after.equality.remark: there is no such field",
        "report.yaml:25:3: looked_after.equality.heading: there is no such field",
    )


def test_the_sections_are_in_the_order_of_the_report_whatever_the_order_of_the_file() -> None:
    first, _, rest = report_file().partition("\nservice:")
    read = [section.heading for section in sections(f"service:{rest}\n{first}\n")]
    assert len(read) == 27
    assert read[:3] == ["about", "service", "safeguarding.overall_effectiveness"]


def test_fields_that_are_left_open_count_as_left_out() -> None:
    text = "about:\n  text: |-\nsafeguarding.capacity:\n  grade:\n  text: ' '\nlooked_after.areas_for_improvement:\n  areas: []\n"
    assert sections(text) == ()
    assert sections("") == ()


def test_what_is_written_cannot_be_emptied() -> None:
    (fault,) = faults("about:\n  text:\nservice:\n", written=("about",))
    assert fault.startswith("report.yaml:1:1: about: is empty here and written in the report")


@pytest.mark.parametrize("text", ["- about\n", "words\n"])
def test_a_file_without_headings_is_wrong_input(text: str) -> None:
    with pytest.raises(BadInput, match=r"report\.yaml:1:1: must hold headings"):
        sections(text)
