"""The letters of a commit: their recipients, their content, their attachments and their identifiers."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from framework.common.errors import Refused
from framework.inspection.stages import Stage
from framework.messages.orders import DocumentOrder, LetterOrder
from framework.vocabulary.roles import Role
from records.database.connection import reading
from records.inspections import repository
from records.outbox import states
from records.queries import inspection_rows
from tests.records.builders import (
    ID,
    begin,
    event,
    record,
    reminder,
    rows,
    store,
    text_id,
)


def _letter(engine: Engine, identifier: str) -> dict[str, Any]:
    with reading(engine) as session:
        return states.letter(session, identifier)


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
