"""Random lives whose letters are real: each is true on its day, and each person who was informed is informed of what changes."""

import os
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import DataObject, booleans, data, integers, sampled_from
from sqlalchemy import Engine, RowMapping, event, select, text

from activities.rendering.templates import RenderedLetter, render_letter
from framework.calendar.london_time import london_day
from framework.common.errors import BadInput, Refused
from framework.inspection.calendar_change import apply_calendar
from framework.inspection.order import Order
from framework.inspection.stages import Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.decide import Decision
from framework.lifecycle.limit_status import limit_statuses
from framework.vocabulary.roles import Role
from records.database import connection as database
from records.database.connection import reading
from records.tables.directory import PEOPLE as DIRECTORY
from tests.activities.correspondents import Correspondents
from tests.activities.recorded_life import RecordedLife, add_newcomers
from tests.activities.rendering.letter_claims import leads_named, promised, promises_over, untrue
from tests.framework.in_memory import actor
from tests.framework.ordinary_path import get_on, to_the_end
from tests.framework.random_steps import PEOPLE, departure, fill_in, on_or_before, orders

NOT_SAID: dict[Stage, tuple[str, ...]] = {
    Stage.CANCELLED: (
        "fieldwork begins",
        "goes ahead",
        "resumes",
        "we are going to inspect",
        "due by",
        "new dates follow",
    ),
    Stage.DEFERRED: ("fieldwork begins", "goes ahead", "we are going to inspect", "due by"),
    Stage.CLOSED: ("fieldwork begins", "goes ahead", "due by", "reaches you by"),
}
"""Stage -> words that are untrue in a letter of that stage; the letter of a resumption is of what follows the deferral."""
LIVES = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 12


class ReadLife(RecordedLife):
    """An inspection whose letters are rendered and read as they are queued."""

    is_sound = True
    """Whether no letter was found untrue: otherwise the inspection is not taken to its end."""

    def begin(self, people: dict[str, tuple[str, str]]) -> "ReadLife":
        """Sets name and address of each person in the directory."""
        self.people = people
        self.correspondents = Correspondents({person: email for person, (_, email) in people.items()})
        return self

    def letters_written(self, decision: Decision, rows: list[RowMapping]) -> None:
        self.is_sound = False
        kinds = [event.kind for event in decision.events]
        self.correspondents.take_in(self.inspection, kinds, decision.after, rows)
        for row in rows:
            letter = render_letter(row["kind"], row["data_json"])
            faults = [*self._of_the_moment(row, letter, decision), *self._of_the_stage(row, letter, decision)]
            assert not faults, f"{row['kind']} at {decision.after.stage} of {self.now}: {faults}\n{letter.text}"
        self.is_sound = True

    def _of_the_moment(self, row: RowMapping, letter: RenderedLetter, decision: Decision) -> list[str]:
        """Returns what the letter says of days that is not so."""
        after, facts = decision.after, row["data_json"]["facts"]
        written = london_day(row["not_before"] or self.now)
        so_far = {*after.milestones_reached, *(["handed_in"] if facts["handed_in"] else [])}
        day_0 = london_day(self.now) if after.notification_pending else None
        due = {limit.rule.key: str(limit.due) for limit in limit_statuses(after, self.calendar, as_if_begun=day_0)}
        due |= {"complaints_close": facts["complaints_until"]} if "complaints_until" in facts else {}
        moved = [
            f"{limit} {day}, due {due.get(limit)}" for limit, day in promised(letter) if str(day) != due.get(limit)
        ]
        return [*promises_over(letter, written), *untrue(letter, so_far), *moved]

    def _of_the_stage(self, row: RowMapping, letter: RenderedLetter, decision: Decision) -> list[str]:
        """Returns what the letter says of stage and people that is not so."""
        after, words = decision.after, f"{letter.subject} {letter.text}".lower()
        lead = self.people[after.people[Role.LEAD_INSPECTOR][0]][0]
        leads = {"you"} if row["to_json"][0]["name"] == lead else {lead}
        absent = NOT_SAID.get(after.stage, ()) if row["kind"] != "resumption" else ()
        stage = row["data_json"]["inspection"]["stage"]
        return [
            *(f"«{phrase}»" for phrase in absent if phrase in " ".join(words.split())),
            *(f"{name} leads" for name in leads_named(letter) - leads),
            *([stage] if stage != after.stage else []),
        ]


class Letters(RuleBasedStateMachine):
    """Any person may take any step at any time, and every letter that follows is read."""

    seeded: ClassVar[Path]

    @initialize(order=sampled_from(orders()), so_far=sampled_from([0, 8, 16, 24, 36]))
    def begins(self, order: Order, so_far: int) -> None:
        self.folder = TemporaryDirectory()
        shutil.copyfile(self.seeded, f"{self.folder.name}/records.sqlite")
        self.store = database.connect(f"sqlite:///{self.folder.name}/records.sqlite")
        event.listen(self.store, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF"))  # thrown away
        self.scenario = ReadLife(order, self.store, "2010-10-25T08:00+00:00").begin(directory_of(self.store))
        for _ in range(so_far):
            if self.scenario.inspection.stage is not Stage.PUBLISHED and not get_on(self.scenario):
                self.scenario.until(self.scenario.now + timedelta(days=2))

    @rule(data=data(), anything=booleans())
    def a_step_is_tried(self, data: DataObject, anything: bool) -> None:
        scenario = self.scenario
        rows = [
            row
            for row in STEPS.open_from(scenario.inspection.stage)
            if not row.content and (anything or row.name != "cancel")
        ]
        if not rows:
            return
        row = data.draw(sampled_from(rows))
        by = next((person for person in (*PEOPLE, *sum(scenario.inspection.people.values(), ()))
                   if set(scenario.inspection.roles_of(actor(person))) & set(row.by)), "system")  # fmt: skip
        with suppress(Refused, BadInput):
            scenario.do(row.name, by, on_or_before(scenario, data, row.name), **fill_in(row.name, scenario, data))

    @rule(number=integers(0, 20), ahead=integers(5, 22))
    def the_ordinary_course_is_left(self, number: int, ahead: int) -> None:
        step, by, fields = departure(self.scenario, number, ahead)
        with suppress(Refused, BadInput):
            self.scenario.do(step, by, **fields)

    @rule()
    def the_ordinary_course_goes_on(self) -> None:
        get_on(self.scenario)

    @rule(days=sampled_from([0, 1, 2, 3, 5, 8, 14]))
    def time_passes(self, days: int) -> None:
        self.scenario.until(self.scenario.now + timedelta(days=days))

    @rule(accepts=sampled_from([True, True, False]))
    def the_mail_system_changes(self, accepts: bool) -> None:
        self.scenario.accepts_mail = accepts

    @rule(ahead=integers(1, 20))
    def a_holiday_is_proclaimed(self, ahead: int) -> None:
        scenario, old = self.scenario, self.scenario.calendar
        holidays = {**old.holidays, (scenario.now + timedelta(days=ahead)).date(): "A wedding"}
        scenario.calendar = replace(old, version=f"{old.version}+", holidays=holidays)
        if not scenario.inspection.is_finished:
            scenario.commit(apply_calendar(scenario.inspection, old, scenario.calendar, scenario.now, scenario.head))

    def teardown(self) -> None:
        if hasattr(self, "scenario"):
            if self.scenario.is_sound:
                to_the_end(self.scenario)
            self.store.dispose()
            self.folder.cleanup()


def directory_of(store: Engine) -> dict[str, tuple[str, str]]:
    """Returns name and address of each person in the directory."""
    with reading(store) as session:
        rows = session.connection().execute(select(DIRECTORY.c.id, DIRECTORY.c.name, DIRECTORY.c.email))
        return {row.id: (row.name, row.email) for row in rows}


def test_every_letter_of_a_random_life_is_true_on_its_day_and_each_person_informed_is_informed_of_what_changes(
    seeded_records: Path, tmp_path: Path
) -> None:
    path = tmp_path / "seeded.sqlite"
    shutil.copyfile(seeded_records, path)
    store = database.connect(f"sqlite:///{path}")
    add_newcomers(store)
    with store.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    store.dispose()
    Letters.seeded = path
    run_state_machine_as_test(
        Letters,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=25,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
