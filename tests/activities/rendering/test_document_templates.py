"""Documents and their PDFs: what each must and must not contain, and the pool that renders them."""

import io
import re
from typing import Any

import pypdf
import pytest

from activities.rendering.pdf_pool import PdfPool
from activities.rendering.templates import (
    TemplateFault,
    html_to_pdf,
    render_document,
    render_letter,
    render_page,
    template_version,
)
from framework.correspondence.documents import DOCUMENTS
from framework.editions.registry import edition
from tests.activities.letter_data import document_data, letter_data, report
from tests.activities.rendering.reading import CARE_WORDS, HOSTILE, SAFE_WORDS, SCOPES, words_of


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
    expected = [(heading.key, heading.graded) for heading in edition("2010-10").report.headings("joint")]
    assert [(key, bool(grade)) for key, grade in sections] == expected
    table = body[body.index('id="judgements"') :]
    assert len(re.findall(r'<td class="given">', table)) == 22


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
