"""A letter that a real mail system took can be shown again, byte for byte: composed anew, and known by the hash in the log."""

from dataclasses import replace

import pytest

from application.exports.sent_letters import as_sent
from records.database.connection import reading
from records.exports.files import letters
from tests.activities.faulty_smtp import misbehaving
from tests.activities.mail.test_letters import undotted
from tests.activities.no_engine import SENDER, RecordsHarness


@pytest.mark.parametrize("since", ["nothing", "another address of the office", "the document is gone"])
async def test_a_letter_is_shown_as_it_was_sent_or_not_at_all(office: RecordsHarness, since: str) -> None:
    letter = await office.announced()
    async with misbehaving() as faulty:
        await office.send(faulty.port, letter)
    office.now = office.now.replace(year=2016)
    sender = replace(SENDER, email="new@inspectorate.example") if since.startswith("another") else SENDER
    if since.endswith("gone"):
        for path in office.documents_folder.rglob("*.pdf"):
            path.unlink()
    with reading(office.store) as session:
        found = dict(letters(office.entries(), [office.letter(letter)], as_sent(session, office.folder, sender)))
    expected = {f"letters/{letter}.eml": undotted(faulty.taken[0])} if since == "nothing" else {}
    assert found == expected
