"""Writes the text of a measured report, in one transaction; in an inspection it is written over ten days on site."""

from framework.calendar.london_time import london_day
from framework.common.free_text import detach
from framework.inspection.report_forms import Grade
from framework.inspection.steps import STEPS
from framework.messages.commands import Actor, Command
from operations.bench.environment import BenchEnvironment
from records.database.connection import writing
from records.inspections import content, repository, submissions
from rehearsal import report_filler
from rehearsal.script import ReportFill

COPIES = 2
"""How often each text is repeated, so that the report has the twenty pages of an ordinary one."""


def write_report(environment: BenchEnvironment, reference: str, by: str) -> None:
    """Writes every heading of the report, as the lead inspector `by`."""
    moment = environment.system().now()
    with writing(environment.records) as session:
        inspection = repository.state(session, reference)
        for number, (step, fields) in enumerate(report_filler.steps(ReportFill(grade=Grade.GOOD), inspection.order)):
            row = STEPS.find(step, inspection.stage)
            assert row is not None, "the report is written during fieldwork"
            if "text" in fields:
                fields = {**fields, "text": "\n\n".join([fields["text"]] * COPIES)}
            plain, texts = detach(row.form.model_validate(dict(fields)), f"{reference}/words-{number}")
            submissions.store_texts(session, reference, texts, moment)
            command = Command(
                id=f"words-{number}",
                step=step,
                actor=Actor(person=by, entry_point="bench"),
                on=london_day(moment),
                received=moment,
                fields=plain,
            )
            content.write(session, inspection, command, recorded=moment)
