"""Projections rebuilt from the events, as after a restore, equal those that were there."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from records.database.connection import reading, writing
from records.projections.rebuild import rebuild_all
from records.tables.projections import EVENT_WORD_INDEX, LIMIT_HISTORY, PARTS
from tests.cli_harness import CliHarness


def rows(records: Engine) -> list[list[Any]]:
    with reading(records) as session:
        words = select(EVENT_WORD_INDEX.c.inspection_id, EVENT_WORD_INDEX.c.number, EVENT_WORD_INDEX.c.words).order_by(
            "number"
        )
        return [
            list(session.connection().execute(query))
            for query in (
                words,
                select(LIMIT_HISTORY).order_by("number"),
                select(PARTS).order_by("number", "role", "person"),
            )
        ]


def test_rebuilt_projections_equal_those_that_were_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = CliHarness(tmp_path, monkeypatch).on_site()
    harness.take("change_lead", "c.marsh", person="i.devereux", reason="He is ill")
    harness.take("change_contact", "c.marsh", role="dcs", person="link.330", reason="For now")
    records = harness.records
    before = rows(records)
    assert all(len(table) > 1 for table in before)
    with writing(records) as session:
        for table in (EVENT_WORD_INDEX, LIMIT_HISTORY, PARTS):
            session.connection().execute(delete(table))
        rebuild_all(session)
    assert rows(records) == before
