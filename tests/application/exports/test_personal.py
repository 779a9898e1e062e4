"""What is left out is truly absent: from every member, unpacked and decoded as far as it goes."""

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
from tests.application.exports.archives import Taken, members

_BASE64 = re.compile(rb'"((?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"')


def readable(archive: Path) -> Iterator[tuple[str, str]]:
    """Every member as text, as deep as it goes: PDFs, packed histories, and the payloads in them."""
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
    """Every name and address of the directory, and every text (with its salt) of more than a word or two."""
    engine = connection.connect(f"sqlite:///{data / 'records.sqlite'}")
    with reading(engine) as session:
        people = session.connection().execute(select(PEOPLE.c.name, PEOPLE.c.email)).all()
        texts = session.connection().execute(select(TEXTS.c.body, TEXTS.c.salt)).all()
    engine.dispose()
    return {part for one in people for part in one if part} | {part for one in texts for part in one if len(part) > 7}


def test_no_name_address_or_word_is_in_what_leaves_them_out(taken: Taken) -> None:
    wanted = private(taken.data)
    assert len(wanted) > 2000
    found = {(name, one) for name, text in readable(taken.spare) for one in wanted if one in text}
    assert found == set()


def test_the_same_search_finds_them_where_they_are_included(taken: Taken) -> None:
    everything = " ".join(text for _, text in readable(taken.full))
    texts = [json.loads(line)["body"] for line in members(taken.full)["texts.jsonl"].splitlines()]
    assert all(json.dumps(one, ensure_ascii=False)[1:-1] in everything for one in texts)
    assert "Imogen Ashdown" in everything
    assert "dcs@birmingham.example" in everything


def test_what_was_left_out_is_counted_and_can_be_proved_later(taken: Taken) -> None:
    left, full = members(taken.spare), members(taken.full)
    assert json.loads(left["manifest.json"])["left_out"].keys() == {"texts", "letters", "documents", "document_files"}
    for name in ("texts.jsonl", "letters.jsonl", "documents.jsonl"):
        rows = [json.loads(line) for line in left[name].splitlines()]
        assert rows
        assert all(row["left_out"] for row in rows)
    proofs = {row["id"]: row["commitment"] for row in map(json.loads, left["texts.jsonl"].splitlines())}
    assert proofs == {row["id"]: row["commitment"] for row in map(json.loads, full["texts.jsonl"].splitlines())}
    assert {"events.jsonl", "limits.jsonl", "sections.jsonl"} <= {name for name in left if left[name] == full.get(name)}


def test_a_letter_that_lost_its_names_says_who_it_went_to_by_identifier_and_role(taken: Taken) -> None:
    letter = json.loads(members(taken.spare)["letters.jsonl"].splitlines()[0])
    assert letter["to_json"] == [{"person": "dcs.330", "role": "dcs"}]
