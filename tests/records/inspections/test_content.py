"""Grades, sections and answers, each with its event; and what the records then say is ready."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from framework.common.errors import BadInput, Refused
from framework.editions.registry import edition
from framework.inspection.stages import Stage
from framework.messages.orders import CommentRow, DocumentOrder
from framework.messages.record_state import RecordState, RecordStateQuery
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import content, repository, submissions
from records.inspections.readiness import record_state
from records.log.read import history
from records.outbox import states
from tests.records.builders import ID, MOMENT, begin, command, event, record, rows, store, text_id
from tests.words import WHY

ALL = edition("2010-10").report.all_headings


def at(engine: Engine, stage: Stage, **changes: Any) -> None:
    """Puts the inspection at a stage, as a decision would."""
    with reading(engine) as session:
        head = repository.find(session, ID)["head_number"]
    record(engine, f"at-{stage}", head, events=[event("noted")], stage=stage, **changes)


def write(engine: Engine, identifier: str, step: str, fields: dict[str, Any], by: str = "i.ashdown") -> int:
    with reading(engine) as session:
        inspection = repository.state(session, ID)
    with writing(engine) as session:
        request = command(identifier, step, by, fields=fields)
        return content.write(session, inspection, request, MOMENT)


def grade(engine: Engine, heading: str, value: str, identifier: str = "") -> int:
    words = store(engine, text_id(10_000 + hash_of(heading + value)), f"{heading} is {value}")
    fields = {"heading": heading, "grade": value, "text": words, "equality": words}
    return write(engine, identifier or f"{heading}-{value}", "grade", fields)


def section(engine: Engine, heading: str) -> int:
    words = store(engine, text_id(20_000 + hash_of(heading)), f"on {heading}")
    areas = [{"when": "within_six_months", "text": words}, {"when": "immediately", "text": words}]
    content: dict[str, Any] = {"areas": areas} if heading.endswith("areas_for_improvement") else {"text": words}
    return write(engine, heading, "write_section", {"heading": heading, **content})


def comment(engine: Engine, number: int, where: str, *, late: bool = False) -> CommentRow:
    words = store(engine, text_id(30_000 + number), f"comment {number}")
    location = store(engine, text_id(50_000 + number), where)
    return CommentRow(number=number, where=location, text=words, late=late)


def answer(engine: Engine, number: int, *, accepted: bool, sections: tuple[str, ...] = ()) -> int:
    reason = store(engine, text_id(40_000 + number), f"because of {number}")
    fields = {"number": number, "accepted": accepted, "reason": reason, "sections": list(sections)}
    return write(engine, f"answer-{number}", "answer_comment", fields)


def wait_for_comments(engine: Engine, *comments: CommentRow) -> None:
    at(engine, Stage.FINALISING, comments=comments)


def hash_of(words: str) -> int:
    return sum(ord(letter) * (index + 1) for index, letter in enumerate(words)) % 9_000


def ready(engine: Engine, calendar: str = "england-2026.1", **question: Any) -> RecordState:
    with reading(engine) as session:
        return record_state(session, RecordStateQuery(inspection=ID, calendar=calendar, **question))


def test_a_grade_is_written_with_its_event_and_what_stood_before(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING)
    grade(records, "safeguarding.capacity", "good")
    number = grade(records, "safeguarding.capacity", "adequate")
    with reading(records) as session:
        first, second = history(session, ID)[1:]
        (row,) = rows(session).sections
    assert (second.number, second.event.kind, second.event.paragraph) == (number, "heading_graded", 27)
    assert (second.event.by, second.event.role) == ("i.ashdown", Role.LEAD_INSPECTOR)
    assert second.event.data["before"] == {
        "grade": "good",
        "text": first.event.data["text"],
        "equality": first.event.data["equality"],
    }
    assert set(second.event.data["commitments"]) == {first.event.data["text"], second.event.data["text"]}
    assert (row["grade"], row["event_number"], row["person"]) == ("adequate", number, "i.ashdown")


def test_the_same_content_again_is_one_event_even_when_the_stage_has_moved_on(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING)
    number = grade(records, "safeguarding.capacity", "good")
    at(records, Stage.FACTUAL_CHECK)
    assert grade(records, "safeguarding.capacity", "good") == number


def test_content_is_refused_at_another_stage_and_nothing_is_written(records: Engine) -> None:
    begin(records)
    at(records, Stage.FACTUAL_CHECK)
    with pytest.raises(Refused, match="fieldwork, drafting, finalising; SLAC-2010-001 is at factual_check") as refusal:
        grade(records, "safeguarding.capacity", "good")
    assert refusal.value.paragraph == 27
    with reading(records) as session:
        assert len(history(session, ID)) == 1
        assert rows(session).sections == []


def test_a_step_that_is_no_content_is_not_written(records: Engine) -> None:
    begin(records)
    with pytest.raises(BadInput, match="notify is no step that writes content"):
        write(records, "c1", "notify", {})


def test_an_answer_to_a_comment_that_is_not_there_is_refused(records: Engine) -> None:
    begin(records)
    wait_for_comments(records)
    with pytest.raises(BadInput, match="no comment 3"):
        answer(records, 3, accepted=True)


def test_what_is_missing_in_a_report_goes_by_the_scope_in_the_order_of_paragraph_49(records: Engine) -> None:
    begin(records, scope="safeguarding", scope_reason=WHY, scope_ground="serious_concerns")
    keys = [heading.key for heading in edition("2010-10").report.headings("safeguarding")]
    assert ready(records).draft.missing == ("about", "service", *keys)
    at(records, Stage.DRAFTING)
    grade(records, "safeguarding.capacity", "good")
    section(records, "safeguarding.areas_for_improvement")
    section(records, "about")
    rest = [key for key in keys if key not in ("safeguarding.capacity", "safeguarding.areas_for_improvement")]
    assert ready(records).draft.missing == ("service", *rest)


def test_a_complete_report_misses_nothing_and_is_frozen_as_it_was(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING)
    for heading in ALL:
        if heading.graded:
            grade(records, heading.key, "good")
        else:
            section(records, heading.key)
    section(records, "about")
    section(records, "service")
    now = ready(records)
    assert (now.draft.missing, now.final.missing, now.draft.frozen_document) == ((), (), None)
    submitted = event("draft_submitted", by="i.ashdown", role=Role.LEAD_INSPECTOR)
    draft = (DocumentOrder(kind="draft_report", state="draft"),)
    record(records, "submit", now.head, events=[submitted], stage=Stage.DRAFTING, documents=draft)
    with pytest.raises(Refused, match=r"quality assurance sends it back first \(send_back_draft\)"):
        grade(records, "safeguarding.capacity", "adequate")
    state = ready(records).draft
    assert (state.rendered_sha256, state.author) == (None, "i.ashdown")
    assert state.frozen_document is not None
    with reading(records) as session:
        document = states.document(session, state.frozen_document)
    report = document["data"]["report"]
    assert document["data"]["document"]["state"] == "draft"
    assert [heading["key"] for half in report["halves"] for heading in half["headings"]] == [
        heading.key for heading in ALL
    ]
    capacity = report["halves"][0]["headings"][1]
    assert (capacity["grade"], capacity["text"]) == ("good", "safeguarding.capacity is good")
    assert (report["about"], report["service"]) == ("on about", "on service")


def test_the_newest_frozen_report_counts_with_the_hash_of_what_was_made(records: Engine) -> None:
    begin(records)
    documents = (DocumentOrder(kind="final_report", state="final"),)
    record(records, documents=documents)
    record(records, "c2", 1, documents=documents)
    state = ready(records).final
    with writing(records) as session:
        assert state.frozen_document == states.waiting(session, ID).documents[1]
        states.mark_rendered(
            session,
            state.frozen_document,
            moment=MOMENT,
            template_version="v",
            html_path="",
            html_sha256="",
            pdf_path="a",
            pdf_sha256="abc",
        )
    now = ready(records)
    assert (now.final.rendered_sha256, now.final.frozen_document) == ("abc", state.frozen_document)
    assert now.draft.frozen_document is None
    assert now.head == 3


def test_comments_wait_for_answers_and_late_ones_only_when_they_are_used(records: Engine) -> None:
    begin(records)
    wait_for_comments(
        records, comment(records, 1, "12"), comment(records, 2, "13"), comment(records, 3, "14", late=True)
    )
    assert (ready(records).unanswered_comments, ready(records).comments_given) == ((1, 2), 3)
    answer(records, 1, accepted=True)
    assert ready(records).unanswered_comments == (2,)
    decided = event("late_comments_decided", data={"use": True})
    record(records, "late", ready(records).head, events=[decided], stage=Stage.FINALISING)
    assert ready(records).unanswered_comments == (2, 3)


def test_late_comments_that_are_not_used_stand_in_the_table_with_the_reason_of_the_decision(records: Engine) -> None:
    begin(records)
    wait_for_comments(records, comment(records, 1, "12"), comment(records, 2, "14", late=True))
    answer(records, 1, accepted=False)
    decided = event("late_comments_decided", data={"use": False}, reason=store(records, text_id(7), "it is too late"))
    record(records, "late", ready(records).head, events=[decided], documents=(DocumentOrder(kind="comments_table"),))
    assert ready(records).unanswered_comments == ()
    with reading(records) as session:
        (document,) = states.waiting(session, ID).documents
        first, second = states.document(session, document)["data"]["facts"]["comments"]
    plain: dict[str, object] = {"heading": None, "sections": []}
    assert first == plain | {
        "number": 1,
        "where": "12",
        "text": "comment 1",
        "late": False,
        "accepted": False,
        "reason": "because of 1",
    }
    assert second == plain | {
        "number": 2,
        "where": "14",
        "text": "comment 2",
        "late": True,
        "accepted": None,
        "reason": "it is too late",
    }


def test_roles_of_paragraphs_50_and_52_without_an_address_are_named(records: Engine) -> None:
    begin(records)
    assert ready(records).missing_addresses == ()
    with records.begin() as connection:
        connection.execute(
            text("UPDATE people SET email = '' WHERE id IN ('dcs.330', 'member.330', 'pct.330', 'link.330')")
        )
    assert ready(records).missing_addresses == (Role.DCS, Role.LEAD_MEMBER), "one of two trusts has an address"
    with records.begin() as connection:
        connection.execute(text("UPDATE people SET active = false WHERE id = 'pct2.330'"))
    assert ready(records).missing_addresses == (Role.DCS, Role.PCT_CHIEF_EXECUTIVE, Role.LEAD_MEMBER)


def test_commands_stored_and_not_taken_wait_in_the_order_of_receipt(records: Engine) -> None:
    begin(records)
    with writing(records) as session:
        for identifier in ("b", "a", "c"):
            submissions.store(session, ID, command(identifier))
        submissions.mark_refused(session, ID, "c")
    assert [waiting.id for waiting in ready(records).pending_commands] == ["a", "b"]
    assert ready(records).pending_commands[0] == command("a")


def test_the_calendar_comes_along_only_for_who_knows_another(records: Engine) -> None:
    begin(records)
    assert ready(records).calendar_data is None
    other = ready(records, calendar="older")
    assert other.calendar == "england-2026.1"
    assert other.calendar_data is not None
    assert len(other.calendar_data.holidays) > 160


def test_an_unknown_inspection_is_named(records: Engine) -> None:
    with pytest.raises(BadInput, match="no inspection"):
        ready(records)


def test_a_grade_allowed_a_moment_before_the_draft_was_submitted_is_refused_under_the_lock(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING)
    with reading(records) as session:
        allowed = repository.state(session, ID)
    record(records, "submit", ready(records).head, events=[event("draft_submitted")], stage=Stage.DRAFTING)
    words = store(records, text_id(1), "too late")
    fields = {"heading": "safeguarding.capacity", "grade": "good", "text": words, "equality": words}
    with writing(records) as session, pytest.raises(Refused, match="send_back_draft") as refusal:
        content.write(session, allowed, command("c9", "grade", "i.ashdown", fields=fields), MOMENT)
    assert refusal.value.paragraph == 61
    with reading(records) as session:
        assert rows(session).sections == []
