"""What letters say that only the records know: names of the team, judgements, what changed, where the report stands."""

from typing import Any

from sqlalchemy import Connection

from framework.common.errors import Refused
from framework.correspondence.documents import file_name
from framework.correspondence.letters import INVITE_COMPLAINTS, WITHDRAWN
from framework.correspondence.office import OfficeAddresses
from framework.messages.orders import LetterOrder
from framework.vocabulary.roles import Role
from records.outbox.merge_context import MergeContext
from records.outbox.report_content import newest_data

TEAM = (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.CQC_INSPECTOR)


def facts_of(connection: Connection, case: MergeContext, order: LetterOrder, office: OfficeAddresses) -> dict[str, Any]:
    """Returns facts to lay over those of the order."""
    facts: dict[str, Any] = {fact: _name(case, person) for fact, person in order.names.items()}
    if order.kind == "announcement":
        facts["team"] = [contact.name for role in TEAM for contact in case.contacts.by_role.get(role, ())]
    elif order.kind == "final_report":
        facts |= _of_the_report(connection, case)
    elif order.kind == "publication":
        facts |= _place_of_the_report(case.recording.inspection, office.reports_url)
    if order.kind in INVITE_COMPLAINTS:
        facts["complaints_to"] = office.complaints_to
    if withdrawn := order.facts.get(WITHDRAWN):
        facts[WITHDRAWN] = {**withdrawn, **_invited(case)}
    return facts


def _invited(case: MergeContext) -> dict[str, Any]:
    """Returns whose calendars the withdrawal is for, and the people who sent the invitation: a calendar follows only them."""
    invited = [{"name": contact.name, "email": contact.email} for contact in case.reachable(case.earlier.invited)]
    return {"invited": invited, "people": case.earlier.inviting}


def _place_of_the_report(inspection: str, reports_url: str) -> dict[str, str]:
    """Returns the file among the published reports, and its address; empty where the office has named none."""
    file = file_name("final_report", inspection)
    return {"file": file, "link": f"{reports_url.rstrip('/')}/{file}" if reports_url else ""}


def _name(case: MergeContext, person: str) -> str:
    contact = case.contacts.by_person.get(person)
    return contact.name if contact else person


def _of_the_report(connection: Connection, case: MergeContext) -> dict[str, Any]:
    """Returns judgements and changes as they were frozen with the report, whatever was written since."""
    report = newest_data(connection, case.recording.inspection, "final_report")
    table = newest_data(connection, case.recording.inspection, "comments_table")
    if report is None or table is None:
        raise Refused(f"the final report of {case.recording.inspection} is not made yet", 52)
    headings = [heading for half in report["report"]["halves"] for heading in half["headings"]]
    return {
        "judgements": [
            {"heading": heading["key"], "grade": heading["grade"]} for heading in headings if heading["grade"]
        ],
        "changes": table["facts"]["changes"],
        "unchanged": table["facts"]["unchanged"],
        "comments": len(table["facts"]["comments"]),
    }
