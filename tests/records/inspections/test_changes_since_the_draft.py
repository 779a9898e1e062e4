"""What changed from the draft as sent is worked out from what was frozen, and the lead's words stand until it changes again."""

from typing import Any

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput
from framework.inspection.stages import Stage
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading
from records.inspections import repository
from records.outbox import states
from records.queries.report_changes import report_changes
from tests.records.builders import ID, begin, event, record, rows, store, text_id
from tests.records.inspections.test_content import answer, at, comment, grade, ready, wait_for_comments, write

CAPACITY, AMBITION = "safeguarding.capacity", "safeguarding.ambition"


def draft_sent(engine: Engine, *comments: Any) -> None:
    """A draft with two grades went out, and came back with these comments."""
    begin(engine)
    at(engine, Stage.DRAFTING)
    for heading in (CAPACITY, AMBITION):
        grade(engine, heading, "good")
    draft = (DocumentOrder(kind="draft_report", state="draft"),)
    record(engine, "draft", ready(engine).head, stage=Stage.DRAFTING, documents=draft)
    wait_for_comments(engine, *comments)


def explain(engine: Engine, command: str, **subject: Any) -> int:
    reason = store(engine, text_id(60_000 + int(command)), f"word {command}")
    return write(engine, f"word-{command}", "explain_change", {**subject, "reason": reason})


def unexplained(engine: Engine) -> tuple[tuple[str, ...], tuple[int, ...]]:
    state = ready(engine)
    return state.unexplained_changes, state.unexplained_comments


def submit_final(engine: Engine) -> int:
    documents = (DocumentOrder(kind="final_report", state="final"), DocumentOrder(kind="comments_table"))
    return record(engine, "final", ready(engine).head, events=[event("final_submitted")], stage=Stage.FINALISING,
                  documents=documents).head  # fmt: skip


def test_nothing_has_changed_while_the_report_is_as_the_draft_was(records: Engine) -> None:
    draft_sent(records, comment(records, 1, "paragraph 1"))
    answer(records, 1, accepted=False)
    assert unexplained(records) == ((), ())


def test_a_changed_grade_needs_a_word_which_falls_when_the_grade_changes_again(records: Engine) -> None:
    draft_sent(records)
    grade(records, CAPACITY, "inadequate")
    assert unexplained(records) == ((CAPACITY,), ())
    number = explain(records, "1", heading=CAPACITY)
    assert unexplained(records) == ((), ())
    grade(records, CAPACITY, "adequate")
    assert unexplained(records) == ((CAPACITY,), ())
    explain(records, "2", heading=CAPACITY)
    with reading(records) as session:
        (section,) = [section for section in rows(session).sections if section["heading"] == CAPACITY]
    assert section["event_number"] > number
    grade(records, CAPACITY, "good", "as-in-the-draft")
    assert unexplained(records) == ((), ()), "it says what the draft said"


def test_an_accepted_comment_without_a_change_needs_a_word_which_falls_when_it_is_answered_again(
    records: Engine,
) -> None:
    draft_sent(records, comment(records, 1, "Capacity for improvement (Safeguarding)"))
    answer(records, 1, accepted=True)
    assert unexplained(records) == ((), (1,))
    explain(records, "1", comment=1)
    assert unexplained(records) == ((), ())
    reason = store(records, text_id(70_000), "on second thoughts")
    again = {"number": 1, "accepted": True, "reason": reason, "sections": [AMBITION]}
    write(records, "answer-again", "answer_comment", again)
    assert unexplained(records) == ((), (1,))
    grade(records, AMBITION, "adequate")
    assert unexplained(records) == ((), ())


def test_a_word_on_a_comment_that_is_not_there_is_refused(records: Engine) -> None:
    draft_sent(records)
    with pytest.raises(BadInput, match="no comment 7"):
        explain(records, "1", comment=7)


def test_table_letter_and_screen_show_the_grade_that_fell_from_good_to_inadequate(records: Engine) -> None:
    draft_sent(records, comment(records, 1, AMBITION), comment(records, 2, "page 9"))
    grade(records, CAPACITY, "inadequate")
    explain(records, "1", heading=CAPACITY)
    grade(records, AMBITION, "good", "reworded")
    ambition = store(records, text_id(61_000), "ambition put otherwise")
    write(records, "reword", "grade", {"heading": AMBITION, "grade": "good", "text": ambition, "equality": ambition})
    answer(records, 1, accepted=True)
    answer(records, 2, accepted=True)
    explain(records, "2", comment=2)
    with reading(records) as session:
        live = report_changes(session, repository.find(session, ID), _finalising(session), now=True)
    head = submit_final(records)
    with reading(records) as session:
        shown = report_changes(session, repository.find(session, ID), repository.state(session, ID), now=False)
    letter = LetterOrder(kind="final_report", to=(Role.DCS,), attachments=("final_report", "comments_table"))
    issued = record(records, "issue", head, events=[event("final_issued")], letters=(letter,))
    with reading(records) as session:
        facts = states.letter(session, issued.letters[0])["data"]["facts"]
    assert {"heading": CAPACITY, "grade": "inadequate"} in facts["judgements"]
    capacity, second = facts["changes"]
    assert (capacity["heading"], capacity["grade_was"], capacity["grade_now"]) == (CAPACITY, "good", "inadequate")
    assert (capacity["comments"], capacity["word"]) == ([], "word 1")
    assert (second["heading"], second["comments"], second["word"]) == (AMBITION, [1], None)
    assert facts["unchanged"] == [{"number": 2, "titles": [], "word": "word 2"}]
    assert shown == live == {name: facts[name] for name in ("changes", "unchanged")}


def _finalising(session: Any) -> Any:
    """The state as a screen has it while the final report is written; builders move the stage without its events."""
    state = repository.state(session, ID)
    state.stage = Stage.FINALISING
    return state


def test_before_the_draft_went_there_is_nothing_to_compare(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING)
    grade(records, CAPACITY, "good")
    assert unexplained(records) == ((), ())
    with reading(records) as session:
        nothing = report_changes(session, repository.find(session, ID), repository.state(session, ID), now=True)
    assert nothing == {"changes": [], "unchanged": []}
