"""Writing again what the engine's histories hold beyond a backup, on built rows: no engine runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from framework.common.identifiers import letter_id
from framework.correspondence.office import NONE as NO_OFFICE
from framework.messages.commit import DecisionCommit, Stored
from framework.messages.delivery import DeliveryOutcome
from framework.messages.events import StoredEvent
from operations.backup.delivery_outcomes import TEXT_LOST, OutboxReconciler
from operations.backup.kept_messages import KeptMessages
from operations.backup.lost_texts import PresentTexts
from operations.backup.models import ReconciledInspection
from operations.backup.reconcile import Reconciler
from operations.backup.workflow_replay import ReplayedInspection, letter_outcome, replay_history
from records.database.connection import reading, writing
from records.log.read import history
from tests.operations.backup.test_workflow_replay import history_of
from tests.records import builders
from tests.records.builders import ID, MOMENT, decision_commit, event, reminder
from tests.workflows.kept_histories import read_histories

RESTORED = datetime(2010, 12, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOST_TEXT = builders.text_id(1)


@pytest.fixture
def records(loaded: Engine) -> Engine:
    """Loaded records with one inspection, whose log holds the event of its order."""
    builders.begin(loaded)
    builders.append_order(loaded)
    return loaded


def reconcile(records: Engine, replayed: ReplayedInspection, attested: int = 0) -> ReconciledInspection:
    """Reconciles the records with one inspection's histories, as a restore without previous records does."""
    with writing(records) as session:
        outbox = OutboxReconciler(session, Path("none"), {}, KeptMessages(None), RESTORED)
        reconciler = Reconciler(session, PresentTexts(None), outbox, RESTORED, NO_OFFICE)
        return reconciler.reconcile(replayed, attested)


def replayed(*commits: tuple[DecisionCommit, Stored]) -> ReplayedInspection:
    return ReplayedInspection(ID, commits=list(commits))


def committed(name: str, number: int, kind: str, **changes: object) -> tuple[DecisionCommit, Stored]:
    """Returns a commit of one event that had this number, and its result."""
    events = [event(kind)]
    return decision_commit(name, number - 1, events, **changes), Stored(head=number, first_event=number)


def log(records: Engine) -> list[StoredEvent]:
    with reading(records) as session:
        return history(session, ID)


def kinds(records: Engine) -> list[str]:
    return [row.event.kind for row in log(records)]


def letters(records: Engine) -> list[tuple[str, str, str]]:
    with records.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT id, status, error FROM letters"))]


def test_a_commit_the_backup_lacks_is_written_with_its_number_command_and_moment(records: Engine) -> None:
    result = reconcile(records, replayed(committed("c1", 2, "case_lists_received")), attested=2)
    assert result.steps == ["case_lists_received"]
    (_, row) = log(records)
    assert (row.number, row.command_id, row.recorded) == (2, "c1", MOMENT)


def test_a_commit_the_backup_holds_is_left_alone(records: Engine) -> None:
    builders.record(records, "c1", 1)
    before = log(records)
    result = reconcile(records, replayed(committed("c1", 2, "case_lists_received")), attested=2)
    assert not result.changed
    assert log(records) == before


def test_an_attested_event_that_nothing_holds_is_replaced_in_its_place(records: Engine) -> None:
    result = reconcile(records, replayed(committed("c1", 3, "case_lists_received")), attested=4)
    assert kinds(records) == ["inspection_ordered", "event_lost", "case_lists_received", "event_lost"]
    assert result.lost == [2, 4]
    assert [row.event.data["number"] for row in log(records) if row.event.kind == "event_lost"] == [2, 4]
    assert [row.recorded for row in log(records)] == [MOMENT, MOMENT, MOMENT, RESTORED]


def test_an_event_that_the_workflow_read_from_the_records_is_written_in_place_of_a_lost_one(records: Engine) -> None:
    beside = StoredEvent(ID, 2, event("heading_graded", by="i.ashdown"), MOMENT, "c-graded", 0)
    history_with_it = replayed(committed("c1", 3, "case_lists_received"))
    history_with_it.missed_events = {2: beside}
    result = reconcile(records, history_with_it, attested=3)
    assert kinds(records) == ["inspection_ordered", "heading_graded", "case_lists_received"]
    assert result.lost == []


def test_the_outcome_of_a_letter_is_written_where_it_stood_between_two_commits(records: Engine) -> None:
    first, stored = committed("c1", 2, "case_lists_received", letters=(reminder(),))
    with_letter = replayed((first, stored), committed("c2", 4, "documents_received", recorded=MOMENT + 2 * MINUTE))
    letter = letter_id("c1", ID, "reminder")
    outcome = DeliveryOutcome(letter_id=letter, kind="reminder", at=MOMENT + MINUTE, accepted=True)
    with_letter.outcomes = [letter_outcome(outcome)]
    result = reconcile(records, with_letter, attested=4)
    assert kinds(records) == ["inspection_ordered", "case_lists_received", "letter_accepted", "documents_received"]
    assert result.letters == [letter]
    assert [status for _, status, _ in letters(records)] == ["accepted"]


@pytest.mark.parametrize(
    ("in_progress", "status", "field"), [(True, "sending", "doubt"), (False, "queued", "")], ids=["tried", "not tried"]
)
def test_a_letter_whose_outcome_is_unknown_is_marked_as_uncertain_only_if_it_was_tried(
    records: Engine, in_progress: bool, status: str, field: str
) -> None:
    inspection = replayed(committed("c1", 2, "case_lists_received", letters=(reminder(),)))
    letter = letter_id("c1", ID, "reminder")
    inspection.in_progress = {letter} if in_progress else set()
    result = reconcile(records, inspection, attested=2)
    assert [row[:2] for row in letters(records)] == [(letter, status)]
    assert result.doubt == ([letter] if field == "doubt" else [])


def test_a_letter_whose_words_are_lost_is_stopped(records: Engine) -> None:
    words = reminder(facts={**reminder().facts, "reason": LOST_TEXT})
    result = reconcile(records, replayed(committed("c1", 2, "case_lists_received", letters=(words,))), attested=2)
    assert result.words == 1
    assert [row[1:] for row in letters(records)] == [("stopped", TEXT_LOST)]
    assert result.stopped == [row[0] for row in letters(records)]


def test_a_fault_in_one_inspection_rolls_back_that_inspection_alone(records: Engine) -> None:
    first = committed("c1", 2, "case_lists_received")
    unknown = committed("c2", 3, "letter_sent_again", send_again="no-such-letter")
    result = reconcile(records, replayed(first, unknown), attested=3)
    assert result.fault
    assert result.steps == []
    assert kinds(records) == ["inspection_ordered"]


async def test_an_inspection_ordered_after_the_backup_is_written_from_its_history(loaded: Engine) -> None:
    joint = await replay_history(ID, history_of(read_histories("joint")[f"inspection-{ID}"]))
    result = reconcile(loaded, joint, attested=joint.commits[-1][1].head)
    assert result.begun
    assert result.fault == ""
    by_command = {row.command_id: row for row in log(loaded)}
    for decision, stored in joint.commits:
        assert by_command[decision.command_id].number == stored.first_event + len(decision.events) - 1
    assert kinds(loaded)[0] == "inspection_ordered"
    assert "window_closed" in kinds(loaded)
    again = reconcile(loaded, joint, attested=joint.commits[-1][1].head)
    assert not again.changed
