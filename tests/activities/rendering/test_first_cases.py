"""The letter and the document that ask for audits of the first cases (para 41)."""

from typing import Any

from activities.rendering.templates import render_document, render_letter
from tests.activities.letter_data import document_data, letter_data

BEFORE: dict[str, Any] = {"safeguarding_before": ["S-1", "S-2"], "looked_after_before": ["L-1"]}


def letter_of(facts: dict[str, Any] | None = None, dates: dict[str, Any] | None = None, **texts: list[str]) -> str:
    data = letter_data("first_cases", facts=facts or {}, texts=texts, dates=dates or {})
    return " ".join(render_letter("first_cases", data).text.split())


def test_the_letter_and_its_list_say_which_cases_are_of_which_half() -> None:
    text = letter_of(safeguarding=["S-1", "S-2"], looked_after=["L-1"])
    safeguarding, looked_after = text.index("SAFEGUARDING"), text.index("LOOKED AFTER CHILDREN")
    assert safeguarding < text.index("S-1") < text.index("S-2") < looked_after < text.index("L-1")
    texts = {"safeguarding": ["S-1", "S-2"], "looked_after": ["L-1"]}
    page = render_document("first_cases_list", document_data("first_cases_list", texts=texts)).html
    halves = page.index("<caption>Safeguarding</caption>"), page.index("<caption>Looked after children</caption>")
    assert halves[0] < page.index("S-2") < halves[1] < page.index("L-1")


def test_a_second_list_says_that_it_replaces_the_first_and_what_changed() -> None:
    facts = {"replaces": "2010-11-08"}
    text = letter_of(facts, safeguarding=["S-2", "S-9", "S-10"], looked_after=["L-1"], **BEFORE)
    assert "This list of four cases replaces the one we sent you on Monday 8 November 2010" in text
    assert "Safeguarding, new: S-9 and S-10" in text
    assert "Safeguarding, no longer asked for: S-1" in text
    assert "Looked after children: the same cases as before" in text
    data = document_data("first_cases_list", facts=facts)
    assert "replaces the one of Monday 8 November 2010" in render_document("first_cases_list", data).html


def test_a_case_that_changes_its_half_is_named_in_both() -> None:
    text = letter_of({"replaces": "2010-11-08"}, safeguarding=["S-1"], looked_after=["L-1", "S-2"], **BEFORE)
    assert "Safeguarding, no longer asked for: S-2" in text
    assert "Looked after children, new: S-2" in text


def test_a_first_list_replaces_nothing() -> None:
    assert "replace" not in letter_of()


def test_once_fieldwork_has_begun_the_letter_names_no_day_that_is_over_and_no_choice_to_come() -> None:
    text = letter_of(dates={"case_audits": "2010-11-01", "fieldwork_began": "2010-11-01"})
    assert "as soon as you can: they were due by Monday 1 November 2010" in text
    assert "as fieldwork begins" not in text
    assert "as fieldwork begins" in letter_of()
