"""How `inspections show` tells people of one inspection, in 80 columns."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from application.queries.available_steps import OpenStep
from application.queries.inspection_view import CaseView, Row
from application.serializers import wording
from application.serializers.limits_now import next_limit
from framework.calendar.london_time import say_moment
from framework.correspondence.documents import document as document_rule
from framework.editions.registry import edition
from framework.inspection.stages import Stage
from framework.lifecycle.limit_status import limit_statuses_on
from framework.report.change_words import after_comments, change_summary
from interfaces.cli import appointments
from interfaces.cli.output import print_facts, print_table, print_text
from interfaces.cli.tasks import as_json as task_as_json

LONGEST_PASSAGE = 300
"""Letters of a passage that are shown."""
ERASED = "erased"
"""What stands in the place of what was erased."""


def print_case(case: CaseView, steps: tuple[OpenStep, ...], then: datetime | None) -> None:
    """Everything there is to see."""
    print_text(f"{case.state.id}: {wording.plain(case.state.scope)} inspection of {case.row['authority']}")
    if then:
        print_text(f"as it was known at {say_moment(then)} (London)")
    print_text()
    _facts(case)
    _limits(case)
    _part("People", ("Role", "Person"), _people(case, then))
    if then:
        print_text("Addresses of then are not kept; names are those of today.")
    _part("Letters (newest last)", ("Event", "Letter", "To", "What became of it"), _letters(case))
    _part(f"Documents (in documents/{case.state.id})", ("Event", "Document", "File"), _documents(case))
    tasks = [(say_moment(task["opened_at"]), task_as_json(task)["words"]) for task in case.tasks]
    _part("What waits for a person", ("Since (London)", "What"), tasks)
    _report(case)
    if not then:
        _waiting(case)
        _steps(steps)


def _facts(case: CaseView) -> None:
    state, coming = (
        case.state,
        next_limit(case.state, limit_statuses_on(case.state, case.calendar, case.today), case.today),
    )
    facts: dict[str, object] = {
        "Stage": wording.plain(state.stage),
        **({"Erased": f"words, names, addresses and files, {wording.day(case.erased_on)}"} if case.erased_on else {}),
        "Notice": state.notice,
        "Fieldwork": appointments.fieldwork(state),
        "Set-up meeting": appointments.meeting(state),
    }
    if coming:
        facts["Due next"] = f"{coming['title']}, {wording.day(coming['due'])}"
    if coming or case.waits_for_mail:
        owner = coming["waits_for"] if coming else None
        facts["Waits for"] = wording.waits_for(owner, case.waits_for_mail, state.people)
    if state.overrides:
        facts["Overridden"] = ", ".join(sorted(state.overrides))
    print_facts(facts)


def _limits(case: CaseView) -> None:
    rows = [
        (
            one.rule.title,
            wording.day(one.due) + (" ~" if one.due_date.projected else ""),
            wording.paragraph(one.rule.paragraph, one.rule.policy),
            wording.state(one, case.today, case.calendar, case.state.stage).replace("late", "LATE"),
        )
        for one in limit_statuses_on(case.state, case.calendar, case.today)
    ]
    _part("Limits", ("Limit", "By", "Para", "How it stands"), rows)
    print_text(f"{wording.POLICY_NOTE}   ~ worked out from the latest day before it")


def _people(case: CaseView, then: datetime | None) -> Iterable[tuple[str, ...]]:
    for one in case.people:
        yield (
            wording.role(one["role"] or ""),
            f"{one['name']} ({one['person']})" + ("" if then else f"\n{one['email'] or 'no address'}"),
        )


def _letters(case: CaseView) -> Iterable[tuple[object, ...]]:
    for one in case.letters:
        if one["erased"]:
            yield one["event"], one["title"], ERASED, one["fate"]
            continue
        copies = f"\ncopy: {', '.join(one['cc_people'])}" if one["cc_people"] else ""
        yield one["event"], one["title"], ", ".join(one["to_people"]) + copies, one["fate"]


def _documents(case: CaseView) -> Iterable[tuple[object, ...]]:
    for one in case.documents:
        state = f", {one['state']}" if one["state"] else ""
        file = PurePath(one["path"]).name if one["path"] else one["error"] or "being made"
        yield one["event"], document_rule(one["kind"]).title + state, ERASED if one["erased"] else file


def _report(case: CaseView) -> None:
    graded = [one for one in case.sections if one["grade"]]
    wanted = len(edition(case.row["edition"]).graded(case.row["scope"]))
    if graded:
        print_text(f"\nReport: {len(graded)} of {wanted} headings graded")
    comments = case.comments
    if comments:
        waiting = [str(one["number"]) for one in comments if one["used"] and one["accepted"] is None]
        left = f"; still to answer: {', '.join(waiting)}" if waiting else "; all answered"
        print_text(f"\nComments on the draft: {len(comments)}{left}")
        for one in comments:
            said = f"{one['where'] or ERASED}: {one['text']}" if one["text"] else ERASED
            print_text(f"  {one['number']}. {said}")
    _changes(case)


def _changes(case: CaseView) -> None:
    """What quality assurance looks at before it approves the final report (paras 51, 61)."""
    if case.state.final.submitted is None and case.state.stage is not Stage.FINALISING:
        return
    print_text("\nChanged since the draft was sent (worked out from the two reports)")
    for one in case.changes:
        cause = after_comments(one["comments"]) if one["comments"] else f"no comment asked for it: {_word(one)}"
        print_text(f"  {one['title']}: {change_summary(one)}; {cause}")
        for passage in one["passages"]:
            print_text(f"    - {_short(passage['was'])}\n    + {_short(passage['now'])}")
    for one in case.unchanged:
        about = f" ({'; '.join(one['titles'])})" if one["titles"] else ""
        print_text(f"  Comment {one['number']} was accepted and nothing it is about changed{about}: {_word(one)}")
    if not case.changes and not case.unchanged:
        print_text("  Nothing.")


def _word(one: Row) -> str:
    return one["word"] or "THE LEAD INSPECTOR HAS NOT SAID WHY (explain_change)"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_PASSAGE else f"{words[:LONGEST_PASSAGE]} … (in full in the table of comments)"


def _waiting(case: CaseView) -> None:
    for one in case.row["waiting"]:
        print_text(f"\nHanded in and not taken yet: {one['step']} by {one['person']}, {say_moment(one['received_at'])}")


def _steps(steps: tuple[OpenStep, ...]) -> None:
    rows = [
        (
            step.name,
            ", ".join(wording.role(role) for role in step.roles),
            "yes" if step.ready else "; ".join(need.why for need in step.needs if need.holds is False),
        )
        for step in steps
    ]
    _part("What can be done now (inspections do ID STEP)", ("Step", "By", "Ready"), rows)


def _part(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    kept = list(rows)
    print_text(f"\n{title}")
    print_table(columns, kept, empty="None.")
