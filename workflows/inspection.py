"""One inspection, from the order to the end of the window for complaints.

The loop does one thing at a time: the next command somebody sent, or the next thing that is due of itself. Whether a
step may be taken, and what it brings, the framework says; the records write it down; letters go out beside this story."""

from collections import deque
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.names import READINESS, RECORD
    from framework.agenda import Due, next_due
    from framework.automatic import automatic_command, due_decision
    from framework.calendar import Calendar
    from framework.decide import Decision, decide, look, recording
    from framework.errors import BadInput, InspectionError, Refused
    from framework.inspection import begin, summary
    from framework.messages import (
        Answer,
        Command,
        InspectionStart,
        LetterFate,
        Readiness,
        ReadinessQuestion,
        Recorded,
        Recording,
    )
    from framework.service import service_command

UNTIL_IT_WORKS = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=20))
"""Records that cannot be reached are tried again for as long as it takes: nothing is lost, and nobody is late by it."""
ONE_TRY = timedelta(seconds=30)


@workflow.defn
class InspectionWorkflow:
    """The durable story of one inspection."""

    @workflow.init
    def __init__(self, start: InspectionStart) -> None:
        self.start = start
        self.inspection = begin(start.inspection, start.order, start.people)
        self.calendar = Calendar(**start.calendar.model_dump())
        self.commands: deque[Command] = deque()
        self.answers: dict[str, Answer] = {}
        self.calendar_moved = False

    @workflow.run
    async def run(self, start: InspectionStart) -> str:
        """Live until nothing more is waited for; the answer is the last stage."""
        while not self.inspection.over:
            due = next_due(self.inspection, self.calendar, self.now)
            if self.commands:
                await self._take(self.commands[0])
                self.commands.popleft()
            elif due and due.at <= self.now:
                await self._happen(due)
            else:
                await self._wait(due)
        self._refuse_what_came_too_late()
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
            look(self.inspection, command, self.calendar, self.now)
        except InspectionError as error:
            raise ApplicationError(
                str(error.args[0]), getattr(error, "paragraph", None), type=type(error).__name__, non_retryable=True
            ) from None

    @workflow.signal(description="What became of a letter that starts a clock")
    def letter_fate(self, fate: LetterFate) -> None:
        """A letter on which a clock hangs was accepted, or refused for good."""
        command = service_command(fate)
        if command is not None:
            self._queue(command)

    @workflow.query(description="The inspection as the engine has it: identifiers and days only")
    def state(self) -> dict[str, object]:
        """For operators; screens read the records."""
        return summary(self.inspection)

    # The loop's two things ------------------------------------------------------------------------------------------

    async def _take(self, command: Command) -> None:
        """Decide one command and record what it brings; a refusal is its answer, and changes nothing."""
        while command.id not in self.answers:
            readiness = await self._ask(command.step)
            try:
                decision = decide(self.inspection, command, self.calendar, self.now, readiness)
            except (BadInput, Refused) as error:
                self.answers[command.id] = self._refusal(error)
                return
            answer = await self._record(decision, command.id, readiness)
            if answer is not None:
                self.answers[command.id] = answer

    async def _happen(self, due: Due) -> None:
        """Let a due thing happen. What the authority handed in meanwhile is heard before its time is said to be over."""
        readiness = await self._ask(due.what)
        for command in readiness.waiting:
            self._queue(command)
        if not self.commands:
            decision = due_decision(self.inspection, due, self.calendar, self.now, readiness)
            command = automatic_command(self.inspection, due, self.now, readiness.head)
            await self._record(decision, command.id, readiness)

    async def _wait(self, due: Due | None) -> None:
        """Sleep on the one timer, to the next thing due, or until somebody sends a command."""
        words = due.words() if due else "a step that somebody takes"
        pause = due.at - self.now if due else None
        try:
            await workflow.wait_condition(lambda: bool(self.commands), timeout=pause, timeout_summary=words)
        except TimeoutError:
            return

    # The records ----------------------------------------------------------------------------------------------------

    async def _ask(self, step: str) -> Readiness:
        question = ReadinessQuestion(inspection=self.inspection.id, calendar=self.calendar.version, step=step)
        readiness: Readiness = await workflow.execute_local_activity(
            READINESS,
            question,
            result_type=Readiness,
            start_to_close_timeout=ONE_TRY,
            retry_policy=UNTIL_IT_WORKS,
            summary=f"what the records say before: {step}",
        )
        if readiness.calendar_data is not None:
            self.calendar = Calendar(**readiness.calendar_data.model_dump())
        return readiness

    async def _record(self, decision: Decision, command_id: str, readiness: Readiness) -> Answer | None:
        """Write the decision down in one transaction. None when something else was written first: ask again."""
        wanted, due = recording(decision, command_id, self.now, readiness.head, self.calendar)
        recorded = await self._write(wanted)
        if recorded.head < 0:
            return None
        self.inspection = decision.after
        return Answer(
            stage=self.inspection.stage,
            events=tuple(range(recorded.first, recorded.first + len(decision.events))),
            kinds=tuple(event.kind for event in decision.events),
            next_due=due.at if due else None,
            next_what=due.words() if due else "",
        )

    async def _write(self, wanted: Recording) -> Recorded:
        recorded: Recorded = await workflow.execute_local_activity(
            RECORD,
            wanted,
            result_type=Recorded,
            start_to_close_timeout=ONE_TRY,
            retry_policy=UNTIL_IT_WORKS,
            summary=f"record: {', '.join(event.kind for event in wanted.events)}",
        )
        return recorded

    # Answers --------------------------------------------------------------------------------------------------------

    def _queue(self, command: Command) -> None:
        if command.id not in self.answers and all(waiting.id != command.id for waiting in self.commands):
            self.commands.append(command)

    def _refusal(self, error: BadInput | Refused) -> Answer:
        return Answer(
            stage=self.inspection.stage,
            refused=str(error.args[0]),
            paragraph=getattr(error, "paragraph", None),
            bad_input=isinstance(error, BadInput),
        )

    def _refuse_what_came_too_late(self) -> None:
        for command in self.commands:
            self.answers[command.id] = Answer(
                stage=self.inspection.stage, refused=f"the inspection is {self.inspection.stage}: nothing more is taken"
            )
