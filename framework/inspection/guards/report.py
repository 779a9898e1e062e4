"""Guards of judgement, report and publication (paras 27, 49 to 53, 61, 65)."""

from typing import Any

from framework.calendar.london_time import end_of, london_day
from framework.inspection.guards.context import StepContext
from framework.inspection.order import Gate, Scope
from framework.inspection.parts import ReportInProgress
from framework.inspection.stages import Stage
from framework.lifecycle.guards import Failed, Guard, guard
from framework.lifecycle.limit_status import limit_statuses
from framework.report.areas import When
from framework.report.tables import ReportTables
from framework.vocabulary.roles import Role


def headings(tables: ReportTables, scope: Scope, graded: bool) -> dict[str, str]:
    """Returns title by key of the headings of a report that take a grade, or of those that take none (para 49)."""
    listed = tables.headings(scope)
    return {
        **({} if graded else tables.opening),
        **{heading.key: heading.title for heading in listed if heading.graded is graded},
    }


def _graded_heading(context: StepContext) -> Failed | None:
    if _is_opening(context):
        return Failed(f"the section «{context.form.heading}» takes no grade: use write_section")
    return _heading_fault(context, graded=True)


def _ungraded_heading(context: StepContext) -> Failed | None:
    return None if _is_opening(context) else _heading_fault(context, graded=False)


def _text_or_areas(context: StepContext) -> Failed | None:
    return text_or_areas(context.matter.report, context.matter.scope, context.form)


def text_or_areas(tables: ReportTables, scope: Scope, form: Any) -> Failed | None:
    """Requires areas where the heading of a form lists them, and a text everywhere else (para 49)."""
    lists = any(heading.lists_areas for heading in tables.headings(scope) if heading.key == form.heading)
    if lists and (form.text or not form.areas):
        how = f"areas, each with when ({', '.join(When)}) and text"
        return Failed(f"the heading «{form.heading}» takes no text: give {how}", bad_input=True)
    if not lists and (form.areas or not form.text):
        return Failed(f"the heading «{form.heading}» takes a text, and no areas", bad_input=True)
    return None


def _known_sections(context: StepContext) -> Failed | None:
    """Requires that every section a form names is one of this report."""
    form = context.form
    named = [getattr(form, "heading", None), *getattr(form, "sections", ())]
    named += [comment.heading for comment in getattr(form, "comments", ())]
    known = context.matter.report.sections(context.matter.scope)
    wrong = next((key for key in named if key is not None and key not in known), None)
    if wrong is None:
        return None
    return Failed(f"there is no section «{wrong}» in this report; its sections are {', '.join(known)}", bad_input=True)


def _is_opening(context: StepContext) -> bool:
    """Returns whether it is one of the sections that open a report and take no grade (para 49)."""
    return context.form.heading in context.matter.report.opening


def _heading_fault(context: StepContext, graded: bool) -> Failed | None:
    key, listed = context.form.heading, context.matter.report.headings(context.matter.scope)
    known = {heading.key: heading.graded for heading in listed}
    if key not in known:
        message = f"there is no heading «{key}» in this report; its headings are {', '.join(known)}"
        return Failed(message, bad_input=True)
    if known[key] is not graded:
        return Failed(
            f"the heading «{key}» {'takes no grade: use write_section' if graded else 'takes a grade: use grade'}"
        )
    return None


def frozen_report(stage: Stage, draft: ReportInProgress, final: ReportInProgress) -> Failed | None:
    """Returns why nothing of the report can be written now: from its submission until it is sent it stays as it was
    submitted, so that exactly what is assured leaves (para 61). None while it may be written."""
    report, name = (draft, "draft") if stage is Stage.DRAFTING else (final, "final")
    if stage not in (Stage.DRAFTING, Stage.FINALISING) or report.submitted is None:
        return None
    return Failed(
        f"the {TITLES_OF_REPORTS[name]} was submitted for quality assurance (event {report.submitted}) and stays as it is "
        f"until it is sent; to change it, quality assurance sends it back first (send_back_{name})",
        61,
    )


TITLES_OF_REPORTS = {"draft": "draft", "final": "final report"}


def _report_not_frozen(context: StepContext) -> Failed | None:
    inspection = context.matter
    return frozen_report(inspection.stage, inspection.draft, inspection.final)


def _late_comments_usable(context: StepContext) -> Failed | None:
    """Requires that comments taken up now can still be answered; not to use them changes nothing of the report."""
    return _report_not_frozen(context) if context.form.use else None


def _report_complete(context: StepContext) -> Failed | None:
    missing = context.records.draft.missing
    return Failed(f"the report is not complete: {', '.join(missing)}") if missing else None


def _draft_submitted(context: StepContext) -> Failed | None:
    if context.matter.draft.submitted:
        return None
    return Failed("the draft has not been submitted for quality assurance")


def _final_submitted(context: StepContext) -> Failed | None:
    if context.matter.final.submitted:
        return None
    return Failed("the final report has not been submitted for quality assurance")


def _draft_rendered(context: StepContext) -> Failed | None:
    if context.records.draft.rendered_sha256:
        return None
    return Failed("the draft is being made into a document: ask again in a moment", being_made=True)


def _final_rendered(context: StepContext) -> Failed | None:
    if context.records.final.rendered_sha256:
        return None
    return Failed("the final report is being made into a document: ask again in a moment", being_made=True)


def _not_the_author(context: StepContext) -> Failed | None:
    is_final = context.step.event.startswith("final")
    report = context.matter.final if is_final else context.matter.draft
    if context.command.actor.person in (report.author, *context.matter.people.get(Role.LEAD_INSPECTOR, ())):
        return Failed("quality assurance is done by a person other than the report's author")
    return None


def _draft_approved(context: StepContext) -> Failed | None:
    approved = context.matter.draft.approved_document
    return None if approved else Failed("the draft has not been through quality assurance", 61)


def _final_approved(context: StepContext) -> Failed | None:
    approved = context.matter.final.approved_document
    return None if approved else Failed("the final report has not been through quality assurance", 61)


def _issue_day_ahead(context: StepContext) -> Failed | None:
    day, today = context.form.issue_on, london_day(context.moment)
    if day is None or day >= today:
        return None
    return Failed(f"the day of issue, {day}, is over: name the day on which the report goes, or leave it out")


def _issued_as_assured(context: StepContext) -> Failed | None:
    """Requires the day of issue that the assured report names: it leaves byte for byte, and says nothing untrue."""
    day, today = context.matter.final.issue_on, london_day(context.moment)
    if day is None or day == today:
        return None
    how = "wait for that day, or let quality assurance send it back (send_back_final) and submit it with the right one"
    return Failed(f"the report that was assured names {day} as its day of issue, and today is {today}: {how}", 61)


def _sent_today(context: StepContext) -> Failed | None:
    """Requires today: what the system itself sends counts from the day it goes out, so no entered day shortens a limit."""
    today = london_day(context.moment)
    if context.command.on >= today:
        return None
    return Failed(f"it goes out today, {today}, and counts from today: leave the day out")


def _comments_time_passed(context: StepContext) -> Failed | None:
    statuses = limit_statuses(context.matter, context.calendar)
    due = next((status.due for status in statuses if status.rule.key == "factual_comments"), None)
    if due is None or context.moment <= end_of(due):
        return Failed(f"the authority has until the end of {due} to comment")
    return None


def _comments_answered(context: StepContext) -> Failed | None:
    numbers = context.records.unanswered_comments
    return Failed(f"comments not answered yet: {', '.join(map(str, numbers))}") if numbers else None


def _changes_explained(context: StepContext) -> Failed | None:
    """Requires a word of the lead on each change that no comment asked for, and on each accepted comment without a change."""
    headings, comments = context.records.unexplained_changes, context.records.unexplained_comments
    faults = []
    if headings:
        faults.append(f"changed since the draft was sent though no comment asked for it: {', '.join(headings)}")
    if comments:
        numbers = ", ".join(map(str, comments))
        faults.append(f"accepted though no section they are about has changed: comments {numbers}")
    if not faults:
        return None
    how = "say why with explain_change (heading=… or comment=…), or answer the comment again and name the sections it changed"
    return Failed(f"{'; '.join(faults)}. {how[0].upper()}{how[1:]}")


def _late_comments_decided(context: StepContext) -> Failed | None:
    if context.matter.late_comments_undecided:
        return Failed("comments came late: decide on their use first (decide_late_comments)")
    return None


def _publication_held(context: StepContext) -> Failed | None:
    return None if context.matter.publication_held else Failed("publication is not held back")


def _publication_not_held(context: StepContext) -> Failed | None:
    inspection = context.matter
    if not inspection.publication_held or Gate.PUBLICATION_HOLD in inspection.overrides:
        return None
    day = inspection.date_of("publication_held")
    return Failed(
        f"the manager held publication back on {day}: the manager releases it first (release_publication), "
        f"or overrides the gate «{Gate.PUBLICATION_HOLD}»"
    )


def _hold_to_override(context: StepContext) -> Failed | None:
    """Refuses an override of a hold that does not exist: it would seem to lift one to come."""
    return _publication_held(context) if context.form.gate is Gate.PUBLICATION_HOLD else None


def _late_comments_waiting(context: StepContext) -> Failed | None:
    return None if context.matter.late_comments_undecided else Failed("no late comments wait for a decision")


def _window_over(context: StepContext) -> Failed | None:
    statuses = limit_statuses(context.matter, context.calendar)
    window = (status for status in statuses if status.rule.key == "complaints_close" and status.state == "open")
    status = next(window, None)
    if status is None:
        return Failed("the time for complaints has not begun: its letter has not been served")
    if context.moment <= end_of(status.due):
        return Failed(f"complaints can be made until the end of {status.due}")
    return None


GUARDS: dict[str, Guard] = {
    "graded_heading": guard(_graded_heading, "form"),
    "ungraded_heading": guard(_ungraded_heading, "form"),
    "text_or_areas": guard(_text_or_areas, "form"),
    "known_sections": guard(_known_sections, "form"),
    "changes_explained": guard(_changes_explained, "record_state"),
    "report_not_frozen": guard(_report_not_frozen),
    "late_comments_usable": guard(_late_comments_usable, "form"),
    "report_complete": guard(_report_complete, "record_state"),
    "draft_submitted": guard(_draft_submitted),
    "final_submitted": guard(_final_submitted),
    "draft_rendered": guard(_draft_rendered, "record_state"),
    "final_rendered": guard(_final_rendered, "record_state"),
    "draft_approved": guard(_draft_approved),
    "final_approved": guard(_final_approved),
    "not_the_author": guard(_not_the_author, "actor"),
    "issue_day_ahead": guard(_issue_day_ahead, "form"),
    "issued_as_assured": guard(_issued_as_assured),
    "sent_today": guard(_sent_today),
    "publication_held": guard(_publication_held),
    "publication_not_held": guard(_publication_not_held),
    "hold_to_override": guard(_hold_to_override, "form"),
    "comments_time_passed": guard(_comments_time_passed),
    "comments_answered": guard(_comments_answered, "record_state"),
    "late_comments_decided": guard(_late_comments_decided),
    "late_comments_waiting": guard(_late_comments_waiting),
    "window_over": guard(_window_over),
}
