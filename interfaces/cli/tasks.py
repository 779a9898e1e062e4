"""`inspections tasks`: what waits for a person, and what to do about it."""

from application.queries.tasks import open_tasks
from application.serializers.task_wording import task_words
from application.serializers.tasks import tasks_as_json
from framework.calendar.london_time import say_moment
from interfaces.cli.options import Data, Json, OptionalInspectionId
from interfaces.cli.output import print_json
from interfaces.cli.screen import print_table
from interfaces.cli.sessions import reading_session


def tasks(inspection: OptionalInspectionId = "", json: Json = False, data: Data = None) -> None:
    """What waits for a person: letters that failed, gates that do not hold, requests to decide on. Oldest first."""
    with reading_session(data) as session:
        waiting = open_tasks(session.caller, session.context, inspection)
        if json:
            print_json(tasks_as_json(waiting))
            return
        rows = [(task.inspection, say_moment(task.opened), task_words(task.kind, task.facts)) for task in waiting]
        print_table(("Inspection", "Since (London)", "What waits"), rows, empty="Nothing waits for a person.")
