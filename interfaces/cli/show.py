"""`inspections show`: one inspection, as it is now or as it was known at a past moment."""

from application.queries.inspection_view import inspection_view
from application.serializers.inspection import inspection_as_json
from interfaces.cli.as_of import AsOf, moment
from interfaces.cli.options import Data, InspectionId, Json
from interfaces.cli.output import print_json
from interfaces.cli.sessions import reading_session
from interfaces.cli.show_text import print_inspection


def show(inspection: InspectionId, as_of: AsOf = "", json: Json = False, data: Data = None) -> None:
    """One inspection: its limits and their status, people, letters and their outcomes, documents, tasks, and what can be done.

    With --as-of it is shown as the records knew it at that moment (the end of a day in London; London time without offset).
    """
    then = moment(as_of)
    with reading_session(data) as session:
        view = inspection_view(session.caller, session.context, inspection, then, as_of)
        if json:
            print_json(inspection_as_json(view))
        else:
            print_inspection(view)
