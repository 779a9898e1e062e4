"""Bringing people into the directory: who may, and an entry in the access log that says who did it and what it changed."""

from contextlib import nullcontext
from dataclasses import dataclass

from application.caller import Caller
from application.queries.access_logging import Use, log_failure, write_entry
from application.queries.identification import identify
from application.queries.lookups import must_know_person
from application.runtime.context import AppContext
from framework.common.errors import InspectionError
from framework.vocabulary.office import require_office_post
from records.database.connection import writing
from records.directory.changes import DirectoryChange as DirectoryChange
from records.directory.changes import difference, snapshot
from records.directory.csv_import import import_people

COMMAND = "authorities import"


@dataclass(frozen=True, slots=True)
class ImportDirectory:
    """People and posts to bring in."""

    text: str
    """CSV."""
    file: str
    """The name of the file, for the access log."""


@dataclass(frozen=True, slots=True)
class ImportedDirectory:
    """A file that was brought in."""

    rows: int
    change: DirectoryChange


def import_directory(caller: Caller, context: AppContext, request: ImportDirectory) -> ImportedDirectory:
    """Brings in people and posts, with the entry in the access log in the same transaction.

    Raises `BadInput` for an unknown person or a faulty file, `Refused` for a person without the post: then nothing is
    brought in, and the access log says so."""
    use = Use(COMMAND, parameters={"file": request.file})
    try:
        with writing(context.records) as session:
            must_know_person(session, caller.person)
            require_office_post(caller.person, identify(session, caller).posts, "the directory")
            before = snapshot(session.connection())
            rows = import_people(session, request.text)
            change = difference(before, snapshot(session.connection()))
            parameters = {"file": request.file, "rows": rows, **change.as_parameters(), "outcome": "made"}
            write_entry(session, caller, context.now(), use, parameters)
    except InspectionError as error:
        log_failure(caller, use, lambda: nullcontext(context.records), context.warn, error)
        raise
    return ImportedDirectory(rows, change)
