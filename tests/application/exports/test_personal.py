"""Personal data that is left out is in no member, unpacked and decoded completely."""

import base64
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from sqlalchemy import select

from records.database import connection
from records.database.connection import reading
from records.tables.directory import PEOPLE
from records.tables.inspections import TEXTS
from tests.application.exports.archives import Exports, members

_BASE64 = re.compile(rb'"((?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"')


def readable(archive: Path) -> Iterator[tuple[str, str]]:
    """Yields every member as text: also the text of PDFs, compressed histories, and the payloads in them."""
    for name, content in members(archive).items():
        if name.endswith(".pdf") and content.startswith(b"%PDF-"):
            reader = PdfReader(io.BytesIO(content))
            yield name, " ".join(" ".join(page.extract_text() for page in reader.pages).split()) + str(reader.metadata)
        if name.endswith(".gz"):
            content = gzip.decompress(content)
        for coded in _BASE64.findall(content):
            yield name, base64.b64decode(coded).decode("utf-8", "replace")
        yield name, content.decode("utf-8", "replace")


def private(data: Path) -> set[str]:
    """Returns every name and address of the directory, and every text and salt of more than seven characters."""
    engine = connection.connect(f"sqlite:///{data / 'records.sqlite'}")
    with reading(engine) as session:
        people = session.connection().execute(select(PEOPLE.c.name, PEOPLE.c.email)).all()
        texts = session.connection().execute(select(TEXTS.c.body, TEXTS.c.salt)).all()
    engine.dispose()
    contacts = {value for row in people for value in row if value}
    return contacts | {value for row in texts for value in row if len(value) > 7}


def test_no_name_address_or_text_is_in_an_export_that_leaves_them_out(exports: Exports) -> None:
    values = private(exports.data)
    assert len(values) > 2000
    leaks = {(name, value) for name, text in readable(exports.spare) for value in values if value in text}
    assert leaks == set()


def test_the_same_search_finds_them_in_an_export_that_includes_them(exports: Exports) -> None:
    everything = " ".join(text for _, text in readable(exports.full))
    texts = [json.loads(line)["body"] for line in members(exports.full)["texts.jsonl"].splitlines()]
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in everything for text in texts)
    assert "Imogen Ashdown" in everything
    assert "dcs@birmingham.example" in everything


def test_data_that_is_left_out_is_counted_and_can_be_proved_later(exports: Exports) -> None:
    left, full = members(exports.spare), members(exports.full)
    assert json.loads(left["manifest.json"])["left_out"].keys() == {"texts", "letters", "documents", "document_files"}
    for name in ("texts.jsonl", "letters.jsonl", "documents.jsonl"):
        rows = [json.loads(line) for line in left[name].splitlines()]
        assert rows
        assert all(row["left_out"] for row in rows)
    proofs = {row["id"]: row["commitment"] for row in map(json.loads, left["texts.jsonl"].splitlines())}
    assert proofs == {row["id"]: row["commitment"] for row in map(json.loads, full["texts.jsonl"].splitlines())}
    assert {"events.jsonl", "limits.jsonl", "sections.jsonl"} <= {name for name in left if left[name] == full.get(name)}


def test_a_letter_without_names_has_identifier_and_role_of_its_recipients(exports: Exports) -> None:
    letter = json.loads(members(exports.spare)["letters.jsonl"].splitlines()[0])
    assert letter["to_json"] == [{"person": "dcs.330", "role": "dcs"}]
