"""One inspection, from the order to the end of the window for complaints.

The loop does one thing at a time: the next command somebody sent, or the next thing that is due of itself. Whether a
step may be taken, and what it brings, the framework says; the records write it down; letters go out beside this story."""

from collections import deque
from datetime import datetime
from itertools import groupby

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.names import LATE, STAGE
    from framework.calendar.bank_holidays import Calendar
    from framework.calendar.london_time import london_day
    from framework.common.errors import BadInput, InspectionError, Refused
    from framework.inspection.automatic_steps import automatic_command, due_decision, held_decision
    from framework.inspection.service_of_notice import service_command
    from framework.inspection.state import begin, summary
    from framework.lifecycle.agenda import Due, next_due
    from framework.lifecycle.calendar_change import apply_calendar, apply_calendar_unannounced
    from framework.lifecycle.decide import (
        Decision,
        build_commit,
        decide,
        refusal_decision,
        requires_record_state,
        validate,
    )
    from framework.lifecycle.limit_status import is_late
    from framework.lifecycle.results import completed, refused
    from framework.messages.inspection import (
        Answer,
        Command,
        DeliveryOutcome,
        InspectionStart,
        RecordState,
        RecordStateQuery,
        refusal_id,
    )

from workflows.record_activities import commit_decision, query_record_state
from workflows.updatable_timer import UpdatableTimer


@workflow.defn
class InspectionWorkflow:
    """The durable story of one inspection."""

    @workflow.init
    def __init__(self, start: InspectionStart) -> None:
        self.start = start
        self.inspection = begin(start.inspection, start.order, start.people, start.settings)
        self.calendar = Calendar(**start.calendar.model_dump())
        self.commands: deque[Command] = deque()
        self.answers: dict[str, Answer] = {}
        self.known = 0
        self.in_doubt = True
        self.told_to_look = False
        self.alarm = UpdatableTimer()
        self.shown: tuple[str, bool] | None = None

    @workflow.run
    async def run(self, start: InspectionStart) -> str:
        """Live until nothing more is waited for; the answer is the last stage."""
        while not self.inspection.over:
            self._show()
            due = next_due(self.inspection, self.calendar, self.now)
            if self.commands:
                await self._take(self.commands[0])
                self.commands.popleft()
            elif self.told_to_look:
                await self._look_again()
            elif due and due.at <= self.now:
                await self._happen(due)
            else:
                await self._wait(due)
        self._show()
        self.alarm.off()
        await self._refuse_what_came_too_late()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.inspection.stage.value

    @property
    def now(self) -> datetime:
        """The engine's clock; a rehearsal's is carried to the day its script begins."""
        return workflow.now() + self.start.clock_shift

    # Messages -----------------------------------------------------------------------------------------------------

    @workflow.update(description="Take a step of the inspection")
    async def take_step(self, command: Command) -> Answer:
        """Queue the command and wait for its answer. The same command again has the same answer."""
        self._queue(command)
        await workflow.wait_condition(lambda: command.id in self.answers)
        return self.answers[command.id]

    @take_step.validator
    def look_at_step(self, command: Command) -> None:
        """Refuse at once, without a trace in the engine's history, what the inspection itself can tell is not to be."""
        if command.id in self.answers:
            return
        try:
            validate(self.inspection, command, self.calendar, self.now)
        except InspectionError as error:
            raise ApplicationError(
                str(error.args[0]), getattr(error, "paragraph", None), type=type(error).__name__, non_retryable=True
            ) from None

    @workflow.signal(description="What became of a letter that starts a clock")
    def letter_fate(self, fate: DeliveryOutcome) -> None:
        """A letter on which a clock hangs was accepted, or refused for good."""
        command = service_command(fate)
        if command is not None:
            self._queue(command)

    @workflow.signal(description="Something may have been recorded that the engine never heard of")
    def look_again(self) -> None:
        """Look into the records: told when the system starts again."""
        self.told_to_look = True

    @workflow.query(description="The inspection as the engine has it: identifiers and days only")
    def state(self) -> dict[str, object]:
        """For operators; screens read the records."""
        return summary(self.inspection)

    def _show(self) -> None:
        """In the engine's own screens: the stage, and whether a limit that is open has passed. Nothing personal."""
        shown = (self.inspection.stage.value, is_late(self.inspection, self.calendar, london_day(self.now)))
        if shown != self.shown:
            self.shown = shown
            workflow.upsert_search_attributes([STAGE.value_set(shown[0]), LATE.value_set(shown[1])])

    # The loop's two things ------------------------------------------------------------------------------------------

    async def _take(self, command: Command) -> None:
        """Decide one command and record what it brings; a refusal is its answer, and changes nothing.

        Nothing is refused before the records were asked."""
        while command.id not in self.answers:
            readiness = await self._before(command.step)
            if command.id in self.answers:
                return
            try:
                decision = decide(self.inspection, command, self.calendar, self.now, readiness)
                answer = await self._record(decision, command.id, readiness)
            except (BadInput, Refused) as error:
                if readiness.asked:
                    await self._refuse(command, error, readiness)
                    return
                self.in_doubt = True
                continue
            if answer is not None:
                self.answers[command.id] = answer

    async def _refuse(self, command: Command, error: BadInput | Refused, readiness: RecordState) -> None:
        """Answer with the refusal, written down first: the door may be gone, and the system's own commands have none."""
        written = False
        while not written:
            decision = refusal_decision(self.inspection, command, error)
            written = await self._record(decision, refusal_id(command.id), readiness) is not None
            readiness = readiness if written else await self._ask(command.step)
        self.answers[command.id] = refused(self.inspection, error)

    async def _happen(self, due: Due) -> None:
        """Let a due thing happen. What the authority handed in meanwhile is heard before its time is said to be over."""
        planned_with = self.calendar
        readiness = await self._before(due.what)
        self._hear(readiness)
        if not self.commands and not readiness.unseen and self.calendar is planned_with:
            decision = due_decision(self.inspection, due, self.calendar, self.now, readiness)
            command = automatic_command(self.inspection, due, self.now, readiness.head)
            try:
                await self._record(decision, command.id, readiness, hears=True)
            except Refused as refusal:
                held = held_decision(self.inspection, due, refusal, self.calendar, self.now, readiness)
                await self._record(held, f"{command.id}:held", readiness, hears=True)

    async def _look_again(self) -> None:
        """Take in what the records have that this story has not: its own doing, cut off, and commands the doors kept."""
        self.told_to_look = False
        self._hear(await self._ask("look_again"))

    async def _wait(self, due: Due | None) -> None:
        """Sleep on the one timer, to the next thing due, or until somebody sends a command."""
        await self.alarm.wait(due, self.now, self._called)

    def _called(self) -> bool:
        return bool(self.commands) or self.told_to_look

    # The records ----------------------------------------------------------------------------------------------------

    async def _before(self, step: str) -> RecordState:
        """What a decision is made upon: the records are asked where a rule looks at them, and where they may hold more than
        this story knows. Otherwise `record` itself sees that it knew enough."""
        looked_at = step != "reminder" and requires_record_state(self.inspection, step)
        if looked_at or self.in_doubt:
            return await self._ask(step)
        return RecordState(head=self.known, calendar=self.calendar.version, asked=False)

    async def _ask(self, step: str) -> RecordState:
        """Ask the records. A newer calendar they have is reckoned with before anything else is decided."""
        readiness = await self._question(step)
        while (before := self._outdated(readiness)) is not None:
            if await self._reckon(before, readiness):
                return readiness.model_copy(update={"head": self.known})  # nothing else of it has changed
            readiness = await self._question(step)
        return readiness

    async def _question(self, step: str) -> RecordState:
        """One question, taking in what the records have that this story does not know of."""
        question = RecordStateQuery(
            inspection=self.inspection.id, calendar=self.calendar.version, step=step, known=self.known
        )
        readiness = await query_record_state(question)
        self._take_in(readiness)
        self.in_doubt = False
        return readiness

    def _outdated(self, readiness: RecordState) -> Calendar | None:
        """The calendar the limits stand at, where a newer one is in force; the newer one is taken over."""
        kept = readiness.stands_at
        stood = Calendar(**kept.model_dump()) if kept else self.calendar
        if readiness.calendar_data is not None:
            self.calendar = Calendar(**readiness.calendar_data.model_dump())
        return stood if readiness.reckoned not in ("", readiness.calendar) else None

    async def _reckon(self, before: Calendar, readiness: RecordState) -> bool:
        """Record what the newer calendar moves, once for each version, with one letter to whom it concerns.

        False when something else was written first: ask again."""
        command, asked = f"calendar:{self.calendar.version}", (before, self.calendar, self.now, readiness.head)
        try:
            return await self._record(apply_calendar(self.inspection, *asked), command, readiness) is not None
        except Refused as refusal:
            untold = apply_calendar_unannounced(self.inspection, *asked, refusal)
            return await self._record(untold, f"{command}:untold", readiness) is not None

    def _take_in(self, readiness: RecordState) -> None:
        """Take in what was recorded by an attempt that was cut off before the engine heard of it.

        So this story never parts from the records, and a command that was done is never done again."""
        for command_id, entries in groupby(readiness.unseen, lambda entry: entry.command_id):
            numbered = [(entry.number, entry.event) for entry in entries]
            self.inspection = self.inspection.after(numbered)
            kinds = {number: event.kind for number, event in numbered}
            self.answers[command_id] = completed(
                self.inspection, kinds, next_due(self.inspection, self.calendar, self.now)
            )
        self.known = readiness.head

    async def _record(
        self, decision: Decision, command_id: str, readiness: RecordState, hears: bool = False
    ) -> Answer | None:
        """Write the decision down in one transaction. None when the records hold more than was known: ask, and decide again.

        Raises `Refused` when the records cannot: a letter finds nobody to go to."""
        wanted, due = build_commit(decision, command_id, self.now, readiness.head, self.calendar)
        if not readiness.asked:
            wanted = wanted.model_copy(update={"knows": self.calendar.version, "hears": hears})
        recorded = await commit_decision(wanted)
        if recorded.refused is not None:
            raise Refused(recorded.refused, recorded.paragraph)
        if recorded.head < 0 or (recorded.again and not readiness.asked):
            self.in_doubt = True
            return None
        numbered = list(enumerate(decision.events, start=recorded.first))
        for number, event in numbered:
            self.inspection.apply(number, event)
        self.known = max(self.known, recorded.head)  # what was recorded before answers with the head it left
        return completed(self.inspection, {number: event.kind for number, event in numbered}, due)

    # Answers --------------------------------------------------------------------------------------------------------

    def _hear(self, readiness: RecordState) -> None:
        """What doors have kept, and could not bring: not asked at each command, lest a refused one be done after all."""
        for command in readiness.waiting:
            self._queue(command)

    def _queue(self, command: Command) -> None:
        if command.id not in self.answers and all(waiting.id != command.id for waiting in self.commands):
            self.commands.append(command)

    async def _refuse_what_came_too_late(self) -> None:
        while self.commands:
            over = Refused(f"the inspection is {self.inspection.stage}: nothing more is taken")
            before = RecordState(head=self.known, calendar=self.calendar.version)
            await self._refuse(self.commands[0], over, before)
            self.commands.popleft()
