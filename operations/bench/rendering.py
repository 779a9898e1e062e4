"""Making letters and reports: our HTML and PDF, against WeasyPrint alone on the same HTML."""

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


def measure(house: BenchEnvironment, reference: str, repetitions: int) -> Figures:
    """Milliseconds, from the data of a letter and the report of a measured inspection."""
    letter, report = _data(house, LETTERS, reference, LETTER), _data(house, DOCUMENTS, reference, REPORT)
    say("letters and reports")
    return {
        "letter": _one(lambda: render_letter(LETTER, letter).html, repetitions),
        "report": _one(lambda: render_document(REPORT, report).html, repetitions),
    }


def _one(make: Callable[[], str], repetitions: int) -> Figures:
    html = make()
    html_to_pdf(html)  # fonts and templates are found once a process
    ours, both, alone = [], [], []
    for _ in range(repetitions):
        ours.append(timed(make) * 1000)
        both.append(timed(lambda: html_to_pdf(make())) * 1000)
        alone.append(timed(lambda: _alone(html)) * 1000)
    pages = len(import_module("weasyprint").HTML(string=html).render().pages)
    ratio = median(mine / theirs for mine, theirs in zip(both, alone, strict=True))
    return {
        "pages": pages,
        "html_ms": median(ours),
        "pdf_ms": median(both, 1),
        "weasyprint_alone_ms": median(alone, 1),
        "ratio_pdf_to_weasyprint": ratio,
    }


def _alone(html: str) -> None:
    page = import_module("weasyprint").HTML(string=html)
    page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=sha256(html.encode()).digest()[:16])


def _data(house: BenchEnvironment, table: Any, reference: str, kind: str) -> dict[str, Any]:
    with reading(house.records) as session:
        query = select(table.c.data_json).where(table.c.inspection_id == reference, table.c.kind == kind)
        found: dict[str, Any] = session.connection().execute(query).scalars().one()
        return found
