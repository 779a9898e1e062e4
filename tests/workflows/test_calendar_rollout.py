"""A holiday comes while inspections run: each workflow applies it once, whatever it was doing and whatever was interrupted."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from temporalio.testing import WorkflowEnvironment

from activities.names import CALENDAR_ROLLOUT_ID
from activities.rendering.pdf_pool import PdfPool
from application.caller import Caller
from application.commands.change_calendar import CalendarChanged, ChangeCalendar, change_calendar, watch_rollout
from application.commands.start_inspection import StartInspection, record_order
from application.files.order_file import read_order
from application.files.yaml_files import YamlFile
from application.queries.change_previews import what_if
from application.runtime import dev_mailbox
from framework.calendar.bank_holidays import Calendar
from framework.calendar.holiday_changes import HolidayChange
from framework.inspection.calendar_change import apply_calendar
from framework.inspection.what_if import Supposition
from framework.lifecycle.decide import build_commit
from records.calendars import versions
from records.database.connection import reading, writing
from records.inspections import commit as recordings
from records.inspections import repository
from records.inspections.calendar_rollout import count_behind
from records.tables.inspections import INSPECTIONS, LIMITS
from tests.orders import an_order
from tests.workflows.engine_harness import EngineHarness, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY = date(2010, 11, 12)
ADDED = HolidayChange("add", DAY, "Proclaimed")


@pytest_asyncio.fixture(loop_scope="module")
async def here(either: WorkflowEnvironment, data: Path, pool: PdfPool) -> AsyncIterator[EngineHarness]:
    """An inspection announced on 3 November 2010, on each kind of engine."""
    async with engine_harness(either, data, pool, "2010-11-03T08:00") as harness:
        await harness.order(notify="now")
        await harness.has("set_up_meeting_arranged")
        await harness.until(harness.delivered, "all letters went")
        yield harness


async def proclaim(here: EngineHarness, change: HolidayChange = ADDED, **how: str) -> CalendarChanged:
    changed = await change_calendar(Caller("c.marsh"), here.system, ChangeCalendar(change, **how))
    await watch_rollout(here.system, changed.version, 60)
    return changed


def make(here: EngineHarness, change: HolidayChange = ADDED) -> tuple[Calendar, Calendar]:
    """Makes a version without signalling any workflow; returns the one before and the new one."""
    with writing(here.system.records) as session:
        now = versions.calendar_in_force(session)
        holidays = {**now.holidays, change.day: change.title}
        versions.add_version(session, holidays, here.clock.now(), "c.marsh", "proclaimed")
        return now, versions.calendar_in_force(session)


def row(here: EngineHarness) -> dict[str, Any]:
    with reading(here.system.records) as session:
        return dict(repository.find(session, here.id))


def limits(here: EngineHarness) -> dict[str, date]:
    with reading(here.system.records) as session:
        query = select(LIMITS.c.key, LIMITS.c.due).where(LIMITS.c.inspection_id == here.id)
        return {row.key: row.due for row in session.connection().execute(query)}


async def test_a_holiday_moves_the_limits_and_one_letter_names_them(here: EngineHarness) -> None:
    changed = await proclaim(here)
    (entry,) = here.entries("calendar_changed")
    assert (row(here)["calendar_version"], entry.event.data["calendar"]) == (changed.version, changed.version)
    assert limits(here)["fieldwork_starts"] == date(2010, 11, 18)
    (letter,) = here.letters("changed_dates")
    assert letter["event_number"] == entry.number
    await here.until(here.delivered, "the letter went")
    received = next(mail for mail in here.mail() if mail.message_id == letter["message_id"])
    plain = dev_mailbox.message(dev_mailbox.folder(here.system.settings.data), received.id).get_body(("plain",))
    assert plain
    words = " ".join(plain.get_content().split())
    assert "Friday 12 November 2010 is now a bank holiday (Proclaimed)" in words
    assert "Thursday 18 November 2010, instead of Wednesday 17 November 2010" in words.replace("*", "")


async def test_the_same_change_twice_is_one_version_and_one_letter(here: EngineHarness) -> None:
    first, second = await proclaim(here), await proclaim(here)
    assert (first.again, second.again, first.version == second.version) == (False, True, True)
    assert (len(here.entries("calendar_changed")), len(here.letters("changed_dates"))) == (1, 1)


async def test_a_step_taken_before_the_round_comes_finds_the_new_calendar(here: EngineHarness) -> None:
    make(here)
    await here.do("receive_case_lists", "link.330")
    assert [event.event.kind for event in here.entries()][-2:] == ["calendar_changed", "case_lists_received"]


async def test_a_version_committed_without_a_result_in_the_engine_sends_no_second_letter(here: EngineHarness) -> None:
    """As when everything was killed after the commit; and a newer version came before it ran again."""
    old, new = make(here)
    with writing(here.system.records) as session:
        state, head = repository.state(session, here.id), row(here)["head_number"]
        decision = apply_calendar(state, old, new, here.clock.now(), head)
        commit, _ = build_commit(decision, f"calendar:{new.version}", here.clock.now(), head, new)
        recordings.commit(session, commit)
    await proclaim(here, HolidayChange("add", date(2010, 11, 15), "Another"))
    first, second = here.entries("calendar_changed")
    moves = {change["limit"]: (change["from"], change["to"]) for change in second.event.data["moved"]}
    assert moves["fieldwork_starts"] == ("2010-11-18", "2010-11-19"), "from the day that was told last"
    assert [change["event_number"] for change in here.letters("changed_dates")] == [first.number, second.number]
    await here.until(here.delivered, "both letters went")


async def test_an_inspection_whose_entry_point_was_interrupted_is_begun_by_the_rollout(here: EngineHarness) -> None:
    other = f"{here.id}-B"
    order = YamlFile(
        "o", an_order(reference=other, authority="878", notify="2010-11-08").model_dump_json(exclude_none=True)
    )
    record_order(Caller(), here.system, StartInspection(read_order(order), "o1"))
    await proclaim(here)
    with reading(here.system.records) as session:
        assert count_behind(session) == 0
        query = select(INSPECTIONS.c.calendar_version).where(INSPECTIONS.c.id == other)
        assert session.connection().execute(query).scalar_one() == "england-2026.2"
    await here.system.engine().get_workflow_handle(f"inspection-{other}").terminate()


async def test_what_would_move_is_asked_without_a_trace(here: EngineHarness) -> None:
    before, traces = contents(here), await here.traces()
    answer = what_if(Caller(), here.system, Supposition(notified=date(2010, 11, 4), holiday=DAY))
    assert answer.inspections[0].changes.moved
    assert (contents(here), await here.traces()) == (before, traces)


def contents(here: EngineHarness) -> dict[str, list[Any]]:
    """Every row of every table."""
    with reading(here.system.records) as session:
        connection = session.connection()
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in tables}


async def test_what_is_due_by_the_old_calendar_does_not_happen(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T08:00") as here:
        await here.order(notify="now")
        await here.has("set_up_meeting_arranged")
        await here.until(here.delivered, "all letters went")
        make(here, HolidayChange("add", date(2010, 11, 4), "Proclaimed"))  # no workflow is signalled
        await here.leap("2010-11-05T09:00:05")  # when the reminder of the lists due on the 5th was planned
        await here.has("calendar_changed")
        assert here.entries("reminder_sent") == []
        await here.leap("2010-11-08T09:00:05")
        sent = [rung for entry in await here.has("reminder_sent", 2) for rung in entry.event.data["rungs"]]
        days = {"case_lists": "2010-11-08", "set_up_meeting": "2010-11-09"}  # an appointment stays on its day
        assert {rung["limit"]: rung["due"] for rung in sent} == days


async def test_a_rollout_ends_when_no_inspection_is_behind(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool
) -> None:
    async with engine_harness(skipped, data, pool, "2010-11-03T08:00") as here:
        await here.order(notify="2010-12-01")
        await proclaim(here)
        await here.leap("2010-11-03T08:10")
        assert await here.system.engine().get_workflow_handle(CALENDAR_ROLLOUT_ID).result() == 0


async def test_a_rollout_goes_page_by_page_and_does_not_wait_for_a_workflow_that_has_ended(
    skipped: WorkflowEnvironment, data: Path, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.recording.calendar_rollout.PAGE_SIZE", 1)
    async with engine_harness(skipped, data, pool, "2010-11-03T08:00") as here:
        await here.order(notify="2010-12-01")
        await here.workflow.query("state")  # it has come to rest: one under way would hold the skipped clock
        await here.workflow.terminate()
        ended = here.id
        await here.order(notify="2010-12-01", authority="878")
        changed = await change_calendar(Caller("c.marsh"), here.system, ChangeCalendar(ADDED))
        await here.until(lambda: row(here)["calendar_version"] == changed.version, "the other one has moved")
        await here.leap("2010-11-03T08:10")
        assert await here.system.engine().get_workflow_handle(CALENDAR_ROLLOUT_ID).result() == 1
        with reading(here.system.records) as session:
            assert repository.find(session, ended)["calendar_version"] == "england-2026.1"
