"""Letters and documents: what each must and must not contain, and properties of their PDFs."""

import io
import re
from typing import Any

import pypdf
import pytest

from activities.rendering.pdf_pool import PdfPool
from activities.rendering.templates import (
    RenderedLetter,
    TemplateFault,
    html_to_pdf,
    render_document,
    render_letter,
    render_page,
    template_version,
)
from framework.common.errors import BadInput
from framework.correspondence.documents import DOCUMENTS
from framework.correspondence.letters import LETTERS
from framework.editions.registry import edition
from framework.vocabulary.roles import Role
from tests.activities.letter_data import FIRST_CASES, document_data, letter_data, person, report

KINDS = [rule.kind for rule in LETTERS]
SCOPES = ("joint", "safeguarding", "looked_after")
ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]+);", re.I)
CARE_WORDS = ("looked after", "care leaver", "Care4Me", "AfterCare", "placement", "survey", "leaving care")
SAFE_WORDS = ("child protection plan", "child in need plan", "safeguarding services", "Common Assessment")


def pages(html: str) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(html_to_pdf(html))).pages]


def words_of(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


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
    assert not any(grade in subject for grade in edition("2010-10").grades)
    assert not any(case.lower() in subject for cases in FIRST_CASES.values() for case in cases)


@pytest.mark.parametrize("kind", [rule.kind for rule in LETTERS if rule.kind != "evaluation_request"])
def test_every_abbreviation_is_spelt_out(kind: str) -> None:
    text = render_letter(kind, letter_data(kind)).text
    plain = re.sub(r"SLAC-2010-001|BHM-\d+|^[A-Z,'\- ]+$", "", text, flags=re.M)
    assert not set(re.findall(r"\b[A-Z]{2,4}\b", plain))


def reminder(*items: dict[str, Any], **changes: Any) -> RenderedLetter:
    """Returns a reminder of these items, each given as what is different from lists of cases that are due tomorrow."""
    plain = letter_data("reminder")["facts"]["owed"][0]
    return render_letter(
        "reminder", letter_data("reminder", facts={"owed": [plain | item for item in items]}, **changes)
    )


def words(letter: RenderedLetter) -> str:
    return " ".join(letter.text.split())


@pytest.mark.parametrize("rung", [-3, -1, 0, 1, 3, 5, None])
@pytest.mark.parametrize(
    ("limit", "step"),
    [("case_lists", "receive_case_lists"), ("draft_report", "approve_draft"), ("some_new_limit", "some_new_step")],
)
def test_a_reminder_reads_well_on_every_rung(limit: str, step: str, rung: int | None) -> None:
    late = max(rung or 0, 0)
    letter = reminder({"limit": limit, "step": step, "rung": rung, "days_late": late})
    assert "Friday 5 November 2010" in letter.subject
    assert ("not recorded as done" in words(letter)) == (late > 0)
    assert ("it now holds up" in words(letter)) == (late > 0 and limit != "some_new_limit")


def test_a_reminder_of_several_names_each_with_its_day_and_how_to_hand_it_in() -> None:
    documents = {"limit": "documents", "step": "receive_documents", "title": "Documents asked for", "due": "2010-11-09"}
    letter = reminder({"rung": 1, "days_late": 1}, documents)
    assert letter.subject == "Birmingham: lists of cases, overdue since Friday 5 November 2010, and one more"
    assert letter.text.index("secure transfer") < letter.text.index("DOCUMENTS ASKED FOR: DUE BY TUESDAY 9 NOVEMBER")
    assert "Two things are due from you, the first since Friday 5 November 2010" in words(letter)
    assert "Send each document to the coordinator" in words(letter)


def test_a_note_of_an_appointment_gives_day_hour_and_place_and_asks_for_nothing() -> None:
    meeting = {"day": "2010-11-09", "time": "10:00", "place": "Council House"}
    letter = reminder(
        {"limit": "set_up_meeting", "step": "hold_set_up_meeting", "title": "Set-up meeting", "appointment": meeting}
    )
    assert letter.subject == "Birmingham: set-up meeting on Tuesday 9 November 2010 at 10:00"
    assert "Tuesday 9 November 2010 at 10:00, Council House. This is only a note beforehand" in words(letter)
    assert not re.search("due|overdue|midnight|hold the meeting", words(letter).split("Council House.")[1])


@pytest.mark.parametrize("rung", [-1, 0])
def test_a_reminder_of_comments_says_what_silence_brings(rung: int) -> None:
    item = {
        "limit": "factual_comments",
        "step": "return_comments",
        "title": "Comments on factual accuracy",
        "rung": rung,
    }
    text = words(reminder(item))
    assert "If nothing has come by the end of that day, we record that there were no comments" in text
    assert "say when it comes" not in text


def test_a_late_reminder_says_who_has_a_copy_and_that_is_never_who_signs_it() -> None:
    copies = [person(Role.COORDINATOR), person(Role.MANAGER)]
    text = words(reminder({"rung": 3, "days_late": 3}, cc=copies))
    assert "Miriam Oduya has a copy, because the day has passed and help may be needed" in text


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


def test_a_reminder_does_not_go_out_under_the_name_of_the_person_it_goes_to() -> None:
    item = {"limit": "publication", "step": "publish", "title": "Publication of the report"}
    letter = reminder(item, to=[person(Role.COORDINATOR)])
    assert "Dear Carol Marsh" in letter.text
    assert "Yours sincerely\n\nMiriam Oduya" in letter.text


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


HOSTILE = (
    '<img src="file:///etc/hostname"><script>x</script>\n\n# Heading\n| a | b\n=> http://127.0.0.1:9/x\n\n{{ 7 * 7 }}'
)


def test_typed_text_is_escaped_in_html_and_begins_no_block_of_its_own() -> None:
    letter = render_letter("oral_feedback", letter_data("oral_feedback", texts={"headings": HOSTILE}))
    for sign in ("<img", "<script", "<h2>Heading", '<a href="http', "49"):
        assert sign not in letter.html
    data = letter_data("announcement")
    data["people"]["lead_inspector"]["name"] = "<b>Lena</b>\n\n# Not a heading\nBcc: all"
    letter = render_letter("announcement", data)
    assert "&lt;b&gt;Lena&lt;/b&gt;" in letter.html
    assert "Not a heading</h2>" not in letter.html


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("kind", [rule.kind for rule in DOCUMENTS])
def test_every_document_renders_in_every_scope(kind: str, scope: str) -> None:
    html = render_document(kind, document_data(kind, scope)).html
    assert "SLAC-2010-001" in html
    assert not re.search(r"\bNone\b", words_of(html))


@pytest.mark.parametrize("kind", ["announcement", "agenda", "indicative_timetable", "draft_report", "final_report"])
def test_a_document_leaves_an_out_of_scope_half_out(kind: str) -> None:
    safe = words_of(render_document(kind, document_data(kind, "safeguarding")).html).lower()
    care = words_of(render_document(kind, document_data(kind, "looked_after")).html).lower()
    framework = "framework for inspections of safeguarding and looked after children services"
    assert not [word for word in CARE_WORDS if word.lower() in safe.replace(framework, "")]
    assert not [word for word in SAFE_WORDS if word.lower() in care.replace(framework, "")]


def test_the_report_has_the_headings_of_para_49_in_order_with_the_grade_beside() -> None:
    html = render_document("final_report", document_data("final_report")).html
    body = html[html.index('<section class="half">') :]
    sections = re.findall(r'<h3 id="([^"]+)">[^<]+</h3>\s*(?:<p class="grade">(\w+))?', body)
    expected = [(heading.key, heading.graded) for heading in edition("2010-10").headings("joint")]
    assert [(key, bool(grade)) for key, grade in sections] == expected
    table = body[body.index('id="judgements"') :]
    assert len(re.findall(r'<td class="given">', table)) == 22


def test_every_page_of_a_draft_says_so_with_reference_and_number() -> None:
    texts = pages(render_document("draft_report", document_data("draft_report")).html)
    assert len(texts) > 10
    for number, text in enumerate(texts, start=1):
        assert "DRAFT" in text
        assert "SLAC-2010-001" in text
        assert f"Page {number} of {len(texts)}" in text


def test_a_final_report_is_marked_final_and_never_draft() -> None:
    texts = pages(render_document("final_report", document_data("final_report")).html)
    assert all("Final report" in text and "SLAC-2010-001" in text for text in texts)
    assert not any("DRAFT" in text for text in texts)
    assert re.search(r"Table of judgements[ .]*15", " ".join(texts[1].split())), texts[1]


def test_a_pdf_is_tagged_for_screen_readers() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(html_to_pdf(render_document("agenda", document_data("agenda")).html)))
    root: Any = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata is not None
    assert "Agenda" in (pdf.metadata.title or "")


def test_the_same_data_gives_the_same_bytes() -> None:
    first, second = (render_document("agenda", document_data("agenda")) for _ in range(2))
    assert first == second
    assert html_to_pdf(first.html) == html_to_pdf(second.html)
    other = render_document("agenda", document_data("agenda", scope="safeguarding"))
    assert html_to_pdf(other.html) != html_to_pdf(first.html)


def test_a_hostile_document_fetches_nothing(tmp_path: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", logger="weasyprint")
    local = "file:///etc/hostname"
    html = (
        f'<html lang="en"><head><title>x</title><link rel="attachment" href="{local}"><link rel="stylesheet" href="{local}"></head>'
        f'<body><p>text</p><img src="{local}" alt="a"><img src="http://127.0.0.1:9/x.png" alt="b">'
        f'<object data="{local}">c</object><style>@import url("http://127.0.0.1:9/y.css");</style></body></html>'
    )
    pdf = pypdf.PdfReader(io.BytesIO(html_to_pdf(html)))
    assert not pdf.attachments
    assert "may not fetch file:" in caplog.text
    assert "may not fetch http:" in caplog.text


def test_a_report_shows_hostile_findings_as_words() -> None:
    html = render_document("draft_report", document_data("draft_report", report=report("safeguarding", HOSTILE))).html
    assert "&lt;img" in html
    assert "<img" not in html
    assert "<script" not in html


def test_a_missing_template_is_named_in_the_error() -> None:
    with pytest.raises(TemplateFault, match=r"published/nothing\.html\.j2"):
        render_page("published/nothing", {})


def test_the_version_of_a_template_depends_on_its_sources() -> None:
    assert template_version("letters/reminder") != template_version("letters/publication")
    assert template_version("documents/draft_report") == template_version("documents/draft_report")
    assert re.fullmatch(r"[0-9a-f]{64}", render_letter("reminder", letter_data("reminder")).template_version)


async def test_the_pool_renders_the_same_pdf_and_replaces_a_dead_process() -> None:
    html = render_document("first_cases_list", document_data("first_cases_list")).html
    with PdfPool(size=1) as pool:
        assert await pool.render(html) == html_to_pdf(html)
        executor = pool._running()
        for process in list(executor._processes.values()):
            process.kill()
            process.join()
        assert await pool.render(html) == html_to_pdf(html)
