"""Beginning an inspection, finding it, its state now and as it was known; and what entry points take in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput, Refused
from framework.inspection.stages import Stage
from framework.messages.orders import LimitRow
from framework.vocabulary.roles import Role
from records.database.connection import reading, writing
from records.directory import directory
from records.inspections import repository, submissions
from records.inspections.repository import Start
from records.queries import board
from tests.records.builders import ID, MOMENT, TODAY, begin, command, event, limit, order, record, text_id


def test_the_same_reference_again_is_the_same_inspection(records: Engine) -> None:
    assert begin(records) == ID
    assert begin(records, "SLAC-2010-002") == ID
    with reading(records) as session:
        assert repository.by_reference(session, "REF-1") == ID
        assert repository.order_of(session, ID) == order()


def test_another_open_inspection_of_the_same_authority_refuses_unless_the_order_says_why(records: Engine) -> None:
    begin(records)
    with pytest.raises(Refused, match="SLAC-2010-001 is open for the same authority"):
        begin(records, "SLAC-2010-002", reference="REF-2")
    other_half = {"reference": "REF-3", "scope": "safeguarding", "scope_reason": text_id(1)}
    with pytest.raises(Refused, match="SLAC-2010-001 is open for the same authority"):
        begin(records, "SLAC-2010-003", **other_half)
    assert begin(records, "SLAC-2010-003", **other_half, beside_reason=text_id(2)) == "SLAC-2010-003"
    record(records, stage=Stage.CANCELLED)
    record(records, inspection="SLAC-2010-003", stage=Stage.CANCELLED)
    assert begin(records, "SLAC-2010-002", reference="REF-2") == "SLAC-2010-002"


def test_an_unknown_inspection_is_named(records: Engine) -> None:
    with reading(records) as session, pytest.raises(BadInput, match="no inspection SLAC-2010-009"):
        repository.find(session, "SLAC-2010-009")


def test_of_entry_points_that_order_one_authority_at_once_one_begins_its_inspection(records: Engine) -> None:
    def start(number: int) -> str:
        with writing(records) as session:
            try:
                return repository.create(session, f"SLAC-2010-{number}", Start(order(f"REF-{number}"), {}, MOMENT)).id
            except Refused:
                return ""

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(start, range(1, 9)))
    assert results.count("") == 7


def test_a_new_inspection_is_on_the_board_with_its_limits(records: Engine) -> None:
    with writing(records) as session:
        limits: tuple[LimitRow, ...] = (limit(),)
        start = Start(order(), directory.people_of(session, "330"), MOMENT, MOMENT, "notify", limits)
        repository.create(session, ID, start)
    with reading(records) as session:
        (row,) = board.board(session, board.Filter(), TODAY)
    assert (row.stage, row.limit, row.next_what, row.lead) == ("planned", "case_lists", "notify", "i.ashdown")


def test_the_state_is_what_the_events_make_it_now_or_as_it_was_known(records: Engine) -> None:
    begin(records)
    changed = event("contact_changed", data={"role": "dcs", "person": "dcs.878"}, paragraph=8)
    people = {Role.DCS: ("dcs.878",)}
    record(records, events=[event("notification_issued")], stage=Stage.PLANNED)
    later = MOMENT + timedelta(hours=1)
    record(records, "c2", 1, events=[changed], stage=Stage.PLANNED, people=people, recorded=later)
    with reading(records) as session:
        now = repository.state(session, ID)
        before = repository.state(session, ID, as_of=MOMENT)
        ordered = repository.state(session, ID, as_of=MOMENT - timedelta(seconds=1))
    assert now.people[Role.DCS] == ("dcs.878",)
    assert (before.people[Role.DCS], before.notification_pending) == (("dcs.330",), True)
    assert (ordered.notification_pending, ordered.people[Role.COORDINATOR]) == (False, ("c.marsh",))


def test_open_ones_are_those_something_may_still_happen_to(records: Engine) -> None:
    begin(records)
    begin(records, "SLAC-2010-002", reference="REF-2", authority="878")
    with reading(records) as session:
        assert repository.still_open(session) == [ID, "SLAC-2010-002"]
    record(records, stage=Stage.CANCELLED, next_due=MOMENT)
    with reading(records) as session:
        assert ID in repository.still_open(session), "its window for complaints is still open"
    record(records, "c2", 1, stage=Stage.CANCELLED)
    with reading(records) as session:
        assert repository.still_open(session) == ["SLAC-2010-002"]


def test_a_command_sent_again_has_the_moment_it_first_came_in(records: Engine) -> None:
    begin(records)
    again = command(received=MOMENT + timedelta(days=1), on=TODAY + timedelta(days=1))
    with writing(records) as session:
        assert submissions.store(session, ID, command()) == command()
        assert submissions.store(session, ID, again) == command()


@pytest.mark.parametrize(
    "changes",
    [{"fields": {"note": "t-1"}}, {"by": "c.nwosu"}, {"step": "receive_documents"}, {"on": TODAY.replace(day=2)}],
)
def test_the_same_identifier_saying_something_else_is_bad_input(records: Engine, changes: dict[str, object]) -> None:
    begin(records)
    with writing(records) as session:
        submissions.store(session, ID, command())
        with pytest.raises(BadInput, match="sent before and said something else"):
            submissions.store(session, ID, command(**changes))  # type: ignore[arg-type]


def test_a_text_is_kept_once_with_a_proof_that_hides_it(records: Engine) -> None:
    with writing(records) as session:
        proof = submissions.store_text(session, ID, text_id(1), "Ünïcode\nand more", MOMENT)
        assert submissions.store_text(session, ID, text_id(1), "Ünïcode\nand more", MOMENT) == proof
        assert submissions.store_text(session, ID, text_id(2), "Ünïcode\nand more", MOMENT) != proof, "salted"
        assert submissions.read_text(session, text_id(1)) == "Ünïcode\nand more"
        with pytest.raises(BadInput, match="sent before with other words"):
            submissions.store_text(session, ID, text_id(1), "other", MOMENT)
        with pytest.raises(BadInput, match="not among the records"):
            submissions.read_text(session, text_id(3))


@pytest.mark.parametrize("body", ["a\x00b", "half a \ud800"])
def test_what_no_database_can_keep_is_no_text(records: Engine, body: str) -> None:
    with writing(records) as session, pytest.raises(BadInput, match="no text"):
        submissions.store_text(session, ID, text_id(1), body, MOMENT)
