"""The rows of one inspection for screens."""

import pytest
from sqlalchemy import Engine

from framework.common.errors import BadInput
from records.database.connection import reading
from records.queries import inspection_rows
from tests.records.builders import ID, begin, record, reminder


def test_one_inspection_shows_its_people_by_role(records: Engine) -> None:
    begin(records)
    record(records, letters=(reminder(),))
    with reading(records) as session:
        shown = inspection_rows.show(session, ID)
    people = [(person["role"], person["person"]) for person in shown["people"]]
    assert people[:4] == [
        ("coordinator", "c.marsh"),
        ("manager", "m.okafor"),
        ("lead_inspector", "i.ashdown"),
        ("inspector", "i.bellamy"),
    ]
    assert ("pct_chief_executive", "pct2.330") in people
    assert (shown["authority"], shown["letters"][0]["status"]) == ("Birmingham", "queued")


def test_an_unknown_inspection_is_named(records: Engine) -> None:
    with reading(records) as session, pytest.raises(BadInput, match="no inspection"):
        inspection_rows.show(session, "SLAC-2010-009")
