"""The form for comments is a PDF that can be filled_form in, and its fields are read back (para 51)."""

import io
from functools import cache
from pathlib import Path

import pypdf
import pytest

from activities.rendering.templates import html_to_pdf, render_document
from application.commands.step_form import validated_form
from application.files.comments_form import LARGEST, NO_PLACE, FilledForm, is_pdf, read_comments_form
from framework.common.errors import BadInput
from framework.inspection.report_forms import ReturnComments
from framework.inspection.steps import STEPS
from interfaces.cli.fields import GivenFields
from tests.activities.letter_data import document_data

ID = "SLAC-2010-001"
FIRST = {"comment_1_where": "12", "comment_1_wrong": "It says that four nurses are in post."}


@cache
def blank() -> bytes:
    return html_to_pdf(render_document("comments_form", document_data("comments_form")).html)


def filled_form(folder: Path, **values: str) -> Path:
    """Returns a form as the authority's program saves it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank()))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    path = folder / "form.pdf"
    writer.write(path)
    return path


def comments(folder: Path, **values: str) -> FilledForm:
    return read_comments_form(filled_form(folder, **values), ID)


def fault(path: Path, inspection: str = ID) -> str:
    with pytest.raises(BadInput) as raised:
        read_comments_form(path, inspection)
    assert str(raised.value).startswith(f"{path}: ")
    return str(raised.value)


def test_every_field_of_the_form_is_read(tmp_path: Path) -> None:
    numbers = range(1, 13)
    values = {f"comment_{n}_{part}": f"{part} {n} – é Ł" for n in numbers for part in ("where", "wrong", "right")}
    form = comments(tmp_path, returned_by="Pat Reed", post="Head of service", returned_on="16 December", **values)
    assert form.data["comments"] == [
        {"where": f"where {n} – é Ł", "text": f"wrong {n} – é Ł\n\nWhat is right: right {n} – é Ł"} for n in numbers
    ]
    assert form.data["signed"] == "Pat Reed, Head of service, 16 December"
    assert len(ReturnComments.model_validate(form.data).comments) == 12
    assert set(pypdf.PdfReader(io.BytesIO(blank())).get_fields() or ()) == {
        *values,
        *("reference", "returned_by", "post", "returned_on", "no_comments"),
    }


def test_no_comment_is_lost_because_a_field_was_left_empty(tmp_path: Path) -> None:
    form = comments(tmp_path, comment_2_wrong="Four nurses.", comment_7_right="Five.", comment_9_where="Page 3")
    assert [(comment["where"], comment["text"]) for comment in form.data["comments"][:2]] == [
        (NO_PLACE, "Four nurses."),
        (NO_PLACE, "What is right: Five."),
    ]
    assert form.numbers == (2, 7, 9)
    step = next(row for row in STEPS if row.name == "return_comments")
    given = GivenFields(ID, step.name, tmp_path / "form.pdf", ())
    values = given.values()
    with pytest.raises(BadInput) as raised:
        validated_form(step, values, given.locate)
    assert raised.value.faults == (f"{tmp_path / 'form.pdf'}: comment 9: must not be empty",)


def test_line_ends_of_every_program_are_read(tmp_path: Path) -> None:
    form = comments(tmp_path, comment_1_where="1", comment_1_wrong="one\rtwo\r\nthree\n")
    assert form.data["comments"][0]["text"] == "one\ntwo\nthree"
    assert ReturnComments.model_validate(form.data)


def test_a_form_without_comments_has_its_box_ticked(tmp_path: Path) -> None:
    assert comments(tmp_path, no_comments="/on").data["comments"] == []
    assert "has some: ask the authority" in fault(filled_form(tmp_path, no_comments="/on", **FIRST))
    assert "is not ticked: ask the authority" in fault(filled_form(tmp_path))


def test_a_form_of_another_inspection_is_not_read(tmp_path: Path) -> None:
    assert f"is a form of the inspection «{ID}», not of SLAC-2010-002" in fault(
        filled_form(tmp_path, **FIRST), "SLAC-2010-002"
    )


def test_a_file_that_is_no_form_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(html_to_pdf(render_document("agenda", document_data("agenda")).html))
    assert "was it printed into another PDF, or scanned? Then enter the comments" in fault(path)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank()))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)
    assert "is protected by a password" in fault(path)
    path.write_bytes(b"%PDF-1.7\n" + b"x" * LARGEST)
    assert f"more than {LARGEST} bytes" in fault(path)
    assert "cannot be read" in fault(tmp_path / "nothing.pdf")


@pytest.mark.parametrize("length", [9, 500, 20_000, -2_000])
def test_a_damaged_form_is_refused_and_never_raises_otherwise(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(blank()[:length])
    assert fault(path)


def test_a_form_with_circular_fields_is_read_to_an_end(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank()))
    form = writer.root_object["/AcroForm"]
    kid = form["/Fields"][0].get_object()  # type: ignore[index]  # what the library's types leave open
    kid[pypdf.generic.NameObject("/Kids")] = pypdf.generic.ArrayObject([form["/Fields"][0]])  # type: ignore[index]
    path = tmp_path / "round.pdf"
    writer.write(path)
    assert fault(path)


def test_only_the_step_that_returns_comments_reads_a_form(tmp_path: Path) -> None:
    path = filled_form(tmp_path, **FIRST)
    assert is_pdf(path)
    with pytest.raises(BadInput, match="answer_comment takes its fields in YAML"):
        GivenFields(ID, "answer_comment", path, ()).values()
