"""Reading the mailbox that letters come back to: each is recorded, and the inspection whose clock depends on it is signalled."""

import asyncio
from datetime import datetime

from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.mail.delivery_reports import delivery_report
from activities.mail.mailboxes import BounceMailbox, MailboxFault
from activities.names import READ_BOUNCES, REFRESH, inspection_workflow_id
from activities.support.activity_time import started_at
from activities.support.heartbeat import heartbeating
from framework.messages.delivery import ShiftedId
from records.database.connection import writing
from records.inspections import returned_letters
from records.inspections.returned_letters import ReturnedLetter


class BounceActivities:
    """The activity that reads the mailbox; without a mailbox it reads nothing."""

    def __init__(self, records: Engine, client: Client, mailbox: BounceMailbox | None) -> None:
        self._records = records
        self._client = client
        self._mailbox = mailbox

    @activity.defn(name=READ_BOUNCES)
    async def read(self, shift: ShiftedId) -> int:
        """Reads what came since the last time; returns how many letters did not arrive.

        A message is marked as read after it is recorded and the workflow is signalled: after an interruption in between it is
        read again, and changes nothing. A mailbox that cannot be read becomes a task, and is tried again in the next round."""
        if self._mailbox is None:
            return 0
        async with heartbeating():
            moment = started_at(shift.clock_shift)
            try:
                count = await self._read(self._mailbox, moment)
            except MailboxFault as fault:
                await asyncio.to_thread(self._record_fault, str(fault), moment)
                return 0
            await asyncio.to_thread(self._record_success, moment)
            return count

    async def _read(self, mailbox: BounceMailbox, moment: datetime) -> int:
        messages, count = mailbox.unread(), 0
        while (message := await asyncio.to_thread(next, messages, None)) is not None:
            returned = await asyncio.to_thread(self._record, message, moment)
            if returned is not None:
                count += 1
                await self._refresh(returned)
        return count

    def _record(self, message: bytes, moment: datetime) -> ReturnedLetter | None:
        report = delivery_report(message)
        if report is None:
            return None
        with writing(self._records) as session:
            return returned_letters.record_returned(session, report.message_id, report.recipients, moment)

    async def _refresh(self, returned: ReturnedLetter) -> None:
        """Has the workflow take in the kept command; one that does not run takes it in when it is begun again."""
        if not returned.has_command:
            return
        try:
            await self._client.get_workflow_handle(inspection_workflow_id(returned.inspection)).signal(REFRESH)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    def _record_fault(self, why: str, moment: datetime) -> None:
        with writing(self._records) as session:
            returned_letters.mailbox_fault(session, why, moment)

    def _record_success(self, moment: datetime) -> None:
        with writing(self._records) as session:
            returned_letters.mailbox_read(session, moment)
