"""Comparison of two frozen reports: grades, sections, words."""

import time

from hypothesis import given
from hypothesis.strategies import lists, sampled_from

from framework.report.change_words import after_comments, change_summary
from framework.report.changes import changed_sections
from tests.framework.report.frozen_reports import OUTLINE, a_report

OPENING = OUTLINE.opening


def test_a_grade_that_fell_is_a_change_though_no_word_differs() -> None:
    (change,) = changed_sections(a_report(), a_report(capacity={"grade": "inadequate"}), OPENING)
    assert (change.heading, change.grade_was, change.grade_now) == ("safeguarding.capacity", "good", "inadequate")
    assert (change.words_out, change.words_in, change.passages) == (0, 0, ())


def test_equal_reports_have_no_change_whatever_their_line_breaks() -> None:
    text = "A team of eight\nposts.\n\n- one\n- two"
    assert changed_sections(a_report(), a_report(), OPENING) == ()
    same = {"text": "A team of eight posts.\n\n\n- one\n- two"}
    assert changed_sections(a_report(outcomes={"text": text}), a_report(outcomes=same), OPENING) == ()


def test_a_changed_word_is_shown_with_the_words_around_it() -> None:
    was = "Children are seen. The team for missing children was set up in June, and it works well with the police."
    now = was.replace("June", "April")
    (change,) = changed_sections(a_report(outcomes={"text": was}), a_report(outcomes={"text": now}), OPENING)
    (passage,) = change.passages
    assert passage.was == "… was set up in June, and it works well …"
    assert passage.now == "… was set up in April, and it works well …"
    assert (change.words_out, change.words_in) == (1, 1)


def test_sections_are_in_the_order_of_the_report_and_equality_notes_count() -> None:
    later = a_report(equality={"equality": "Said now."}, about="About something else.")
    changes = changed_sections(a_report(), later, OPENING)
    assert [change.heading for change in changes] == ["about", "safeguarding.equality"]
    assert changes[1].passages[0].was == ""


def test_a_paragraph_made_into_two_is_a_change_of_no_words() -> None:
    joined, apart = {"text": "One thing. Another thing."}, {"text": "One thing.\n\nAnother thing."}
    (change,) = changed_sections(a_report(outcomes=joined), a_report(outcomes=apart), OPENING)
    assert (change.words_out, change.words_in, change.passages) == (0, 0, ())
    assert change_summary({"grade_was": "good", "grade_now": "good", "words_out": 0, "words_in": 0}) == (
        "the same words in other paragraphs"
    )


WORDS = lists(sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=30)


@given(was=WORDS, now=WORDS)
def test_removed_and_inserted_words_turn_one_text_into_the_other(was: list[str], now: list[str]) -> None:
    before, after = (a_report(outcomes={"text": " ".join(words)}) for words in (was, now))
    changes = changed_sections(before, after, OPENING)
    assert bool(changes) == (was != now)
    for change in changes:
        assert len(was) - change.words_out + change.words_in == len(now)
        assert bool(change.passages) == bool(change.words_out or change.words_in)


def test_two_long_texts_without_a_word_in_common_are_compared_within_a_second() -> None:
    before, after = (
        a_report(outcomes={"text": " ".join(f"{letter}{number % 50}" for number in range(9_000))}) for letter in "ab"
    )
    began = time.perf_counter()
    (change,) = changed_sections(before, after, OPENING)
    assert time.perf_counter() - began < 1
    assert (change.words_out, change.words_in) == (9_000, 9_000)


def test_a_change_in_words() -> None:
    change = {"grade_was": "good", "grade_now": "inadequate", "words_out": 1, "words_in": 4}
    assert change_summary(change) == "grade from good to inadequate; 1 word taken out, 4 put in"
    assert change_summary({**change, "grade_now": "good", "words_out": 0}) == "4 words put in"
    assert change_summary({**change, "grade_now": "good", "words_in": 0}) == "1 word taken out"
    assert (after_comments([2]), after_comments([1, 3, 4])) == ("after comment 2", "after comments 1, 3 and 4")


def test_the_equality_note_and_the_text_are_compared_separately() -> None:
    before, after = ({"text": f"{word} text.", "equality": f"{word} note."} for word in ("Old", "New"))
    (change,) = changed_sections(a_report(outcomes=before), a_report(outcomes=after), OPENING)
    assert [(passage.was, passage.now) for passage in change.passages] == [
        ("Old text.", "New text."),
        ("Old note.", "New note."),
    ]
