"""Letters and documents as their readers see them: words without markup, and the pages of a PDF."""

import io
import re
from typing import Any

import pypdf

from activities.rendering.templates import (
    RenderedLetter,
    html_to_pdf,
    render_letter,
)
from tests.activities.letter_data import letter_data

SCOPES = ("joint", "safeguarding", "looked_after")
CARE_WORDS = ("looked after", "care leaver", "Care4Me", "AfterCare", "placement", "survey", "leaving care")
SAFE_WORDS = ("child protection plan", "child in need plan", "safeguarding services", "Common Assessment")
HOSTILE = (
    '<img src="file:///etc/hostname"><script>x</script>\n\n# Heading\n| a | b\n=> http://127.0.0.1:9/x\n\n{{ 7 * 7 }}'
)


def pages(html: str) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(html_to_pdf(html))).pages]


def words_of(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def reminder(*items: dict[str, Any], **changes: Any) -> RenderedLetter:
    """Returns a reminder of these items, each given as what is different from lists of cases that are due tomorrow."""
    plain = letter_data("reminder")["facts"]["owed"][0]
    return render_letter(
        "reminder", letter_data("reminder", facts={"owed": [plain | item for item in items]}, **changes)
    )


def words(letter: RenderedLetter) -> str:
    return " ".join(letter.text.split())
