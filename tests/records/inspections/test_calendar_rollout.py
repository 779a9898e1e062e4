"""Which inspections are behind the calendar in force, and the progress of a rollout."""

from datetime import timedelta

from sqlalchemy import Engine

from framework.inspection.stages import Stage
from framework.messages.events import Event
from framework.messages.record_state import RecordStateQuery
from framework.vocabulary.roles import Role
from records.calendars import versions
from records.database.connection import reading, writing
from records.inspections import calendar_rollout
from records.inspections.readiness import record_state
from tests.records.builders import ID, MOMENT, TODAY, begin, record

OTHER = "SLAC-2010-002"


def make(records: Engine, days: int = 1) -> str:
    with writing(records) as session:
        holidays = dict(versions.newest_version(session).holidays)
        return versions.add_version(session, holidays, MOMENT + timedelta(days=days), "c.marsh", "proclaimed").version


def applied(version: str, moved: bool) -> Event:
    """Returns the event by which a workflow applies a version."""
    data = {"calendar": version, "was": "x", "moved": [{"limit": "publication"}] if moved else [], "stayed": {}}
    return Event(
        "calendar_changed", TODAY, MOMENT, "system", Role.SYSTEM, "engine", data=data, cause=f"calendar:{version}"
    )


def two_open(records: Engine) -> None:
    begin(records)
    begin(records, OTHER, reference="REF-2", authority="878")


def test_no_inspection_is_behind_until_a_version_is_made(records: Engine) -> None:
    two_open(records)
    with reading(records) as session:
        assert (calendar_rollout.behind(session), calendar_rollout.count_behind(session)) == ([], 0)
    make(records)
    with reading(records) as session:
        assert (calendar_rollout.behind(session), calendar_rollout.count_behind(session)) == ([ID, OTHER], 2)
        assert calendar_rollout.behind(session, most=1) == [ID]
        assert calendar_rollout.behind(session, after=ID) == [OTHER]


def test_an_inspection_that_applied_it_or_is_over_is_not_behind(records: Engine) -> None:
    two_open(records)
    version = make(records)
    record(records, events=[applied(version, moved=True)])
    record(records, "c1", 0, inspection=OTHER, stage=Stage.CLOSED)
    with reading(records) as session:
        assert calendar_rollout.progress_of(session, version) == calendar_rollout.RolloutProgress(
            applied=1, moved=1, behind=0
        )


def test_the_workflow_is_given_the_version_it_applied_last(records: Engine) -> None:
    begin(records)
    first, second = make(records, 1), make(records, 2)
    record(records, events=[applied(first, moved=False)])
    with reading(records) as session:
        state = record_state(session, RecordStateQuery(inspection=ID, calendar="england-2026.1"))
        assert (state.applied_calendar, state.calendar) == (first, second)
        assert state.applied_calendar_data is not None
        assert state.applied_calendar_data.version == first
        again = record_state(session, RecordStateQuery(inspection=ID, calendar=first))
        assert (again.applied_calendar_data, again.applied_calendar) == (None, first)
