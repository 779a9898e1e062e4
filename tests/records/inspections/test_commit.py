"""One decision, one transaction: everything or nothing, and the same again for a retry."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, RowMapping, select, text
from sqlmodel import Session

from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.messages.commit import AlreadyCommitted, Conflict
from framework.messages.orders import CommentRow, DocumentOrder, LetterOrder, TaskOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import repository, submissions
from records.inspections.commit import commit
from records.outbox import states
from records.queries import inspection_rows
from records.tables.inspections import LIMITS, TASKS
from tests.records.builders import (
    ID,
    MOMENT,
    begin,
    command,
    decision_commit,
    event,
    limit,
    record,
    reminder,
    rows,
    store,
    text_id,
)

TABLES = ("events", "letters", "documents", "tasks", "limits", "comments", "publications")


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


def _letter(engine: Engine, identifier: str) -> dict[str, Any]:
    with reading(engine) as session:
        return states.letter(session, identifier)


def _everything() -> dict[str, Any]:
    return {
        "events": [event(), event("documents_received", paragraph=30)],
        "letters": (reminder(), reminder(key="second", event=1)),
        "documents": (DocumentOrder(kind="agenda", facts={"meeting": {"day": "2010-11-09"}}),),
        "tasks": (TaskOrder(key="gate", kind="gate", facts={"why": "team"}),),
        "limits": (limit(), limit("documents", state="met", met_on=date(2010, 11, 3))),
        "comments": (CommentRow(number=1, where=text_id(2), text=text_id(1)),),
        "next_due": MOMENT + timedelta(days=1),
        "next_what": "reminder: case lists",
    }


def test_everything_a_decision_changes_is_written(records: Engine) -> None:
    begin(records)
    store(records, text_id(1), "nine posts, not eight")
    store(records, text_id(2), "12")
    answer = record(records, **_everything())
    assert (answer.first_event, answer.head, answer.calendar, len(answer.letters)) == (1, 2, "england-2026.1", 2)
    with reading(records) as session:
        row = repository.find(session, ID)
        limits, shown, tasks = _limits(session), rows(session), inspection_rows.tasks(session, ID)
    assert (row["stage"], row["head_number"], row["head_hash"]) == ("notified", 2, answer.hash)
    assert (row["next_due"], row["next_what"]) == (MOMENT + timedelta(days=1), "reminder: case lists")
    assert [(limit["key"], limit["state"], limit["met_on"]) for limit in limits] == [
        ("case_lists", "open", None),
        ("documents", "met", date(2010, 11, 3)),
    ]
    assert [letter["event_number"] for letter in shown.letters] == [1, 2]
    assert [task["key"] for task in tasks] == ["gate"]
    assert [document["kind"] for document in shown.documents] == ["agenda"]
    assert [(comment["where"], comment["text"]) for comment in shown.comments] == [("12", "nine posts, not eight")]


def test_a_retry_answers_with_the_rows_already_there_and_writes_nothing(records: Engine) -> None:
    begin(records)
    first = record(records, **_everything())
    counts = _counts(records)
    record(records, "c2", 2)
    assert record(records, **_everything()) == AlreadyCommitted(**first.model_dump(exclude={"result"}))
    assert _counts(records) == {**counts, "events": 3, "limits": 0}, "only what c2 wrote"


def test_a_head_that_moved_is_a_conflict_and_writes_nothing(records: Engine) -> None:
    begin(records)
    record(records)
    counts = _counts(records)
    with writing(records) as session:
        assert isinstance(commit(session, decision_commit("c2", 0, **_everything())), Conflict)
    assert _counts(records) == counts


def test_a_letter_without_a_recipient_undoes_the_whole_decision(records: Engine) -> None:
    begin(records)
    with records.begin() as connection:
        connection.execute(text("UPDATE people SET email = '' WHERE id = 'lscb.330'"))
    broken = {**_everything(), "letters": (reminder(), reminder(to=(Role.LSCB_CHAIR,), key="second"))}
    counts = _counts(records)
    with pytest.raises(Refused, match=r"finds nobody.*Chair of the Local Safeguarding.*no address of theirs.*para 42"):
        record(records, **broken)
    assert _counts(records) == counts
    with reading(records) as session:
        assert repository.find(session, ID)["head_number"] == 0


def test_a_letter_with_an_unknown_text_undoes_the_whole_decision(records: Engine) -> None:
    begin(records)
    counts = _counts(records)
    with pytest.raises(BadInput, match="is not among the records"):
        record(records, letters=(reminder(texts={"reason": text_id(7)}),))
    assert _counts(records) == counts


def test_a_copy_without_an_address_becomes_a_task_and_the_letter_goes(records: Engine) -> None:
    begin(records)
    with records.begin() as connection:
        connection.execute(text("UPDATE people SET active = false WHERE id = 'link.330'"))
    answer = record(records, letters=(reminder(to=(Role.DCS,), cc=(Role.LINK_OFFICER,)),))
    letter = _letter(records, answer.letters[0])
    assert (len(letter["to"]), letter["cc"]) == (1, [])
    with reading(records) as session:
        (task,) = inspection_rows.tasks(session, ID)
    assert (task["kind"], task["facts_json"]["role"], task["facts_json"]["letter"]) == (
        "address_missing",
        "link_officer",
        "reminder",
    )


def test_a_role_of_the_team_without_a_holder_lacks_no_address(records: Engine) -> None:
    begin(records)
    people = {Role.LEAD_INSPECTOR: ("i.ashdown",), Role.CQC_INSPECTOR: ()}
    record(records, people=people, letters=(reminder(to=(Role.DCS, Role.CQC_INSPECTOR)),))
    with reading(records) as session:
        assert inspection_rows.tasks(session, ID) == []


def test_a_letter_keeps_everything_a_template_sees(records: Engine) -> None:
    begin(records)
    words = store(records, text_id(1), "The team is ill.")
    cases = tuple(store(records, text_id(n), f"BHM-{n}") for n in (2, 3))
    order = LetterOrder(
        kind="deferral_refused",
        to=(Role.DCS,),
        cc=(Role.MANAGER,),
        dates={"case_lists": date(2010, 11, 5), "set_up_meeting": None},
        facts={"grounds": "other"},
        texts={"reason": words, "cases": cases},
        names={"decided_by": "m.okafor"},
    )
    answer = record(records, events=[event(paragraph=9)], letters=(order,), stage=Stage.PLANNED)
    letter = _letter(records, answer.letters[0])
    data = letter["data"]
    assert data["inspection"] == {
        "id": ID,
        "reference": "REF-1",
        "authority_code": "330",
        "authority": "Birmingham",
        "scope": "joint",
        "edition": "2010-10",
        "stage": "planned",
        "notice": "full",
        "separate": False,
    }
    assert (data["kind"], data["paragraph"], data["letter_id"]) == ("deferral_refused", 9, letter["id"])
    assert data["written_on"] == "2010-11-03"
    assert (data["dates"]["case_lists"], data["dates"]["publication"], data["dates"]["fieldwork_agreed"]) == (
        "2010-11-05",
        None,
        None,
    )
    assert data["texts"] == {"reason": "The team is ill.", "cases": ["BHM-2", "BHM-3"]}
    assert data["facts"] == {"grounds": "other", "decided_by": "Miriam Okafor"}
    assert data["people"]["dcs"]["email"] == "dcs@birmingham.example"
    assert data["people"]["dcs"]["post"] == "Director of Children's Services"
    assert data["people"]["lead_inspector"]["name"] == "Imogen Ashdown"
    assert [(recipient["role"], recipient["email"]) for recipient in data["to"]] == [("dcs", "dcs@birmingham.example")]
    assert [recipient["name"] for recipient in data["cc"]] == ["Miriam Okafor"]
    assert letter["message_id"] == f"<{letter['id']}@mail.inspectorate.example>"


def test_both_chief_executives_of_primary_care_trusts_are_written_to(records: Engine) -> None:
    begin(records)
    answer = record(records, letters=(reminder(cc=(Role.PCT_CHIEF_EXECUTIVE, Role.LINK_OFFICER)),))
    letter = _letter(records, answer.letters[0])
    assert [recipient["email"] for recipient in letter["cc"]] == ["pct@birmingham.example", "pct2@birmingham.example"]
    assert [recipient["email"] for recipient in letter["to"]] == ["link@birmingham.example"], "and nobody twice"


def test_the_inspections_own_people_come_before_the_directorys(records: Engine) -> None:
    begin(records)
    people = {Role.DCS: ("dcs.878",), Role.LEAD_INSPECTOR: ("i.bellamy",), Role.COORDINATOR: ("c.nwosu",)}
    answer = record(records, people=people, letters=(reminder(to=(Role.DCS,)),))
    letter = _letter(records, answer.letters[0])
    assert [recipient["person"] for recipient in letter["to"]] == ["dcs.878"]
    assert [recipient["person"] for recipient in letter["cc"]] == ["c.nwosu"]
    with reading(records) as session:
        row = repository.find(session, ID)
    assert (row["lead"], row["coordinator"]) == ("i.bellamy", "c.nwosu")


def test_a_letter_goes_with_the_document_of_its_decision_or_the_newest_kept(records: Engine) -> None:
    begin(records)
    agenda = DocumentOrder(kind="agenda")
    first = record(records, documents=(agenda,))
    invitation = reminder(attachments=("agenda",))
    second = record(records, "c2", first.head, letters=(invitation,))
    third = record(records, "c3", second.head, letters=(invitation,), documents=(agenda,))
    attachments = [_letter(records, commit.letters[0])["attachments"] for commit in (second, third)]
    with reading(records) as session:
        documents = [row["id"] for row in rows(session).documents]
    assert attachments == [[documents[0]], [documents[1]]]


def test_a_letter_whose_document_is_not_made_is_refused(records: Engine) -> None:
    begin(records)
    with pytest.raises(Refused, match="«final_report», which is not made"):
        record(records, letters=(reminder(attachments=("final_report",)),))


def test_identifiers_of_letters_are_the_same_in_restored_records(sqlite: Engine, postgres: Engine) -> None:
    begin(sqlite)
    begin(postgres)
    record(sqlite, "earlier", 0)
    there = record(sqlite, "c1", 1, letters=(reminder(),)).letters
    assert record(postgres, "c1", 0, letters=(reminder(),)).letters == there


def test_a_task_is_opened_once_and_closed_by_its_key(records: Engine) -> None:
    begin(records)
    task = TaskOrder(key="deferral", kind="deferral", facts={"ground": "other"})
    record(records, tasks=(task,))
    record(records, "c2", 1, tasks=(task,))
    with reading(records) as session:
        assert [task["event_number"] for task in inspection_rows.tasks(session, ID)] == [1]
    record(records, "c3", 2, tasks=(TaskOrder(key="deferral", kind="deferral", closes=True),))
    record(records, "c4", 3, tasks=(task,))
    with reading(records) as session:
        assert [task["event_number"] for task in inspection_rows.tasks(session, ID)] == [4]
        assert [task["event_number"] for task in _closed_tasks(session)] == [1]
    closes = (TaskOrder(key="deferral", kind="deferral", closes=True),)
    record(records, "c5", 4, tasks=closes, recorded=MOMENT + timedelta(days=1))
    with reading(records) as session:
        closed = [task["closed_at"] for task in _closed_tasks(session)]
    assert closed == [MOMENT, MOMENT + timedelta(days=1)], "the first one stays closed since when it was"


def test_limits_are_replaced(records: Engine) -> None:
    begin(records)
    record(records, limits=(limit(), limit("documents")))
    record(records, "c2", 1, limits=(limit("documents", state="met"),))
    with reading(records) as session:
        assert [(limit["key"], limit["state"]) for limit in _limits(session)] == [("documents", "met")]


def test_the_submission_of_a_recorded_command_is_taken(records: Engine) -> None:
    begin(records)
    with writing(records) as session:
        submissions.store(session, ID, command("c1"))
        submissions.store(session, ID, command("c2"))
    record(records, "c1")
    with reading(records) as session:
        assert [command["command_id"] for command in rows(session).waiting] == ["c2"]


def test_an_inspection_that_is_over_says_since_when(records: Engine) -> None:
    begin(records)
    record(records, stage=Stage.CANCELLED)
    record(records, "c2", 1, stage=Stage.CANCELLED, recorded=MOMENT + timedelta(days=40))
    with reading(records) as session:
        assert repository.find(session, ID)["closed_at"] == MOMENT


def test_publishing_needs_a_final_report(records: Engine) -> None:
    begin(records)
    with pytest.raises(Refused, match="final report") as refusal:
        record(records, publish=True)
    assert refusal.value.paragraph == 53


def test_an_internal_letter_that_finds_no_address_is_a_task_and_stops_nothing(records: Engine) -> None:
    begin(records)
    with records.begin() as connection:
        connection.execute(text("UPDATE people SET email = '' WHERE id = 'q.lindqvist'"))
    waiting = reminder(kind="report_waiting", to=(Role.QUALITY_ASSURANCE_MANAGER,), cc=(), facts={"report": "draft"})
    people = {Role.QUALITY_ASSURANCE_MANAGER: ("q.lindqvist",), Role.LEAD_INSPECTOR: ("i.ashdown",)}
    assert record(records, people=people, letters=(waiting,)).letters == ()
    with reading(records) as session:
        (task,) = inspection_rows.tasks(session, ID)
    assert (task["kind"], task["facts_json"]["role"]) == ("address_missing", "quality_assurance_manager")


def _limits(session: Session) -> list[RowMapping]:
    query = select(LIMITS).where(LIMITS.c.inspection_id == ID).order_by(LIMITS.c.due, LIMITS.c.key)
    return list(session.connection().execute(query).mappings())


def _closed_tasks(session: Session) -> list[RowMapping]:
    query = select(TASKS).where(TASKS.c.inspection_id == ID, TASKS.c.closed_at.is_not(None)).order_by(TASKS.c.id)
    return list(session.connection().execute(query).mappings())
