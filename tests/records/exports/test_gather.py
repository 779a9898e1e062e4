"""The content of an export, gather_export on both databases."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from framework.common.errors import BadInput, CheckFailed
from framework.vocabulary.roles import Role
from records.audit import checkpoints
from records.audit.signing import signer
from records.calendars import versions
from records.database.connection import reading, writing
from records.exports.format import Gathered, Personal
from records.exports.gather import gather
from records.log.append import append
from records.log.texts import secret_name
from records.outbox.states import mark_accepted, mark_failed, mark_sending
from tests.records.builders import ID, MOMENT, begin, event, record, reminder, store, text_id


def gather_export(engine: Engine, data: Path, personal: Personal = Personal.INCLUDE) -> Gathered:
    with reading(engine) as session:
        return gather(session, data, ID, personal)


def rows(gathered: Gathered, member: str) -> list[dict[str, Any]]:
    content = gathered.members[member]
    assert isinstance(content, bytes)
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture
def filled_records(records: Engine) -> Engine:
    """Records of an inspection with two events, a text and a letter that failed."""
    begin(records)
    store(records, text_id(1), "Nobody answered.")
    letter = record(records, events=[event(reason=text_id(1))], letters=(reminder(),)).letters[0]
    with writing(records) as session:
        mark_sending(session, letter, MOMENT)
        mark_failed(session, letter, "550 no mailbox link@birmingham.example", MOMENT)
    return records


def test_the_error_of_a_failed_letter_is_there_only_where_addresses_are_included(
    filled_records: Engine, tmp_path: Path
) -> None:
    full, spare = gather_export(filled_records, tmp_path), gather_export(filled_records, tmp_path, Personal.LEAVE_OUT)
    assert "no mailbox" in rows(full, "letters.jsonl")[0]["error"]
    assert "no mailbox" in json.dumps(rows(full, "tasks.jsonl"))
    everything = b"".join(member for member in spare.members.values() if isinstance(member, bytes))
    assert not [word for word in (b"no mailbox", b"birmingham.example", b"Nobody answered") if word in everything]
    assert rows(spare, "letters.jsonl")[0]["to_json"] == [{"person": "link.330", "role": "link_officer"}]


def test_copies_that_were_refused_are_named_by_identifier_where_addresses_are_left_out(
    records: Engine, tmp_path: Path
) -> None:
    begin(records)
    letter = record(records, letters=(reminder(cc=(Role.COORDINATOR,)),)).letters[0]
    with writing(records) as session:
        mark_sending(session, letter, MOMENT)
        mark_accepted(session, letter, MOMENT, refused={"c.marsh@inspectorate.example": "550 no"})
    (row,) = rows(gather_export(records, tmp_path, Personal.LEAVE_OUT), "letters.jsonl")
    assert (row["refused_json"], row["data_json"], row["left_out"]) == (["c.marsh"], None, True)


def test_every_text_is_there_with_its_commitment(filled_records: Engine, tmp_path: Path) -> None:
    whole = gather_export(filled_records, tmp_path)
    texts = [row for row in rows(whole, "texts.jsonl") if row["id"] != secret_name(ID)]  # which has no words
    assert {row["body"] for row in texts} == {"Nobody answered.", "550 no mailbox link@birmingham.example"}
    committed = [event_row["data"].get("commitments", {}) for event_row in rows(whole, "events.jsonl")]
    assert all(row["commitment"] in [commitments.get(row["id"]) for commitments in committed] for row in texts)


def test_the_calendars_in_force_while_it_was_open_are_there_and_no_others(
    filled_records: Engine, tmp_path: Path
) -> None:
    def make(days: int) -> str:
        with writing(filled_records) as session:
            moment = MOMENT + timedelta(days=days)
            return versions.add_version(
                session, {date(2011, 4, 29): "A wedding"}, moment, "c.marsh", "Proclaimed."
            ).version

    before, during = make(-5), make(5)
    calendars = rows(gather_export(filled_records, tmp_path), "calendars.jsonl")
    assert [calendar["version"] for calendar in calendars] == [before, during]
    assert calendars[1]["holidays"] == {"2011-04-29": "A wedding"}
    assert rows(gather_export(filled_records, tmp_path, Personal.LEAVE_OUT), "calendars.jsonl")[1]["reason"] is None


def test_an_open_inspection_says_what_is_known_of_the_engines_history(filled_records: Engine, tmp_path: Path) -> None:
    facts = gather_export(filled_records, tmp_path).facts
    assert facts["open"] is True
    assert "the engine has its history" in facts["engine_histories"]["what"]


def test_what_the_log_commits_to_and_no_member_holds_is_named(records: Engine, tmp_path: Path) -> None:
    begin(records)
    record(records, events=[event(data={"commitments": {"something-else": "0" * 64}})])
    assert gather_export(records, tmp_path).facts["kept_elsewhere"] == ["something-else"]


def test_each_head_has_the_first_checkpoint_that_holds_it_signed_with_this_systems_key(
    filled_records: Engine, tmp_path: Path
) -> None:
    def listed(folder: Path, days: int) -> None:
        with writing(filled_records) as session:
            checkpoints.make(session, MOMENT + timedelta(days=days), signer(folder))

    listed(tmp_path, 1)
    begin(filled_records, "SLAC-2010-002", reference="REF-2", authority="331")
    with writing(filled_records) as session:
        append(session, "SLAC-2010-002", "c1", [event()], MOMENT)
    listed(tmp_path, 2)  # its head of this inspection is the same
    record(filled_records, "c2", 2)
    listed(tmp_path, 3)
    record(filled_records, "c3", 3)
    listed(tmp_path / "another", 4)
    gathered = gather_export(filled_records, tmp_path)
    names = [name for name in gathered.members if name.startswith("checkpoints/")]
    assert names == ["checkpoints/heads-000001.json", "checkpoints/heads-000003.json"]
    assert (gathered.facts["witnesses"], gathered.facts["witnesses_by_another_key"]) == (2, 1)


def test_a_missing_text_stops_the_export(filled_records: Engine, tmp_path: Path) -> None:
    with writing(filled_records) as session:
        session.connection().execute(text("DELETE FROM texts"))
    with pytest.raises(CheckFailed, match=f"commits to {text_id(1)}, and it is gone"):
        gather_export(filled_records, tmp_path)


def test_an_unknown_inspection_is_refused(records: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no inspection"):
        gather_export(records, tmp_path)


def test_an_event_that_was_altered_is_not_exported(sqlite: Engine, tmp_path: Path) -> None:
    begin(sqlite)
    record(sqlite)
    with sqlite.begin() as connection:
        connection.execute(text("DROP TRIGGER events_never_change"))
        connection.execute(text("UPDATE events SET actor = 'q.lindqvist'"))
    with pytest.raises(CheckFailed, match="event 1 was altered"):
        gather_export(sqlite, tmp_path)
