"""The file of a document, by the identifiers of inspection and document."""

from dataclasses import dataclass
from pathlib import Path

from application.caller import Caller
from application.queries.access_logging import Use
from application.queries.inspection_letters import Document, documents_at
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from framework.common.errors import BadInput, BeingMade, Refused
from records.inspections.reader import InspectionReader
from records.queries.inspection_rows import rows_of


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document, and its file on this machine."""

    document: Document
    path: Path


def document_file(caller: Caller, context: AppContext, inspection: str, identifier: str) -> DocumentFile:
    """Returns the file of a document. Raises `BadInput` for an unknown one, `BeingMade` for one that will have it in a moment,
    `Refused` for one that could not be made or was erased."""
    with snapshot(caller, context, Use("document", inspection, {"document": identifier})) as view:
        reader = InspectionReader(view.session, view.inspection(inspection))
        documents = documents_at(view.session, rows_of(view.session, reader.row).documents, reader.events, None)
    document = next((document for document in documents if document.id == identifier), None)
    if document is None:
        raise BadInput(f"{inspection} has no document {identifier}")
    if document.path is None:
        raise _no_file(document)
    return DocumentFile(document, context.settings.data / "documents" / document.path)


def _no_file(document: Document) -> BeingMade | Refused:
    if document.erased:
        return Refused(f"the document {document.id} was erased")
    if document.status == "failed":
        return Refused(f"the document {document.id} could not be made: {document.error or 'no reason is recorded'}")
    return BeingMade(f"the document {document.id} is being made: ask again in a moment")
