"""One inspection, from the order to the end of the window for complaints.

The loop does one thing at a time: the next command that was sent, or the next item that is due. The framework decides
whether a step may be taken and what it brings; the records store it; the delivery workflow sends the letters."""

from collections.abc import Coroutine
from datetime import datetime
from itertools import groupby
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from framework.calendar.bank_holidays import Calendar
    from framework.common.errors import BadInput, InspectionError, Refused, Unaddressed
    from framework.editions.registry import begin_inspection
    from framework.inspection.automatic_steps import automatic_command, due_decision, held_decision
    from framework.inspection.calendar_change import apply_calendar, apply_calendar_unannounced
    from framework.inspection.service_of_notice import service_command
    from framework.inspection.start import InspectionStart
    from framework.inspection.state import summary
    from framework.lifecycle.decide import (
        Decision,
        build_commit,
        decide,
        refusal_decision,
        requires_record_state,
        validate,
    )
    from framework.lifecycle.due_items import Due, next_due
    from framework.lifecycle.results import completed, refused
    from framework.messages.commands import Answer, Command, refusal_id
    from framework.messages.commit import AlreadyCommitted, Conflict, NotSubmitted, Rejected
    from framework.messages.delivery import DeliveryOutcome
    from framework.messages.record_state import RecordState

from workflows.command_queue import CommandQueue
from workflows.record_activities import commit_decision, query_record_state
from workflows.search_attributes import SearchAttributes
from workflows.updatable_timer import UpdatableTimer


class UnknownCommand(Exception):
    """The records do not hold a command that the workflow was sent."""


@workflow.defn
class InspectionWorkflow:
    """The workflow of one inspection."""

    @workflow.init
    def __init__(self, start: InspectionStart) -> None:
        self.start = start
        self.inspection = begin_inspection(start.inspection, start.order, start.people, start.settings)
        self.calendar = Calendar(**start.calendar.model_dump())
        self.commands = CommandQueue()
        self.answers = self.commands.answers
        self.last_event = 0
        self.must_refresh = True
        self.refresh_requested = False
        self.timer = UpdatableTimer()
        self.attributes = SearchAttributes()

    @workflow.run
    async def run(self, start: InspectionStart) -> str:
        """Runs until nothing more is waited for; returns the last stage."""
        while not self.inspection.is_finished:
            self.attributes.publish(self.inspection, self.calendar, self.now)
            due = next_due(self.inspection, self.calendar, self.now)
            if self.commands:
                await self._settle(self._run_command(self.commands.first))
            elif self.refresh_requested:
                await self._run_refresh()
            elif due and due.at <= self.now:
                await self._run_due(due)
            else:
                await self._wait(due)
        self.attributes.publish(self.inspection, self.calendar, self.now)
        self.timer.cancel()
        await self._reject_remaining()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.inspection.stage.value

    @property
    def now(self) -> datetime:
        """Returns the engine's time; in a rehearsal, shifted to the day its script begins."""
        return workflow.now() + self.start.clock_shift

    # Messages -----------------------------------------------------------------------------------------------------

    @workflow.update(description="Take a step of the inspection")
    async def take_step(self, command: Command) -> Answer:
        """Queues the command and waits for its answer. The same command again has the same answer."""
        self.commands.add(command)
        await workflow.wait_condition(lambda: self.commands.is_settled(command))
        return self.commands.answer_to(command, self.inspection.stage)

    @take_step.validator
    def validate_step(self, command: Command) -> None:
        """Refuses, without a trace in the engine's history, a command that the inspection's state alone rules out."""
        if command.id in self.answers:
            return
        try:
            validate(self.inspection, command, self.calendar, self.now)
        except InspectionError as error:
            raise ApplicationError(
                str(error.args[0]), getattr(error, "paragraph", None), type=type(error).__name__, non_retryable=True
            ) from None

    @workflow.signal(description="What became of a letter that starts a clock")
    def delivery_outcome(self, outcome: DeliveryOutcome) -> None:
        """Queues the command that follows from a letter's outcome, if a limit counts from the letter."""
        command = service_command(outcome)
        if command is not None:
            self.commands.add(command)

    @workflow.signal(description="Something may have been recorded that the engine never heard of")
    def refresh(self) -> None:
        """Requests a query of the records; sent when the system starts again."""
        self.refresh_requested = True

    @workflow.query(description="The inspection as the engine has it: identifiers and days only")
    def state(self) -> dict[str, object]:
        """Returns the state for operators; screens read the records."""
        return summary(self.inspection)

    # The loop's two things ------------------------------------------------------------------------------------------

    async def _settle(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs the work of the first command; one that the records do not hold changes nothing."""
        try:
            await work
        except UnknownCommand:
            self.commands.ignore(self.commands.first)
        self.commands.remove_first()

    async def _run_command(self, command: Command) -> None:
        """Decides one command and commits the decision; a refusal is its answer, and changes nothing.

        No command is refused before the records were queried."""
        while command.id not in self.answers:
            record_state = await self._record_state_for(command.step)
            if command.id in self.answers:
                return
            try:
                decision = decide(self.inspection, command, self.calendar, self.now, record_state)
                answer = await self._commit(decision, command.id, record_state, command=command)
            except (BadInput, Refused) as error:
                if record_state.was_queried:
                    await self._reject(command, error, record_state)
                    return
                self.must_refresh = True
                continue
            if answer is not None:
                self.answers[command.id] = answer

    async def _reject(self, command: Command, error: BadInput | Refused, record_state: RecordState) -> None:
        """Commits the refusal, then answers with it: the entry point may be gone, and the system's own commands have none."""
        decision = refusal_decision(self.inspection, command, error)
        while await self._commit(decision, refusal_id(command.id), record_state, command=command) is None:
            record_state = await self._refresh(command.step)
            decision = refusal_decision(self.inspection, command, error)
        self.answers[command.id] = refused(self.inspection, error)

    async def _run_due(self, due: Due) -> None:
        """Commits what is due. What the authority submitted meanwhile is taken before its time is recorded as over."""
        planned_with = self.calendar
        record_state = await self._record_state_for(due.what)
        self._enqueue_pending(record_state)
        if not self.commands and not record_state.missed_events and self.calendar is planned_with:
            decision = due_decision(self.inspection, due, self.calendar, self.now, record_state)
            command = automatic_command(self.inspection, due, self.now, record_state.head)
            try:
                await self._commit(decision, command.id, record_state, requires_no_pending_commands=True)
            except Refused as refusal:
                await self._hold(due, refusal, command.id, record_state)

    async def _hold(self, due: Due, refusal: Refused, command_id: str, record_state: RecordState) -> None:
        """Commits that a due item could not be done, with the letters that can be sent, or with none if even those cannot."""
        because = (self.inspection, due, refusal, self.calendar, self.now, record_state)
        try:
            await self._commit(held_decision(*because), f"{command_id}:held", record_state, True)
        except Refused:
            unsent = held_decision(*because, with_letters=False)
            await self._commit(unsent, f"{command_id}:unsent", record_state, True)

    async def _run_refresh(self) -> None:
        """Applies what the records hold beyond this workflow: its own interrupted commits, and commands of the entry points."""
        self.refresh_requested = False
        self._enqueue_pending(await self._refresh("refresh"))

    async def _wait(self, due: Due | None) -> None:
        """Waits on the one timer for the next due item, or until a command arrives."""
        await self.timer.wait(due, self.now, lambda: bool(self.commands) or self.refresh_requested)

    # The records ----------------------------------------------------------------------------------------------------

    async def _record_state_for(self, step: str) -> RecordState:
        """Returns the state a decision is made with: of the records, if a rule reads them or they may hold more than this
        workflow; otherwise its own, and the commit checks that nothing else was written."""
        is_read = step != "reminder" and requires_record_state(self.inspection, step)
        if is_read or self.must_refresh:
            return await self._refresh(step)
        return RecordState(head=self.last_event, calendar=self.calendar.version, was_queried=False)

    async def _refresh(self, step: str) -> RecordState:
        """Queries the records. A newer calendar is applied before anything else is decided."""
        record_state = await self._query_records(step)
        while (before := self._stale_calendar(record_state)) is not None:
            if await self._apply_new_calendar(before, record_state):
                return record_state.model_copy(update={"head": self.last_event})  # nothing else of it has changed
            record_state = await self._query_records(step)
        return record_state

    async def _query_records(self, step: str) -> RecordState:
        """Queries the records once, and applies the events that this workflow lacks."""
        record_state = await query_record_state(self.start, self.calendar.version, step, self.last_event)
        self._apply_missed_events(record_state)
        self.must_refresh = False
        return record_state

    def _stale_calendar(self, record_state: RecordState) -> Calendar | None:
        """Returns the calendar the limits were last computed with, if a newer one is in force.

        It also sets `self.calendar` to the one in force."""
        applied = record_state.applied_calendar_data
        calendar = Calendar(**applied.model_dump()) if applied else self.calendar
        if record_state.calendar_data is not None:
            self.calendar = Calendar(**record_state.calendar_data.model_dump())
        return calendar if record_state.applied_calendar not in ("", record_state.calendar) else None

    async def _apply_new_calendar(self, before: Calendar, record_state: RecordState) -> bool:
        """Commits the changes of the newer calendar, once for each version, with one letter to those it concerns.

        Returns False if something else was written first: the caller queries again."""
        command, arguments = f"calendar:{self.calendar.version}", (before, self.calendar, self.now, record_state.head)
        try:
            return await self._commit(apply_calendar(self.inspection, *arguments), command, record_state) is not None
        except Refused as refusal:
            untold = apply_calendar_unannounced(self.inspection, *arguments, refusal)
            return await self._commit(untold, f"{command}:untold", record_state) is not None

    def _apply_missed_events(self, record_state: RecordState) -> None:
        """Applies what an attempt committed that was interrupted before the engine had its result.

        Otherwise the workflow would differ from the records, and a command that was done could be done again."""
        for command_id, entries in groupby(record_state.missed_events, lambda entry: entry.command_id):
            numbered = [(entry.number, entry.event) for entry in entries]
            self.inspection = self.inspection.after(numbered)
            kinds = {number: event.kind for number, event in numbered}
            self.answers[command_id] = completed(
                self.inspection, kinds, next_due(self.inspection, self.calendar, self.now)
            )
        self.last_event = record_state.head

    async def _commit(
        self,
        decision: Decision,
        command_id: str,
        record_state: RecordState,
        requires_no_pending_commands: bool = False,
        command: Command | None = None,
    ) -> Answer | None:
        """Commits the decision in one transaction. Returns None if the records hold more than was known: the caller queries
        them and decides again.

        Raises `Refused` if it cannot be written: a letter has no recipient with an address."""
        commit, due = build_commit(decision, command_id, self.now, record_state.head, self.calendar)
        commit = commit.model_copy(update={"command": command})
        if not record_state.was_queried:
            commit = commit.unqueried(self.calendar.version, requires_no_pending_commands)
        result = await commit_decision(commit)
        if isinstance(result, NotSubmitted):
            raise UnknownCommand
        if isinstance(result, Rejected):
            if result.letters:
                raise Unaddressed(result.message, result.paragraph, result.letters)
            raise Refused(result.message, result.paragraph)
        unknown_before = isinstance(result, AlreadyCommitted) and not record_state.was_queried
        if isinstance(result, Conflict) or unknown_before:
            self.must_refresh = True
            return None
        numbered = list(enumerate(decision.events, start=result.first_event))
        for number, event in numbered:
            self.inspection.apply(number, event)
        self.last_event = max(self.last_event, result.head)  # an earlier commit answers with the head of then
        return completed(self.inspection, {number: event.kind for number, event in numbered}, due)

    # Answers --------------------------------------------------------------------------------------------------------

    def _enqueue_pending(self, record_state: RecordState) -> None:
        """Queues the commands that entry points stored and could not send: only here, lest a refused one be taken after all."""
        for command in record_state.pending_commands:
            self.commands.add(command)

    async def _reject_remaining(self) -> None:
        while self.commands:
            over = Refused(f"the inspection is {self.inspection.stage}: nothing more is taken")
            before = RecordState(head=self.last_event, calendar=self.calendar.version)
            await self._settle(self._reject(self.commands.first, over, before))
