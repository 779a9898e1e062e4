"""The chronology: events in sentences, and those that belong together merged into one entry."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from framework.inspection.steps import STEPS
from framework.messages.events import Event, StoredEvent
from framework.vocabulary.roles import Role
from records.exports.chronology import ChronologyBuilder, Entry
from records.exports.sentences import SENTENCES, sentence
from tests.records.builders import ID, MOMENT, TODAY, event
from tests.words import WHY

PEOPLE = [{"id": "i.ashdown", "name": "Imogen Ashdown"}]
OF_THE_SYSTEM = {
    "inspection_ordered",
    "letter_accepted",
    "letter_failed",
    "letter_stopped",
    "letter_returned",
    "copy_returned",
    "document_failed",
    "report_placed",
} | {*("step_refused", "automatic_step_held", "reminder_sent", "reminder_passed_over")}
BESIDE_THE_STEPS = {
    "final_reopened",
    "approval_withdrawn",
    "calendar_changed",
    "personal_data_erased",
    "records_restored",
    "event_lost",
    "workflow_begun_again",
}


def entries(*events: Event, letters: Any = (), people: Any = (), **texts: str) -> list[Entry]:
    log = [StoredEvent(ID, number, event, event.received, "c1", number) for number, event in enumerate(events, start=1)]
    return ChronologyBuilder("2010-10", letters, people, texts).entries(log)


def letter(number: int, to: Role, kind: str = "reminder", cc: tuple[Role, ...] = ()) -> dict[str, Any]:
    """Returns a row of the outbox, as far as the chronology reads it."""
    who = {
        part: [{"role": role.value, "person": f"{role}.330"} for role in roles]
        for part, roles in (("to", [to]), ("cc", cc))
    }
    return {"id": f"letter-{number}", "event_number": number, "kind": kind, "to_json": who["to"], "cc_json": who["cc"]}


def reminder(*limits: str) -> Event:
    rungs = [{"limit": limit, "rung": 0, "due": "2010-11-05", "passed_over": []} for limit in limits]
    return event("reminder_sent", by="system", role=Role.SYSTEM, data={"to": "link.330", "rungs": rungs})


def accepted(number: int, kind: str) -> Event:
    data = {"letter": f"letter-{number}", "kind": kind, "copies_refused": ["link.330"]}
    return event("letter_accepted", by="system", role=Role.SYSTEM, data=data)


def test_every_step_and_every_outcome_has_a_sentence() -> None:
    assert {*STEPS.by_event, *OF_THE_SYSTEM, *BESIDE_THE_STEPS} == set(SENTENCES)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("notified", {"method": "by_hand"}, "The authority was notified, by hand."),
        (
            "calendar_changed",
            {
                "calendar": "england-2026.2",
                "added": ["2011-04-29"],
                "removed": [],
                "moved": [{"limit": "publication", "to": "2011-05-25"}],
            },
            "The calendar of bank holidays changed: Friday 29 April 2011 added. "
            "Days that moved: Publication of the report to Wednesday 25 May 2011.",
        ),
        (
            "calendar_changed",
            {"calendar": "england-2026.2", "moved": []},
            "The calendar of bank holidays changed: england-2026.2. Days that moved: none.",
        ),
        (
            "event_lost",
            {"number": 16},
            "Event 16 was lost when the records were put back from a backup.",
        ),
        (
            "fieldwork_arranged",
            {"starts": "2010-11-17"},
            "The first day on site was agreed: Wednesday 17 November 2010.",
        ),
        ("lead_changed", {"person": "i.ashdown"}, "Imogen became lead inspector."),
        (
            "contact_changed",
            {"role": "dcs", "person": "x"},
            "The authority's Director of Children's Services changed: x.",
        ),
        (
            "step_refused",
            {"step": "end_fieldwork", "why": "end fieldwork: too early."},
            "Refused: “end fieldwork”; too early.",
        ),
        ("comments_returned", {}, "The draft came back from the authority; comments: not said."),
        ("something_new_happened", {"x": 1}, "Something new happened."),
    ],
)
def test_an_event_is_one_sentence(kind: str, data: dict[str, Any], words: str) -> None:
    assert sentence(kind, data, "2010-10", lambda person: {"i.ashdown": "Imogen"}.get(person, person)) == words


def test_the_reminders_of_a_morning_are_one_entry_by_recipient() -> None:
    letters = [letter(1, Role.LINK_OFFICER), letter(2, Role.LEAD_INSPECTOR)]
    (entry,) = entries(reminder("case_lists", "documents"), reminder("set_up_meeting"), letters=letters)
    words = "Reminders sent to Link officer: lists of cases, documents asked for; to Lead inspector: set-up meeting."
    assert (entry.what, entry.events) == (words, "1 to 2")


def test_a_letter_is_one_entry_with_its_recipients() -> None:
    row = letter(1, Role.DCS, "announcement", (Role.LINK_OFFICER,))
    first, second = entries(event("notification_issued"), accepted(1, "announcement"), letters=[row])
    assert first.what == "The announcement of the inspection was issued."
    assert second.what == (
        "Letter sent: Announcement of the inspection, to Director of Children's Services; copied to Link officer; "
        "refused for link.330."
    )


def test_events_of_technical_interest_have_no_entry() -> None:
    row = letter(1, Role.LINK_OFFICER)
    rest = (accepted(1, "reminder"), event("document_rendered"), event("engine_history_kept"))
    assert len(entries(reminder("case_lists"), *rest, letters=[row])) == 1


def test_sections_that_one_person_wrote_on_a_day_are_one_entry() -> None:
    graded = event("heading_graded", data={"heading": "safeguarding.capacity", "grade": "good"})
    written = event("section_written", data={"heading": "about"})
    (entry,) = entries(graded, graded, written)
    assert entry.what == "Report written: 2 graded headings and 1 section without a grade."
    (alone,) = entries(graded)
    assert alone.what == "Graded: Capacity for improvement, good."
    (alone,) = entries(written)
    assert "About this inspection" in alone.what


def test_an_event_entered_later_appears_on_its_day_with_the_moment_it_was_entered() -> None:
    later = event("documents_received", on=TODAY - timedelta(days=1), received=MOMENT)
    first, second = entries(event(), later)
    assert (first.what, first.entered) == ("The documents asked for came in.", "3 Nov 2010 09:00")
    assert (second.day, second.at, second.entered) == (TODAY.isoformat(), "09:00", "")


def test_a_corrected_event_appears_on_its_corrected_day_and_the_correction_on_its_own() -> None:
    wrong = event("set_up_meeting_held", on=TODAY)
    data = {"event": 1, "on": "2010-11-01", "was": "2010-11-03", "corrects": "set_up_meeting_held"}
    first, second = entries(wrong, event("corrected", on=date(2010, 11, 1), data=data))
    assert (first.day, first.what) == ("2010-11-01", "The set-up meeting was held. (The day was corrected by event 2.)")
    assert (second.day, second.entered) == (TODAY.isoformat(), "")


def test_times_are_london_times() -> None:
    (entry,) = entries(event(on=date(2010, 7, 1), received=datetime(2010, 7, 1, 22, 30, tzinfo=UTC)))
    assert (entry.day, entry.at) == ("2010-07-01", "23:30")


def test_names_and_reasons_are_written_only_where_they_are_given() -> None:
    by_lead = event("cancelled", by="i.ashdown", role=Role.LEAD_INSPECTOR, reason=WHY)
    (named,) = entries(by_lead, people=PEOPLE, **{WHY: "Because."})
    (plain,) = entries(by_lead)
    assert (named.by, named.reason) == ("Imogen Ashdown, Lead inspector", "Because.")
    assert (plain.by, plain.reason) == ("i.ashdown, Lead inspector", "")
