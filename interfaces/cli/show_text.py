"""How `inspections show` presents one inspection to people, in 80 columns."""

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from application.queries.inspection_concerns import InspectionConcern
from application.queries.inspection_view import InspectionView
from application.serializers import wording
from application.serializers.limits import next_limit
from application.serializers.task_wording import task_words
from framework.calendar.london_time import say_moment
from framework.editions.registry import edition
from framework.inspection.concerns import RAISER_WORDS
from framework.inspection.stages import Stage
from framework.report.change_review import ChangeReview
from framework.report.change_words import after_comments, change_summary
from interfaces.cli import appointments
from interfaces.cli.output import print_text
from interfaces.cli.screen import print_facts, print_indented, print_table

LONGEST_PASSAGE = 300
"""Letters of a passage that are shown."""
ERASED = "erased"
"""What stands in the place of what was erased."""


def print_inspection(view: InspectionView) -> None:
    """Prints everything there is to see."""
    print_text(f"{view.state.id}: {wording.plain(view.state.scope)} inspection of {view.authority}")
    if view.as_of:
        print_text(f"as it was known at {say_moment(view.as_of)} (London)")
    print_text()
    _print_facts(view)
    _print_limits(view)
    _print_part("People", ("Role", "Person"), _people(view))
    if view.as_of:
        print_text("Addresses of then are not kept; names are those of today.")
    _print_part("Letters (newest last)", ("Event", "Letter", "To", "What became of it"), _letters(view))
    _print_part(f"Documents (in documents/{view.state.id})", ("Event", "Document", "File"), _documents(view))
    tasks = [(say_moment(task.opened), task_words(task.kind, task.facts)) for task in view.tasks]
    _print_part("What waits for a person", ("Since (London)", "What"), tasks)
    _print_concerns(view.concerns)
    _print_report(view)
    if not view.as_of:
        _print_waiting(view)
        _print_steps(view)


def _print_facts(view: InspectionView) -> None:
    state, coming = view.state, next_limit(view.state, view.limits, view.today)
    facts: dict[str, object] = {
        "Stage": wording.plain(state.stage),
        **({"Erased": f"words, names, addresses and files, {wording.day(view.erased_on)}"} if view.erased_on else {}),
        "Notice": state.notice,
        "Fieldwork": appointments.fieldwork(state),
        "Set-up meeting": appointments.meeting(state),
    }
    if coming:
        facts["Due next"] = f"{coming.title}, {wording.day(coming.due)}"
    if coming or view.waits_for_mail:
        owner = coming.waits_for if coming else None
        facts["Waits for"] = wording.waits_for(owner, view.waits_for_mail, state.people)
    if state.overrides:
        facts["Overridden"] = ", ".join(sorted(state.overrides))
    print_facts(facts)


def _print_limits(view: InspectionView) -> None:
    rows = [
        (
            limit.rule.title if limit in view.limits else wording.missed_round(limit),
            wording.day(limit.due) + (" ~" if limit.due_date.projected else ""),
            wording.paragraph(limit.rule.paragraph, limit.rule.policy),
            wording.state(limit, view.today, view.calendar, view.state.stage).replace("late", "LATE"),
        )
        for limit in (*view.limits, *view.earlier_misses)
    ]
    _print_part("Limits", ("Limit", "By", "Para", "How it stands"), rows)
    print_text(f"{wording.POLICY_NOTE}   ~ worked out from the latest day before it")


def _people(view: InspectionView) -> Iterable[tuple[str, ...]]:
    for person in view.people:
        address = "" if view.as_of else f"\n{person.email or 'no address'}"
        yield wording.role(person.role), f"{person.name} ({person.person}){address}"


def _letters(view: InspectionView) -> Iterable[tuple[object, ...]]:
    for letter in view.letters:
        if letter.erased:
            yield letter.event, letter.title, ERASED, letter.outcome
            continue
        copies = f"\ncopy: {', '.join(letter.cc_people)}" if letter.cc_people else ""
        yield letter.event, letter.title, ", ".join(letter.to_people or ()) + copies, letter.outcome


def _documents(view: InspectionView) -> Iterable[tuple[object, ...]]:
    for document in view.documents:
        state = f", {document.state}" if document.state else ""
        file = PurePath(document.path).name if document.path else document.error or "being made"
        yield document.event, document.title + state, ERASED if document.erased else file


def _print_concerns(concerns: Sequence[InspectionConcern]) -> None:
    """Prints what was raised with the team, each with how it was settled (para 64)."""
    if not concerns:
        return
    waiting = [str(concern.number) for concern in concerns if concern.settled is None]
    left = f"; still to settle: {', '.join(waiting)}" if waiting else "; all settled"
    print_text(f"\nConcerns raised during the inspection: {len(concerns)}{left}")
    for concern in concerns:
        raised = f"{wording.day(concern.on)}, by {RAISER_WORDS[concern.raised_by]}"
        print_indented(f"{concern.number}. {raised}: {concern.text or ERASED}")
        if settled := concern.settled:
            print_indented(f"   Settled {wording.day(settled.on)} by {settled.by}: {settled.text or ERASED}")


def _print_report(view: InspectionView) -> None:
    graded = [section for section in view.sections if section.grade]
    if graded:
        headings = len(edition(view.edition).report.graded(view.state.scope))
        print_text(f"\nReport: {len(graded)} of {headings} headings graded")
    if view.comments:
        waiting = [str(comment.number) for comment in view.comments if comment.used and comment.accepted is None]
        left = f"; still to answer: {', '.join(waiting)}" if waiting else "; all answered"
        print_text(f"\nComments on the draft: {len(view.comments)}{left}")
        for comment in view.comments:
            words = f"{comment.where or ERASED}: {comment.text}" if comment.text else ERASED
            print_text(f"  {comment.number}. {words}")
    if view.state.final.submitted is not None or view.state.stage is Stage.FINALISING:
        _print_changes(view.changes)


def _print_changes(review: ChangeReview) -> None:
    """Prints what quality assurance looks at before it approves the final report (paras 51, 61)."""
    changes = review.data()
    print_text("\nChanged since the draft was sent (worked out from the two reports)")
    for change in changes["changes"]:
        cause = after_comments(change["comments"]) if change["comments"] else _uncalled(change["word"])
        print_text(f"  {change['title']}: {change_summary(change)}; {cause}")
        for passage in change["passages"]:
            print_text(f"    - {_short(passage['was'])}\n    + {_short(passage['now'])}")
    for comment in review.unchanged:
        about = f" ({'; '.join(comment.titles)})" if comment.titles else ""
        words = f"Comment {comment.number} was accepted and nothing it is about changed{about}"
        print_text(f"  {words}: {_reason(comment.word)}")
    if not review.changes and not review.unchanged:
        print_text("  Nothing.")


def _uncalled(reason: str | None) -> str:
    return f"no comment asked for it: {_reason(reason)}"


def _reason(reason: str | None) -> str:
    return reason or "THE LEAD INSPECTOR HAS NOT SAID WHY (explain_change)"


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_PASSAGE else f"{words[:LONGEST_PASSAGE]} … (in full in the table of comments)"


def _print_waiting(view: InspectionView) -> None:
    for command in view.waiting:
        received = say_moment(command.received)
        print_text(f"\nHanded in and not taken yet: {command.step} by {command.person}, {received}")


def _print_steps(view: InspectionView) -> None:
    rows = [
        (
            step.name,
            ", ".join(wording.role(role) for role in step.roles),
            "yes" if step.ready else "; ".join(need.why for need in step.needs if need.holds is False),
        )
        for step in view.steps
    ]
    _print_part("What can be done now (inspections do ID STEP)", ("Step", "By", "Ready"), rows)


def _print_part(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    print_text(f"\n{title}")
    print_table(columns, rows, empty="None.")
