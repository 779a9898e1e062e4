"""Bringing people into the directory: who may, and an entry in the access log that says who did it and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from application.open_context import open_records
from application.queries import access_logging
from application.queries.access_logging import Read
from application.queries.lookups import must_know_person
from application.runtime.context import AppContext
from framework.common.errors import InspectionError
from framework.vocabulary.office import require_office_post
from records.audit import access_log
from records.audit.access_log import Access
from records.database.connection import writing
from records.directory import directory
from records.directory.changes import DirectoryChange, difference, snapshot
from records.directory.csv_import import import_people

COMMAND = "authorities import"


@dataclass(frozen=True, slots=True)
class ImportedDirectory:
    """A file that was brought in."""

    rows: int
    change: DirectoryChange


def import_directory(context: AppContext, text: str, by: str, file: str) -> ImportedDirectory:
    """Brings in the people and posts of a CSV file, with its entry in the access log in the same transaction.

    Raises `BadInput` for an unknown person or a faulty file, `Refused` for a person without the post: then nothing is
    brought in, and the access log says so. `file` is the name the log gives."""
    try:
        with writing(context.records) as session:
            must_know_person(session, by)
            require_office_post(by, directory.posts(session, by), "the directory")
            before = snapshot(session.connection())
            rows = import_people(session, text)
            change = difference(before, snapshot(session.connection()))
            made = {"file": file, "rows": rows, **change.as_parameters(), "outcome": "made"}
            access_log.log_read(session, _entry(context, by, made))
    except InspectionError:
        with access_logging.deed(lambda: open_records(context.settings), by, Read(COMMAND, asked={"file": file})):
            raise
    return ImportedDirectory(rows, change)


def _entry(context: AppContext, by: str, parameters: Mapping[str, Any]) -> Access:
    return Access(context.now(), by, context.ran_as, context.entry_point, COMMAND, "", parameters)
