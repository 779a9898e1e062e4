"""Checks the expectations of an entry of a script."""

from collections import Counter
from collections.abc import Iterator

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_statuses
from rehearsal.observer import Records
from rehearsal.script import Expected


def refused_as_expected(
    position: str, what: str, expected: Expected | None, refusal: BadInput | Refused | None
) -> None:
    """Raises `CheckFailed` if a step was refused unexpectedly, or taken although a refusal was expected."""
    expects_refusal = expected is not None and (expected.refused or expected.paragraph is not None)
    if refusal is None:
        if expects_refusal:
            raise CheckFailed(f"{position}: {what} was taken, although the script expects it to be refused")
        return
    message = "; ".join((str(refusal), *getattr(refusal, "faults", ())))
    if not expects_refusal:
        raise CheckFailed(f"{position}: {what} was refused: {message}")
    assert expected is not None
    paragraph = getattr(refusal, "paragraph", None)
    if isinstance(expected.refused, str) and expected.refused.lower() not in message.lower():
        raise CheckFailed(f"{position}: the refusal says «{message}», without «{expected.refused}»")
    if expected.paragraph not in (None, paragraph):
        raise CheckFailed(f"{position}: {what} was refused under para {paragraph}, not {expected.paragraph}: {message}")


def check_expected(
    position: str, expected: Expected, since: int, records: Records, inspection: Inspection, calendar: Calendar
) -> None:
    """Raises `CheckFailed` naming every expectation that is not met; `since` is the newest event before the entry."""
    wrong = [
        *_stage(expected, inspection),
        *_letters(expected, since, records),
        *_events(expected, since, records),
        *_due(expected, inspection, calendar),
        *_tasks(expected, records),
    ]
    if wrong:
        raise CheckFailed(f"{position}: {'; '.join(wrong)}")


def _stage(expected: Expected, inspection: Inspection) -> Iterator[str]:
    if expected.stage is not None and inspection.stage is not expected.stage:
        yield f"the stage is {inspection.stage}, not {expected.stage}"


def _letters(expected: Expected, since: int, records: Records) -> Iterator[str]:
    if expected.letters is None:
        return
    came = Counter(row.kind for row in records.letters() if row.event_number > since)
    yield from _differences("letters", came, Counter(expected.letters))


def _events(expected: Expected, since: int, records: Records) -> Iterator[str]:
    came = {row.kind for row in records.events_after(since)}
    missing = [kind for kind in expected.events or () if kind not in came]
    if missing:
        yield f"events missing: {', '.join(missing)} (there came {', '.join(sorted(came)) or 'none'})"


def _due(expected: Expected, inspection: Inspection, calendar: Calendar) -> Iterator[str]:
    due_days = {status.rule.key: status.due for status in limit_statuses(inspection, calendar)}
    for key, day in expected.due.items():
        if due_days.get(key) != day:
            yield f"{key} is due {due_days.get(key, 'on no day yet')}, not {day}"


def _tasks(expected: Expected, records: Records) -> Iterator[str]:
    if expected.tasks is not None:
        yield from _differences("open tasks", Counter(records.open_tasks()), Counter(expected.tasks))


def _differences(what: str, came: Counter[str], expected: Counter[str]) -> Iterator[str]:
    if missing := sorted((expected - came).elements()):
        yield f"{what} missing: {', '.join(missing)}"
    if more := sorted((came - expected).elements()):
        yield f"{what} not expected: {', '.join(more)}"
