"""The templates of letters: what each letter must and must not contain."""

import re
from typing import Any

import pytest

from activities.rendering.templates import (
    TemplateFault,
    render_document,
    render_letter,
)
from framework.common.errors import BadInput
from framework.correspondence.letters import LETTERS
from framework.editions.registry import edition
from framework.vocabulary.roles import Role
from tests.activities.letter_data import FIRST_CASES, letter_data, person
from tests.activities.rendering.reading import CARE_WORDS, HOSTILE, SAFE_WORDS, SCOPES, words

KINDS = [rule.kind for rule in LETTERS]
ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]+);", re.I)


@pytest.mark.parametrize("notice", ["full", "short", "none"])
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_renders_and_is_a_readable_text_letter(kind: str, scope: str, notice: str) -> None:
    letter = render_letter(kind, letter_data(kind, scope, notice))
    assert letter.subject.startswith("Birmingham: ")
    assert "\n" not in letter.subject
    assert max(map(len, letter.text.splitlines())) <= 78
    assert "\n\n\n" not in letter.text
    assert not ENTITY.search(letter.text)
    assert not re.search(r"\bNone\b|\{\{|\{%|\*\*|=>|^\| ", letter.text, re.M)
    assert "SLAC-2010-001" in letter.text
    assert "SLAC-2010-001" in letter.html
    assert "Yours sincerely" in letter.text
    assert "@people.example" in letter.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_in_its_first_lines_what_to_do_and_by_when_or_that_nothing_is_to_be_done(kind: str) -> None:
    text = render_letter(kind, letter_data(kind)).text
    opening = text.split("\nDear ", 1)[1].split("\n\n")[1].replace("\n", " ")
    assert re.search(r"[Pp]lease|nothing|by |We now|is now", opening)
    assert len(opening) < 330


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_names_no_grade_and_no_child(kind: str) -> None:
    subject = render_letter(kind, letter_data(kind)).subject.lower()
    assert not any(grade in subject for grade in edition("2010-10").report.grades)
    assert not any(case.lower() in subject for cases in FIRST_CASES.values() for case in cases)


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS if rule.kind != "evaluation_request"])
def test_every_abbreviation_is_spelt_out(kind: str) -> None:
    text = render_letter(kind, letter_data(kind)).text
    plain = re.sub(r"SLAC-2010-001|BHM-\d+|^[A-Z,'\- ]+$", "", text, flags=re.M)
    assert not set(re.findall(r"\b[A-Z]{2,4}\b", plain))


@pytest.mark.parametrize(
    ("kind", "facts", "says"),
    [
        ("report_waiting", {"report": "draft"}, "is owed the draft report by Friday 10 December 2010 (paragraph 50)"),
        ("report_waiting", {"report": "final"}, "is owed the final report by Friday 24 December 2010 (paragraph 52)"),
        ("report_returned", {"because": "comments"}, "It is open again: please answer the comments"),
        ("report_returned", {"because": "quality_assurance"}, "The grade of one section does not follow"),
        ("decision_waiting", {"what": "deferral", "asked_by": "coordinator"}, "The inspection office asks for"),
        ("decision_waiting", {"what": "connection", "person": "Eve Edgar"}, "decide whether Eve Edgar may take part"),
        (
            "decision_waiting",
            {"what": "gate", "gates": ["the team has 2 of at least three"], "connections": {}},
            "The team has 2 of at least",
        ),
    ],
)
def test_a_letter_about_what_waits_says_what_it_is(kind: str, facts: dict[str, Any], says: str) -> None:
    assert says in words(render_letter(kind, letter_data(kind, facts=facts)))


def test_a_request_that_was_entered_late_asks_for_no_decision_by_a_day_that_is_over() -> None:
    data = letter_data("decision_waiting")
    letters = {day: words(render_letter("decision_waiting", {**data, "dates": {**data["dates"], "deferral_answer": day}}))
             for day in ("2010-11-02", "2010-11-03")}  # fmt: skip
    assert "decide without delay, since your answer was due by Tuesday 2 November 2010" in letters["2010-11-02"]
    assert "decide by Wednesday 3 November 2010" in letters["2010-11-03"]


@pytest.mark.parametrize(
    ("facts", "stage", "says"),
    [
        ({}, "notified", "On site: from Monday 15 November 2010 to Friday 26 November 2010, on working days only"),
        ({"agreed": False}, "notified", "from Monday 15 November 2010 at the latest, to Friday 26"),
        ({"first": "", "role": "quality_assurance_manager"}, "notified", "as quality assurance manager"),
        ({"what": "changed", "changed": ["days"]}, "notified", "Your days on site are now from Monday 15 November"),
        ({"what": "changed", "changed": ["days"], "first": ""}, "deferred", "there are no days on site until new ones"),
        ({"what": "changed", "changed": ["days"], "first": ""}, "planned", "no days on site until it is notified anew"),
        ({"what": "changed", "changed": ["role", "lead"]}, "set_up", "From today you are inspector in this inspection"),
        ({"what": "changed", "changed": ["lead"]}, "set_up", "From today Lena Hartley leads this inspection"),
        ({"first": "2010-11-02"}, "fieldwork", "On site: since Tuesday 2 November 2010, until Friday 26 November 2010"),
        ({"first": "2010-11-02"}, "set_up", "On site: from a day still to be agreed; it was to be Tuesday 2 November"),
        ({"what": "released"}, "set_up", "You are no longer part of the team"),
        ({"what": "released"}, "cancelled", "The inspection was cancelled, and you are released from it"),
    ],
)
def test_a_letter_to_a_member_of_the_team_names_what_changed_for_them(
    facts: dict[str, Any], stage: str, says: str
) -> None:
    data = letter_data("assignment", facts=facts, to=[{**person(Role.LINK_OFFICER), "role": ""}])
    data["inspection"]["stage"] = stage
    letter = render_letter("assignment", data)
    assert says in words(letter)
    assert ("code of conduct" in words(letter)) == (data["facts"]["what"] == "assigned")


def test_a_report_that_waits_past_its_day_is_not_called_due() -> None:
    letter = render_letter("report_waiting", letter_data("report_waiting", written_on="2010-12-13"))
    assert "The authority was owed the draft report by Friday 10 December 2010" in words(letter)


@pytest.mark.parametrize(
    "kind", ["announcement", "first_cases", "meeting_note", "resumption", "set_up_invitation", "cancellation"]
)
def test_a_letter_leaves_an_out_of_scope_half_out(kind: str) -> None:
    safe = render_letter(kind, letter_data(kind, "safeguarding")).text.split("Yours sincerely")[0].lower()
    care = render_letter(kind, letter_data(kind, "looked_after")).text.split("Yours sincerely")[0].lower()
    assert not [word for word in CARE_WORDS if word.lower() in safe]
    assert not [word for word in SAFE_WORDS if word.lower() in care]


def test_the_announcement_gives_the_reason_for_less_notice_and_for_one_scope() -> None:
    text = render_letter("announcement", letter_data("announcement", "safeguarding", "short")).text
    assert "judged them inadequate" in text
    assert "serious concerns" in text
    full = render_letter("announcement", letter_data("announcement")).text
    assert "concerns" not in full


def test_a_letter_names_no_coming_day_that_is_over() -> None:
    text = render_letter("meeting_note", letter_data("meeting_note", written_on="2010-11-09")).text
    assert "Case lists are due" not in text
    assert "Tuesday 9 November 2010\n  Survey invitations" in text


def test_an_unknown_date_never_reaches_a_letter_as_none() -> None:
    text = render_letter("announcement", letter_data("announcement", dates={"fieldwork_agreed": None})).text
    assert "Wednesday 17 November 2010 at the latest" in text.replace("\n", " ")


@pytest.mark.parametrize("missing", ["dates", "inspection", "facts"])
def test_an_undefined_name_raises_an_error_with_the_template_and_the_name(missing: str) -> None:
    data = letter_data("draft_report")
    if missing == "dates":
        del data["dates"]["factual_comments"]
        named = "factual_comments"
    elif missing == "inspection":
        del data["inspection"]["authority"]
        named = "authority"
    else:
        data, named = letter_data("comments_received"), "count"
        del data["facts"]["count"]
    with pytest.raises(TemplateFault, match=rf"letters/\w+\.txt\.j2 line \d+: «{named}»"):
        render_letter(data["kind"], data)


def test_without_an_address_of_reports_the_letter_of_publication_names_the_file_and_no_address() -> None:
    facts = {"file": "SLAC-2010-001-final-report.pdf", "link": ""}
    text = render_letter("publication", letter_data("publication", facts=facts)).text
    assert "Among our published reports, as SLAC-2010-001-final-report.pdf" in text
    assert "http" not in text


def test_none_where_a_day_is_needed_raises_an_error() -> None:
    with pytest.raises(TemplateFault, match=r"letters/draft_report\.txt\.j2 line \d+: .*None"):
        render_letter("draft_report", letter_data("draft_report", dates={"factual_comments": None}))


def test_a_letter_without_a_signer_raises_an_error() -> None:
    with pytest.raises(TemplateFault, match="nobody can sign"):
        render_letter("publication", letter_data("publication", people={}))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(BadInput, match="no letter «nothing»"):
        render_letter("nothing", {})
    with pytest.raises(BadInput, match="no document «nothing»"):
        render_document("nothing", {})


def test_typed_text_is_escaped_in_html_and_begins_no_block_of_its_own() -> None:
    letter = render_letter("oral_feedback", letter_data("oral_feedback", texts={"headings": HOSTILE}))
    for sign in ("<img", "<script", "<h2>Heading", '<a href="http', "49"):
        assert sign not in letter.html
    data = letter_data("announcement")
    data["people"]["lead_inspector"]["name"] = "<b>Lena</b>\n\n# Not a heading\nBcc: all"
    letter = render_letter("announcement", data)
    assert "&lt;b&gt;Lena&lt;/b&gt;" in letter.html
    assert "Not a heading</h2>" not in letter.html
