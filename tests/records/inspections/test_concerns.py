"""Concerns in the records: numbered and settled under the lock, with their words kept as texts (para 64)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput, Refused
from framework.inspection.concerns import concerns_in
from framework.inspection.stages import Stage
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.inspections import content, repository
from records.log.read import history
from tests.records.builders import ID, MOMENT, TODAY, begin, command, event, record, store, text_id

EARLIER = date(2010, 11, 2)


def at(engine: Engine, stage: Stage, *kinds: str) -> None:
    """Puts the inspection at a stage, by events of these kinds."""
    with reading(engine) as session:
        head = repository.find(session, ID)["head_number"]
    record(engine, f"at-{stage}", head, events=[event(kind) for kind in kinds or ("noted",)], stage=stage)


def add_concern(engine: Engine, identifier: str = "add", *, by: str = "i.bellamy", on: date = TODAY) -> int:
    words = store(engine, text_id(100), "The rooms were cold.")
    return write(engine, identifier, "add_concern", {"raised_by": "young_person", "text": words}, by, on)


def settle_concern(engine: Engine, number: int, identifier: str = "settle", *, on: date = TODAY) -> int:
    words = store(engine, text_id(200), "The heating was repaired.")
    return write(engine, identifier, "settle_concern", {"number": number, "text": words}, "i.ashdown", on)


def write(engine: Engine, identifier: str, step: str, fields: dict[str, Any], by: str, on: date) -> int:
    with reading(engine) as session:
        inspection = repository.state(session, ID)
    with writing(engine) as session:
        return content.write(session, inspection, command(identifier, step, by, fields=fields, on=on), MOMENT)


def head(engine: Engine) -> int:
    with reading(engine) as session:
        return int(repository.find(session, ID)["head_number"])


def test_a_concern_is_written_with_its_event_and_its_number_and_the_words_are_committed_to(records: Engine) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    assert (add_concern(records), add_concern(records, "again"), settle_concern(records, 2)) == (2, 3, 4)
    with reading(records) as session:
        first, second, settled = history(session, ID)[1:]
    assert [first.event.data["number"], second.event.data["number"], settled.event.data["number"]] == [1, 2, 2]
    assert (first.event.kind, first.event.role, first.event.paragraph) == ("concern_raised", Role.INSPECTOR, 64)
    assert (settled.event.kind, settled.event.role, settled.event.paragraph) == (
        "concern_settled",
        Role.LEAD_INSPECTOR,
        64,
    )
    assert set(first.event.data["commitments"]) == {text_id(100)}
    assert set(settled.event.data["commitments"]) == {text_id(200)}
    assert [concern.settlement is None for concern in concerns_in([first, second, settled])] == [True, False]


def test_a_repeated_command_is_one_concern_whatever_has_happened_since(records: Engine) -> None:
    begin(records)
    at(records, Stage.PUBLISHED)
    number, settled = add_concern(records), settle_concern(records, 1)
    at(records, Stage.CLOSED)
    assert (add_concern(records), settle_concern(records, 1)) == (number, settled)


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CANCELLED, Stage.CLOSED])
def test_a_concern_is_refused_where_no_inspection_goes_on(records: Engine, stage: Stage) -> None:
    begin(records)
    at(records, stage)
    closed_to = [add_concern] if stage is Stage.CANCELLED else [add_concern, lambda records: settle_concern(records, 1)]
    for write_it in closed_to:  # what a cancelled inspection left open can still be settled
        with pytest.raises(Refused, match=f"{ID} is at {stage}") as refusal:
            write_it(records)
        assert refusal.value.paragraph == 64
    assert head(records) == 1


def test_a_concern_that_does_not_exist_is_a_fault_that_names_those_that_do(records: Engine) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    with pytest.raises(BadInput, match="settle_concern: there is no concern 1; none was raised in this inspection"):
        settle_concern(records, 1)
    add_concern(records)
    with pytest.raises(BadInput, match="settle_concern: there is no concern 2; those of this inspection are 1"):
        settle_concern(records, 2)
    assert head(records) == 2


def test_a_concern_is_settled_once(records: Engine) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    add_concern(records)
    settle_concern(records, 1)
    with pytest.raises(Refused, match=r"concern 1 was settled on 2010-11-03 by i\.ashdown already") as refusal:
        settle_concern(records, 1, "another")
    assert refusal.value.paragraph == 64
    assert head(records) == 3


def test_a_concern_is_not_settled_before_it_was_raised(records: Engine) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    add_concern(records)
    with pytest.raises(BadInput, match="concern 1 was raised on 2010-11-03: it was not settled before, on 2010-11-02"):
        settle_concern(records, 1, on=EARLIER)
    assert head(records) == 2


def test_a_report_that_was_submitted_keeps_no_concern_out(records: Engine) -> None:
    begin(records)
    at(records, Stage.DRAFTING, "draft_submitted")
    add_concern(records)
    settle_concern(records, 1)
    assert head(records) == 3


def test_the_concerns_of_another_inspection_are_not_counted(records: Engine) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    add_concern(records)
    begin(records, "SLAC-2010-002", reference="REF-2", authority="331")
    record(records, "other", 0, events=[event("noted")], stage=Stage.FIELDWORK, inspection="SLAC-2010-002")
    words = store(records, text_id(300), "Nobody was in.", "SLAC-2010-002")
    with reading(records) as session:
        other = repository.state(session, "SLAC-2010-002")
    with writing(records) as session:
        fields = {"raised_by": "other", "text": words}
        content.write(session, other, command("c", "add_concern", "i.ashdown", fields=fields), MOMENT)
        (raised,) = history(session, "SLAC-2010-002")[1:]
    assert raised.event.data["number"] == 1


def test_another_step_under_the_same_identifier_is_a_fault_also_where_the_first_came_in_between(
    records: Engine,
) -> None:
    begin(records)
    at(records, Stage.FIELDWORK)
    number = add_concern(records, "c-1")
    with pytest.raises(BadInput, match="the command c-1 was sent before and said something else"):
        settle_concern(records, 1, "c-1")
    assert head(records) == number
