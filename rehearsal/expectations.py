"""Looking whether an entry brought about what the script expects of it."""

from collections import Counter
from collections.abc import Iterator

from framework.calendar.bank_holidays import Calendar
from framework.common.errors import BadInput, CheckFailed, Refused
from framework.inspection.state import Inspection
from framework.lifecycle.limit_status import limit_statuses
from rehearsal.observer import Records
from rehearsal.script import Expected


def refused_as_expected(place: str, what: str, expected: Expected | None, refusal: BadInput | Refused | None) -> None:
    """Raises `CheckFailed` where a step was refused and should not have been, or the other way round."""
    wanted = expected is not None and (expected.refused or expected.paragraph is not None)
    if refusal is None:
        if wanted:
            raise CheckFailed(f"{place}: {what} was taken, although the script expects it to be refused")
        return
    said = "; ".join((str(refusal), *getattr(refusal, "faults", ())))
    if not wanted:
        raise CheckFailed(f"{place}: {what} was refused: {said}")
    assert expected is not None
    paragraph = getattr(refusal, "paragraph", None)
    if isinstance(expected.refused, str) and expected.refused.lower() not in said.lower():
        raise CheckFailed(f"{place}: the refusal says «{said}», without «{expected.refused}»")
    if expected.paragraph not in (None, paragraph):
        raise CheckFailed(f"{place}: {what} was refused under para {paragraph}, not {expected.paragraph}: {said}")


def came_about(
    place: str, expected: Expected, since: int, records: Records, inspection: Inspection, calendar: Calendar
) -> None:
    """Raises `CheckFailed` naming everything that is not as the script expects; `since` is the last event before."""
    wrong = [
        *_stage(expected, inspection),
        *_letters(expected, since, records),
        *_events(expected, since, records),
        *_due(expected, inspection, calendar),
        *_tasks(expected, records),
    ]
    if wrong:
        raise CheckFailed(f"{place}: {'; '.join(wrong)}")


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
    stand = {standing.rule.key: standing.due for standing in limit_statuses(inspection, calendar)}
    for key, day in expected.due.items():
        if stand.get(key) != day:
            yield f"{key} is due {stand.get(key, 'on no day yet')}, not {day}"


def _tasks(expected: Expected, records: Records) -> Iterator[str]:
    if expected.tasks is not None:
        yield from _differences("open tasks", Counter(records.open_tasks()), Counter(expected.tasks))


def _differences(what: str, came: Counter[str], expected: Counter[str]) -> Iterator[str]:
    if missing := sorted((expected - came).elements()):
        yield f"{what} missing: {', '.join(missing)}"
    if more := sorted((came - expected).elements()):
        yield f"{what} not expected: {', '.join(more)}"
