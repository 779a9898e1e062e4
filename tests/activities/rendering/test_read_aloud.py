"""Faults that reading every letter of every example aloud found: each has its sentence here."""

import re
from typing import Any

import pytest
from jinja2 import Environment, nodes

from activities.rendering.templates import TEMPLATES, RenderedLetter, render_document, render_letter
from framework.correspondence.letters import LETTERS
from framework.vocabulary.roles import Role
from tests.activities.letter_data import document_data, letter_data, person


def words(letter: RenderedLetter) -> str:
    return " ".join(letter.text.split())


def read(kind: str, scope: str = "joint", notice: str = "full", **changes: Any) -> str:
    return words(render_letter(kind, letter_data(kind, scope, notice, **changes)))


def released(role: Role, stage: str = "notified", **facts: Any) -> str:
    shown = {"what": "released", "role": role.value, **facts}
    data = letter_data("assignment", facts=shown, to=[person(role)])
    data["inspection"]["stage"] = stage
    return words(render_letter("assignment", data))


def edges(expression: nodes.Expr) -> str:
    """Returns the first and the last character that an expression writes by itself, in each of its branches."""
    match expression:
        case nodes.Const(value=str() as text) if text:
            return text[0] + text[-1]
        case nodes.CondExpr():
            return edges(expression.expr1) + (edges(expression.expr2) if expression.expr2 else "")
        case nodes.Concat():
            return edges(expression.nodes[0])[:1] + edges(expression.nodes[-1])[-1:]
    return ""


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.j2")), ids=lambda path: path.name)
def test_no_template_writes_a_space_that_is_lost(path: Any) -> None:
    """An expression is written on one line, without the spaces at its ends: «furthercomments»."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    written = [part for output in tree.find_all(nodes.Output) for part in output.nodes]
    assert not [f"line {part.lineno}" for part in written if " " in edges(part)]


def test_further_comments_are_two_words() -> None:
    assert "Your further comments on the draft report came on" in read("late_comments", facts={"earlier": 1})


def test_a_lead_inspector_is_led_by_no_other_person() -> None:
    facts = {"role": "lead_inspector"}
    letter = read("assignment", facts=facts, to=[person(Role.LEAD_INSPECTOR)])
    assert "- Led by: you" in letter
    assert "- Led by: Lena Hartley" in read("assignment", to=[person(Role.CQC_INSPECTOR)])


def test_no_person_is_asked_to_give_what_they_hold_to_themselves() -> None:
    assert "Hand what you hold of this inspection to me." in released(Role.LEAD_INSPECTOR)
    assert "Hand what you hold of this inspection to Lena Hartley." in released(Role.CQC_INSPECTOR)


def test_when_an_inspection_is_cancelled_the_team_gives_what_it_holds_to_the_coordinator() -> None:
    assert "Hand what you hold of this inspection to me." in released(Role.CQC_INSPECTOR, stage="cancelled")


def test_a_release_without_days_on_site_begins_its_sentence_with_a_capital() -> None:
    letter = released(Role.QUALITY_ASSURANCE_MANAGER, stage="cancelled", first="")
    assert "and you are released from it. Please take no further step in it." in letter


def test_an_authority_is_named_in_a_sentence_as_it_is_spoken() -> None:
    data = letter_data("assignment")
    data["inspection"]["authority"] = "City of Kingston upon Hull"
    assert "the team that inspects the City of Kingston upon Hull, as" in words(render_letter("assignment", data))


@pytest.mark.parametrize("kind", ["set_up_invitation", "meeting_note"])
def test_on_the_day_itself_nothing_is_asked_for_before_that_day(kind: str) -> None:
    assert "before that day" in read(kind)
    day = {"set_up_invitation": "2010-11-09", "meeting_note": "2010-11-15"}[kind]
    assert "before" not in read(kind, written_on=day)


def test_a_note_of_the_meeting_on_the_first_day_on_site_says_that_fieldwork_begins_today() -> None:
    letter = read("meeting_note", written_on="2010-11-15")
    assert "which begins today, Monday 15 November 2010. Please tell us within two working days" in letter
    assert "Monday 15 November 2010 Your audits of the first cases are due (paragraph 41); fieldwork begins." in letter


def test_an_inspection_without_notice_asks_for_the_lists_today() -> None:
    dates = {"case_lists": "2010-11-09", "set_up_meeting": "2010-11-09"}
    data = letter_data("announcement", notice="none", dates=dates, written_on="2010-11-09")
    letter = render_letter("announcement", data)
    assert letter.subject == "Birmingham: inspection begins today, case lists due today"
    assert "give the inspectors the case lists today, and meet them at 10:00 today (Council House" in words(letter)


@pytest.mark.parametrize(
    ("agreed", "says"),
    [
        ("2010-11-15", "by Monday 15 November 2010, when fieldwork begins."),
        (None, "by Monday 15 November 2010, the latest day for fieldwork to begin."),
    ],
)
def test_audits_are_due_when_fieldwork_begins_only_once_that_day_is_agreed(agreed: str | None, says: str) -> None:
    assert says in read("first_cases", dates={"fieldwork_agreed": agreed, "fieldwork_starts": "2010-11-15"})


@pytest.mark.parametrize(
    ("so_far", "says"),
    [
        ([], "as fieldwork begins"),
        (["set_up_meeting_held"], "as fieldwork begins"),
        (["set_up_meeting_held", "fieldwork_started"], "while we are on site"),
    ],
)
def test_audits_are_read_on_site_only_once_fieldwork_began(so_far: list[str], says: str) -> None:
    owed = letter_data("reminder")["facts"]["owed"][0] | {"limit": "case_audits", "step": "receive_case_audits"}
    data = letter_data("reminder", facts={"owed": [owed], "so_far": so_far})
    data["inspection"]["stage"] = "set_up" if so_far else "notified"
    assert f"We look at your audits of the first cases {says} (paragraph 41)" in words(render_letter("reminder", data))


def test_a_note_of_an_appointment_stands_after_everything_about_what_is_owed() -> None:
    meeting = {"day": "2010-11-05", "time": "10:00", "place": "Council House"}
    owed = letter_data("reminder")["facts"]["owed"][0]
    item = owed | {"limit": "set_up_meeting", "title": "Set-up meeting", "appointment": meeting}
    letter = read("reminder", facts={"owed": [owed, item]})
    assert letter.index("we can plan for it") < letter.index("SET-UP MEETING: FRIDAY") < letter.index("cannot be kept")


def test_days_that_a_late_end_of_fieldwork_moves_are_not_promised_with_the_oral_feedback() -> None:
    late = render_letter("oral_feedback", letter_data("oral_feedback", written_on="2010-11-29"))
    assert "2010" not in late.text.split("Dear ")[1].split("Yours sincerely")[0]
    assert late.subject == "Birmingham: note of the oral feedback"
    in_time = read("oral_feedback", written_on="2010-11-26")
    assert "These are the latest days: they follow from the day on which the fieldwork ends." in in_time


def test_a_draft_that_comes_late_promises_no_final_report_by_the_day_its_comments_are_due() -> None:
    letter = read("draft_report", dates={"final_report": "2010-12-17"})
    assert "The final report is due by Friday 17 December 2010 (paragraph 52). This draft comes late" in letter
    later = {"factual_comments": "2010-12-24", "final_report": "2010-12-16"}
    assert "The final report was due by Thursday 16 December" in read(
        "draft_report", dates=later, written_on="2010-12-17"
    )
    assert "you have the final report" not in letter
    assert "This draft comes late" not in read("draft_report")


@pytest.mark.parametrize(
    ("comments", "changes", "says"),
    [
        (2, True, "has every comment with our answer to it, and each change word by word (paragraph 51)"),
        (2, False, "has every comment with our answer to it (paragraph 51)"),
        (0, True, "There were no comments on the draft, as the table with this letter records, with each change word"),
        (0, False, "There were no comments on the draft, as the table with this letter records (paragraph 51)"),
    ],
)
def test_the_final_report_speaks_of_comments_and_changes_only_where_there_are_any(
    comments: int, changes: bool, says: str
) -> None:
    facts = {"comments": comments, **({} if changes else {"changes": []})}
    assert says in read("final_report", facts=facts)


@pytest.mark.parametrize("kind", ["final_report", "meeting_note", "comments_none_received", "late_comments"])
def test_a_letter_that_the_lead_signs_does_not_speak_of_the_lead_as_another_person(kind: str) -> None:
    assert "he lead inspector" not in read(kind).split("Yours sincerely")[0].replace("Dear the lead inspector", "")


def test_the_dates_that_stay_after_a_refused_deferral_are_all_that_the_authority_owes() -> None:
    letter = read("deferral_refused")
    assert "Documents; survey invitations handed out; the latest day for the set-up meeting." in letter
    assert "Your audits of the first cases; fieldwork begins." in letter
    assert "urvey" not in read("deferral_refused", "safeguarding")
    done = read("deferral_refused", facts={"so_far": ["survey_invitations_handed_out", "case_audits_received"]})
    assert "survey" not in done
    assert "audits" not in done


def test_a_meeting_that_stays_is_not_among_the_days_to_put_in_a_calendar() -> None:
    moved = [{"limit": "set_up_meeting", "title": "Set-up meeting", "from": "2010-11-09", "to": "2010-11-10"}]
    calendar = {"added": [{"day": "2010-11-09", "title": "A feast"}], "removed": []}
    clashes = [{"title": "Set-up meeting", "day": "2010-11-09"}]
    data = letter_data("changed_dates", facts={"moved": moved, "calendar": calendar, "clashes": clashes})
    letter = render_letter("changed_dates", data)
    assert letter.subject == "Birmingham: latest day for the set-up meeting now Wednesday 10 November 2010"
    assert "- Latest day for the set-up meeting: Wednesday 10 November 2010, instead of Tuesday 9" in words(letter)
    assert "The set-up meeting itself was agreed for Tuesday 9 November 2010, which does not fit" in words(letter)


GATES: dict[str, Any] = {"what": "gate", "gates": [], "person_1": "Eve Edgar"}


@pytest.mark.parametrize(
    ("facts", "says", "never"),
    [
        ({"gates": ["the team has 2"], "connections": {}}, "allow what is unusual with an override", "onnection"),
        ({"connections": {"person_1": "undecided"}}, "decide whether the person named below may take part", "override"),
        ({"connections": {"person_1": "barred"}}, "see that the team is changed", "opens one gate"),
        ({"gates": ["the team has 2"], "connections": {"person_1": "undecided"}}, "decide on each point", "a change"),
    ],
)
def test_what_keeps_an_announcement_is_named_with_what_opens_it(facts: dict[str, Any], says: str, never: str) -> None:
    letter = render_letter("decision_waiting", letter_data("decision_waiting", facts={**GATES, **facts}))
    assert says in words(letter)
    assert never not in f"{letter.subject} {words(letter)}"
    assert ("Eve Edgar" in words(letter)) == bool(facts["connections"])


HANDED_IN = ["case_lists_received", "documents_received", "survey_invitations_handed_out"]


def test_an_authority_that_is_notified_anew_is_not_asked_again_for_what_it_handed_in() -> None:
    facts = {"so_far": [*HANDED_IN, "set_up_meeting_held"], "handed_in": HANDED_IN}
    letter = render_letter("announcement", letter_data("announcement", facts=facts))
    assert letter.subject == "Birmingham: inspection announced"
    assert not re.search(r"case lists by|documents by|We propose|Case lists \(paragraphs", words(letter))
    assert "Survey invitations and passwords handed out" not in words(letter)
    assert "What you handed in before stays with us; you need not send it again." in words(letter)
    assert "The set-up meeting was held, and its record stands." in words(letter)
    at_once = read("announcement", notice="none", facts=facts)
    assert "begins today. Please meet them at 10:00" in at_once


def document(kind: str, scope: str = "joint", **changes: Any) -> str:
    body = re.sub(
        r"<style>.*?</style>", "", render_document(kind, document_data(kind, scope, **changes)).html, flags=re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("’", "'").split())


def test_the_pack_that_goes_with_a_resumption_leaves_out_what_was_handed_in() -> None:
    meeting = {"day": "", "time": "10:00", "place": "Council House"}
    pack = document("announcement", facts={"so_far": [*HANDED_IN, "set_up_meeting_held"], "set_up_meeting": meeting})
    assert not re.search(
        r"You give us the (case lists|documents)|needs these lists by|We propose|hand them out by", pack
    )
    assert "you need not send them again" in pack
    assert "It was held, and its record stands" in pack


def test_the_pack_proposes_the_meeting_that_its_letter_proposes() -> None:
    facts = {"so_far": [], "set_up_meeting": {"day": "2010-11-08", "time": "11:30", "place": "Town Hall"}}
    pack = document("announcement", facts=facts)
    assert "We propose Monday 8 November 2010 at 11:30, Town Hall." in pack
    assert "Monday 8 November 2010 Set-up meeting" in pack
    facts["set_up_meeting"]["day"] = ""  # type: ignore[index]
    assert "We propose Tuesday 9 November 2010 at 11:30, Town Hall." in document("announcement", facts=facts)


def test_an_agenda_without_surveys_begins_its_points_with_capitals() -> None:
    assert "Practical arrangements. First interviews;" in " ".join(document("agenda", "safeguarding").split())
    assert "The surveys of children; first interviews;" in document("agenda")


def test_the_list_of_first_cases_says_when_fieldwork_begins_only_once_that_day_is_agreed() -> None:
    dates = {**document_data("first_cases_list")["dates"], "fieldwork_agreed": None, "fieldwork_starts": "2010-11-15"}
    assert "the latest day for fieldwork to begin (paragraph 41)" in document("first_cases_list", dates=dates)
    assert "when fieldwork begins (paragraph 41)" in document("first_cases_list")


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS])
def test_no_letter_says_until_midnight_of_a_day_by_which_something_is_due(kind: str) -> None:
    assert "until midnight" not in read(kind)


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS])
def test_neither_a_day_nor_a_paragraph_number_is_broken_over_two_lines(kind: str) -> None:
    """On a telephone a line of HTML is as short as one of the text; the title of the page is no line."""
    letter = render_letter(kind, letter_data(kind))
    lines = [*letter.text.splitlines(), letter.html.split("</head>")[1]]
    assert not [line for line in lines[:-1] if re.search(r"\b[1-9]\d? [A-Z][a-z]+$|\bparagraphs?$", line)]
    body = re.sub(r"<dt>.*?</dt>", "", lines[-1])
    assert not re.findall(r"\b[1-9]\d? (?:November|December|January|February) \d{4}|\bparagraphs? \d+", body)
