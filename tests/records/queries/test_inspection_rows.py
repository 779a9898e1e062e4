"""The rows of one inspection for screens."""

from sqlalchemy import Engine

from records.database.connection import reading
from tests.records.builders import begin, record, reminder, rows


def test_one_inspection_has_its_authority_by_name_and_its_letters(records: Engine) -> None:
    begin(records)
    record(records, letters=(reminder(),))
    with reading(records) as session:
        shown = rows(session)
    assert (shown.authority, shown.letters[0]["status"], shown.letters[0]["erased"]) == ("Birmingham", "queued", False)
