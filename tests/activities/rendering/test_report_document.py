"""The report as a document: dates, grades in words, areas for improvement by urgency, and notes that begin no page."""

import io
import re
from typing import Any

import pypdf
import pytest

from activities.rendering.templates import html_to_pdf, render_document, template_version
from framework.editions.registry import edition
from tests.activities.letter_data import EQUALITY, document_data, report
from tests.activities.rendering.reading import words_of


def page(kind: str = "final_report", **changes: Any) -> str:
    return words_of(render_document(kind, document_data(kind, **changes)).html)


def test_the_title_page_names_the_day_of_issue_it_was_assured_with_and_the_last_day_of_publication() -> None:
    words = page(facts={"issue_on": "2010-12-22"})
    assert "Date of issue Wednesday 22 December 2010" in words
    assert "Date of publication due by Wednesday 5 January 2011" in words
    assert "Date of issue due by Friday 24 December 2010" in page()


def test_a_draft_promises_no_day_that_its_sending_may_move() -> None:
    words = page("draft_report")
    assert "Date of issue" not in words
    assert "17 December 2010" not in words, "comments are due five working days after the draft was sent, not was due"
    assert "The letter with it says by which day" in words


def test_each_grade_is_explained_in_words() -> None:
    words = page()
    for meaning in edition("2010-10").report.grade_meanings.values():
        assert meaning in words
    assert list(edition("2010-10").report.grade_meanings) == list(edition("2010-10").report.grades)


def test_areas_for_improvement_are_sorted_by_when() -> None:
    html = render_document("final_report", document_data("final_report")).html
    start = html.index('id="safeguarding.areas_for_improvement"')
    items = re.findall(r"<h4>([^<]+)</h4>|</span>([^<]+)</p>", html[start : html.index("<h3", start + 9)])
    assert [title or text for title, text in items] == [
        "Immediately",
        "Review every case that waits for an assessment.",
        "See every child who has gone missing twice.",
        "Within six months",
        "Bring all assessments to the quality of the best.",
    ]


def test_paragraphs_are_numbered_without_a_gap_from_the_first_page_to_the_last() -> None:
    html = render_document("final_report", document_data("final_report")).html
    numbers = [int(number) for number in re.findall(r'<span class="number">(\d+)</span>', html)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 80


@pytest.mark.parametrize("words", range(105, 330, 50))
def test_no_page_begins_with_an_equality_note(words: int) -> None:
    text = " ".join(["Managers know the cases of their teams well."] * (words // 8))
    data = document_data("final_report", report=report("safeguarding", text))
    pages = pypdf.PdfReader(io.BytesIO(html_to_pdf(render_document("final_report", data).html))).pages
    body = [" ".join(sheet.extract_text().split()) for sheet in pages[3:-1]]
    assert len(body) > 2
    for words_of_page in body:
        start = rf"(Equality and diversity )?\d+ {re.escape(EQUALITY[:20])}"
        assert not re.match(start, words_of_page), words_of_page[:200]


def test_the_meanings_of_grades_are_part_of_the_version_of_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    before = template_version("documents/final_report")
    template_version.cache_clear()
    monkeypatch.setattr("activities.rendering.templates.GRADE_MEANINGS", {"good": "otherwise"})
    assert template_version("documents/final_report") != before
    template_version.cache_clear()
