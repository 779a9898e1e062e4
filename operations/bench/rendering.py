"""Measures the rendering of letters and reports, HTML and PDF, and compares it with WeasyPrint alone on the same HTML."""

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from typing import Any

from sqlalchemy import select

from activities.rendering.pdf import html_to_pdf
from activities.rendering.templates import render_document, render_letter
from operations.bench.environment import BenchEnvironment
from operations.bench.figures import Figures, median, say, timed
from records.database.connection import reading
from records.tables.outbox import DOCUMENTS, LETTERS

LETTER, REPORT = "announcement", "final_report"


def measure(environment: BenchEnvironment, reference: str, repetitions: int) -> Figures:
    """Returns milliseconds, from the data of a letter and the report of a measured inspection."""
    letter = _data(environment, LETTERS, reference, LETTER)
    report = _data(environment, DOCUMENTS, reference, REPORT)
    say("letters and reports")
    return {
        "letter": _compare(lambda: render_letter(LETTER, letter).html, repetitions),
        "report": _compare(lambda: render_document(REPORT, report).html, repetitions),
    }


def _compare(render: Callable[[], str], repetitions: int) -> Figures:
    html = render()
    html_to_pdf(html)  # not measured: fonts and templates are loaded once per process
    html_ms, pdf_ms, weasyprint_ms = [], [], []
    for _ in range(repetitions):
        html_ms.append(timed(render) * 1000)
        pdf_ms.append(timed(lambda: html_to_pdf(render())) * 1000)
        weasyprint_ms.append(timed(lambda: _weasyprint_alone(html)) * 1000)
    pages = len(import_module("weasyprint").HTML(string=html).render().pages)
    return {
        "pages": pages,
        "html_ms": median(html_ms),
        "pdf_ms": median(pdf_ms, 1),
        "weasyprint_alone_ms": median(weasyprint_ms, 1),
        "ratio_pdf_to_weasyprint": median(pdf / alone for pdf, alone in zip(pdf_ms, weasyprint_ms, strict=True)),
    }


def _weasyprint_alone(html: str) -> None:
    page = import_module("weasyprint").HTML(string=html)
    page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=sha256(html.encode()).digest()[:16])


def _data(environment: BenchEnvironment, table: Any, reference: str, kind: str) -> dict[str, Any]:
    with reading(environment.records) as session:
        query = select(table.c.data_json).where(table.c.inspection_id == reference, table.c.kind == kind)
        data: dict[str, Any] = session.connection().execute(query).scalars().one()
        return data
