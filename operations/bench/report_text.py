"""The words of a measured report. They are written in one transaction: over ten days on site, in life."""

from framework.calendar.london_time import london_day
from framework.common.free_text import detach
from framework.inspection.forms import Grade
from framework.lifecycle.lifecycle import find
from framework.messages.commands import Actor, Command
from operations.bench.environment import BenchEnvironment
from records.database.connection import writing
from records.inspections import content, repository, submissions
from rehearsal import report_filler
from rehearsal.script import ReportFill

TIMES = 2
"""How often each text is repeated, so that the report has the twenty pages of an ordinary one."""


def write_report(house: BenchEnvironment, reference: str, by: str) -> None:
    """Write every heading of the report, as its lead inspector."""
    moment = house.system().now()
    with writing(house.records) as session:
        inspection = repository.state(session, reference)
        for place, (step, fields) in enumerate(report_filler.steps(ReportFill(grade=Grade.GOOD), inspection.order)):
            row = find(step, inspection.stage)
            assert row is not None, "the report is written during fieldwork"
            if "text" in fields:
                fields = {**fields, "text": "\n\n".join([fields["text"]] * TIMES)}
            plain, texts = detach(row.form.model_validate(dict(fields)), f"{reference}/words-{place}")
            submissions.store_texts(session, reference, texts, moment)
            command = Command(
                id=f"words-{place}",
                step=step,
                actor=Actor(person=by, entry_point="bench"),
                on=london_day(moment),
                received=moment,
                fields=plain,
            )
            content.write(session, inspection, command, recorded=moment)
