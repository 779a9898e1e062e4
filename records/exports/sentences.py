"""A sentence in plain English for each kind of event, for the chronology."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from framework.calendar.london_time import say_day
from framework.common.errors import BadInput
from framework.correspondence.letters import letter as letter_rule
from framework.editions.registry import edition
from framework.inspection.concern_forms import Raiser
from framework.inspection.concerns import RAISER_WORDS
from framework.inspection.limits import BY_KEY
from framework.vocabulary.roles import TITLES, Role

SENTENCES: Mapping[str, str] = {
    "inspection_ordered": "The inspection was ordered.",
    "notification_issued": "The announcement of the inspection was issued.",
    "notified": "The authority was notified, {method}.",
    "notified_anew": "The authority was notified anew, {method}.",
    "notification_not_served": "The announcement did not reach the authority.",
    "notification_failed": "The notification turned out not to have arrived; the days counted from it fell.",
    "failed_service_noted": "A letter from which time runs turned out not to have arrived.",
    "draft_not_served": "The draft report had not arrived; the time for comments runs from the sending that does.",
    "cancellation_not_served": "The letter of cancellation turned out not to have arrived.",
    "set_up_meeting_arranged": "The set-up meeting was arranged for {day} at {at}.",
    "fieldwork_arranged": "The first day on site was agreed: {starts}.",
    "case_lists_received": "The lists of cases came in.",
    "documents_received": "The documents asked for came in.",
    "survey_invitations_handed_out": "The survey invitations were handed out.",
    "first_cases_chosen": "The first cases were chosen.",
    "set_up_meeting_held": "The set-up meeting was held.",
    "case_audits_received": "The authority's audits of the first cases came in.",
    "fieldwork_started": "Fieldwork began.",
    "oral_feedback_given": "Oral feedback was given.",
    "fieldwork_ended": "Fieldwork ended.",
    "heading_graded": "Graded: {heading}, {grade}.",
    "section_written": "Written: {heading}.",
    "draft_submitted": "The draft report was submitted for quality assurance.",
    "draft_approved": "The draft report was approved.",
    "draft_sent_back": "The draft report was sent back to its author.",
    "draft_sent": "The draft report was sent to the authority.",
    "comments_returned": "The draft came back from the authority; comments: {count}.",
    "comments_lapsed": "The time for comments passed, and none had come.",
    "late_comments_returned": "Comments on the draft came late; comments: {count}.",
    "late_comments_decided": "It was decided whether late comments are used.",
    "comment_answered": "Comment {number} was answered.",
    "change_explained": "The lead inspector said why the report changed without a comment, or stayed as it was.",
    "final_submitted": "The final report was submitted for quality assurance.",
    "final_approved": "The final report was approved.",
    "final_sent_back": "The final report was sent back to its author.",
    "final_reopened": "The final report was opened again, for comments that came in time.",
    "approval_withdrawn": "The approval of the report was taken back.",
    "final_issued": "The final report was issued to the authority.",
    "publication_held": "Publication was held back.",
    "publication_released": "Publication was no longer held back.",
    "published": "The report was published.",
    "report_placed": "The report was put among the published ones.",
    "evaluation_returned": "The authority's evaluation of the inspection came in.",
    "window_closed": "The time for complaints was over, and the inspection was closed.",
    "concern_raised": "Concern {number} was raised by {raised_by}.",
    "concern_settled": "Concern {number} was settled.",
    "deferral_requested": "A deferral was asked for.",
    "deferral_refused": "The deferral was refused.",
    "deferral_request_withdrawn": "The request to defer was taken back.",
    "notification_postponed": "The notification was put off.",
    "deferred": "The inspection was deferred.",
    "resumption_issued": "The inspection was resumed; the authority is notified anew.",
    "cancelled": "The inspection was cancelled.",
    "cancellation_served": "The authority was told of the cancellation, {method}.",
    "cancelled_window_closed": "The time for complaints about the cancelled inspection was over.",
    "lead_changed": "{person} became lead inspector{how}.",
    "team_changed": "The team changed: {person}{how}.",
    "contact_changed": "The authority's {role} changed: {person}{how}.",
    "connection_decided": "It was decided whether {person}, who declared a connection, may take part.",
    "conduct_acknowledged": "A member of the team acknowledged the code of conduct.",
    "gate_overridden": "A departure from what is usual was allowed: {gate}.",
    "limit_waived": "What was late is asked for no more: {limit}.",
    "letter_sent_again": "A letter that could not be delivered was queued again.",
    "withdrawn": "The step of event {event}, taken by mistake, was withdrawn.",
    "corrected": "Event {event} was corrected: it happened on {on}, not on {was}.",
    "letter_accepted": "A letter was sent: {kind}.",
    "letter_failed": "The letter “{kind}” was refused by the mail system for good.",
    "letter_stopped": "The letter “{kind}” could not be made.",
    "letter_returned": "The letter “{kind}” came back: it did not arrive.",
    "copy_returned": "A copy of the letter “{kind}” came back: it did not arrive.",
    "document_failed": "A document could not be made.",
    "reminder_sent": "A reminder was sent: {limits}.",
    "reminder_passed_over": "A reminder could not be sent: {limits}.",
    "automatic_step_held": "The system could not go on by itself with “{step}”; {why}.",
    "calendar_changed": "The calendar of bank holidays changed: {changed}. Days that moved: {moved}.",
    "personal_data_erased": "Names, addresses and words were erased: {rule}.",
    "records_restored": "The records were put back from a backup.",
    "event_lost": "Event {number} was lost when the records were put back from a backup.",
    "workflow_begun_again": "The system found that nothing ran for the inspection, and began it again from its record.",
    "step_refused": "Refused: “{step}”; {why}.",
}
"""Kind -> sentence. Names in braces are members of the event's data, as `_Words` writes them."""

METHODS = {"email": "by e-mail", "by_hand": "by hand", "post": "by post"}


def sentence(kind: str, data: Mapping[str, Any], edition_key: str, name: Callable[[str], str]) -> str:
    """Returns the event in one sentence; `name` maps an identifier to a person's name.

    A kind without a sentence here is named as it is: «Something new happened.»"""
    pattern = SENTENCES.get(kind, f"{kind.replace('_', ' ').capitalize()}.")
    return pattern.format_map(_Words(data, edition_key, name))


def _how(data: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """Returns how a person changed a role, to follow the name; empty if they took it and it names no person who gave it up."""
    if data.get("stays"):
        return "; who led before stayed in the team as an inspector"
    if data.get("leaves"):
        return " gave the role up"
    return f" took it from {name(data['instead_of'])}" if data.get("instead_of") else ""


class _Words(dict[str, str]):
    """The members of an event's data in words; an absent one reads «not said»."""

    def __init__(self, data: Mapping[str, Any], edition_key: str, name: Callable[[str], str]) -> None:
        super().__init__({key: str(value).replace("_", " ").rstrip(".") for key, value in data.items()})
        step = str(data.get("step", "")).replace("_", " ")
        if step and self.get("why", "").startswith(step):  # a refusal that names the step itself
            self["why"] = self["why"].removeprefix(step).lstrip(": ")
        for key in ("day", "starts", "on", "was"):
            if key in data:
                self[key] = _day(str(data[key]))
        tables: Mapping[str, Callable[[str], str]] = {
            "person": name,
            "method": lambda method: METHODS.get(method, method),
            "limit": lambda limit: BY_KEY[limit].title if limit in BY_KEY else limit,
            "role": lambda role: TITLES[Role(role)],
            "kind": _letter,
            "heading": edition(edition_key).report.title_of,
            "raised_by": lambda raiser: RAISER_WORDS[Raiser(raiser)],
        }
        self["how"] = _how(data, name)
        if "rungs" in data:
            self["limits"] = ", ".join(BY_KEY[rung["limit"]].title for rung in data["rungs"])
        if "moved" in data:
            self |= {"moved": _moved(data["moved"]), "changed": _changed(data)}
        self.update({key: say(str(data[key])) for key, say in tables.items() if key in data})

    def __missing__(self, key: str) -> str:
        return "not said"


def _changed(data: Mapping[str, Any]) -> str:
    """Returns «Friday 29 April 2011 added»; the version, where no day changed."""
    days = [f"{_day(day)} {name}" for name in ("added", "removed") for day in data.get(name, ())]
    return ", ".join(days) or str(data["calendar"])


def _moved(limits: Iterable[Mapping[str, Any]]) -> str:
    """Returns «Draft report … to Wednesday 4 May 2011; …»."""
    return "; ".join(f"{BY_KEY[limit['limit']].title} to {_day(limit['to'])}" for limit in limits) or "none"


def _day(text: str) -> str:
    try:
        return say_day(date.fromisoformat(text))
    except ValueError:
        return text


def _letter(kind: str) -> str:
    try:
        return letter_rule(kind).title
    except BadInput:
        return kind.replace("_", " ")
