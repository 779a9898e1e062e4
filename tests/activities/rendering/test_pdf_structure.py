"""PDFs as a reader that did not write them finds them: tagged, headings without a gap in level, words and tables whole."""

import io
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from activities.rendering.templates import html_to_pdf, render_document
from framework.correspondence.documents import DOCUMENTS
from framework.editions.registry import edition
from tests.activities.letter_data import CHANGES, COMMENTS, UNCHANGED, document_data

KINDS = [(rule.kind, scope) for rule in DOCUMENTS for scope in ("joint", "looked_after") if rule.pdf]
ALL = pytest.mark.parametrize(("kind", "scope"), KINDS)
LONG = max(edition("2010-10").report.outline("joint").full_titles.values(), key=len)


@cache
def html(kind: str, scope: str) -> str:
    facts = {}
    if kind == "comments_table":  # a long title leaves the least room for the other columns
        changes = [{**change, "title": LONG} for change in CHANGES]
        facts = {"facts": {"comments": COMMENTS, "changes": changes, "unchanged": UNCHANGED}}
    return render_document(kind, document_data(kind, scope, **facts)).html


@cache
def pdf(kind: str, scope: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(html_to_pdf(html(kind, scope))))


def elements(node: Any) -> Iterator[Any]:
    """The structure below a node, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def tags(kind: str, scope: str) -> list[str]:
    root: Any = pdf(kind, scope).root_object["/StructTreeRoot"]
    return [element["/S"][1:] for element in elements(root["/K"]) if "/S" in element]


@ALL
def test_headings_begin_with_one_of_level_one_and_skip_no_level(kind: str, scope: str) -> None:
    levels = [int(tag[1]) for tag in tags(kind, scope) if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels)), levels
    assert len(levels) > 1


@ALL
def test_every_pdf_has_the_mark_of_pdf_ua_with_its_title_and_language(kind: str, scope: str) -> None:
    root: Any = pdf(kind, scope).root_object
    assert re.search(rb'pdfuaid:part(="1"|>1<)', root["/Metadata"].get_object().get_data())
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en-GB"
    metadata = pdf(kind, scope).metadata
    assert metadata is not None
    assert (metadata.title or "").endswith("Birmingham, SLAC-2010-001")


@ALL
def test_no_column_breaks_words(kind: str, scope: str) -> None:
    body = re.sub(r"<head>.*?</head>", "", html(kind, scope), flags=re.DOTALL)
    written = set(re.findall(r"[A-Za-z]{4,18}", unescape(re.sub(r"<[^>]+>", " ", body))))
    text = " ".join(page.extract_text() for page in pdf(kind, scope).pages)
    assert len(written) > 30
    assert written <= set(re.findall(r"[A-Za-z]+", text))


def test_every_field_of_the_form_has_a_name_for_who_cannot_see_it_and_its_place_in_the_structure() -> None:
    sheets: list[Any] = list(pdf("comments_form", "joint").pages)
    fields = [annotation.get_object() for sheet in sheets for annotation in sheet.get("/Annots", ())]
    assert len(fields) == 41
    assert len({field["/TU"] for field in fields}) == len(fields)
    assert all(field["/TU"] != field["/T"] for field in fields), "a name for people, not for programs"
    assert len({field["/StructParent"] for field in fields}) == len(fields)
    assert tags("comments_form", "joint").count("Form") == len(fields)
    assert all(sheet["/Tabs"] == "/S" for sheet in sheets if "/Annots" in sheet)


def texts_of(kind: str) -> list[str]:
    """Returns the text of each page of the joint inspection's document."""
    return [page.extract_text() for page in pdf(kind, "joint").pages]


def test_every_page_of_a_draft_says_so_with_reference_and_number() -> None:
    texts = texts_of("draft_report")
    assert len(texts) > 10
    for number, text in enumerate(texts, start=1):
        assert "DRAFT" in text
        assert "SLAC-2010-001" in text
        assert f"Page {number} of {len(texts)}" in text


def test_a_final_report_is_marked_final_and_never_draft() -> None:
    texts = texts_of("final_report")
    assert all("Final report" in text and "SLAC-2010-001" in text for text in texts)
    assert not any("DRAFT" in text for text in texts)
    assert re.search(r"Table of judgements[ .]*15", " ".join(texts[1].split())), texts[1]


def test_the_contents_of_a_joint_report_fit_one_page() -> None:
    texts = texts_of("final_report")
    assert "Contents" in texts[1]
    assert "About this inspection" in texts[2]
    assert "Services for looked after children" in texts[1]
