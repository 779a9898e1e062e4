"""Descriptions of the members of an export, for its README."""

from collections.abc import Iterable, Mapping
from typing import Any

from records.exports import format

WORDS: Mapping[str, str] = {
    format.README: "This text.",
    format.MANIFEST: "Every file here with its size and sha256; who exported it, when, with which version of the product, and "
    "whether names and free text are included. It is the one file that is signed, and vouches for all others.",
    format.SIGNATURE: "The signature over manifest.json (Ed25519, 64 bytes).",
    format.PUBLIC_KEY: "The public key that the signature is made with. Compare it with the one you were given.",
    format.CHRONOLOGY_PDF: "What happened, in order, to be read.",
    format.CHRONOLOGY_PAGE: "The same for a browser.",
    format.EVENTS: "The log: every event, one a line, each naming the hash of the line before. The truth of the record; all "
    "else follows from it or is vouched for by it.",
    "inspection.json": "The inspection as it stands: its order, its stage, who holds which role.",
    "people.jsonl": "The people of the inspection: name, e-mail address, organisation.",
    format.TEXTS: "What people wrote, under the identifier that stands for it in the log, with its commitment: the sha256 of "
    "its salt and its words, which the log names as well.",
    format.LETTERS: "The letters: to whom, when, what became of each, and the data they were made from.",
    f"{format.LETTER_FILES}/": "Letters byte for byte as they were accepted, each under the number of the event that says so; a mail "
    "program opens them.",
    format.DOCUMENTS: "The documents, each with the hashes of its files.",
    f"{format.DOCUMENT_FILES}/": "The documents themselves.",
    f"{format.PUBLISHED_FILES}/": "The report as it was published.",
    "publications.jsonl": "When the report was put among the published ones.",
    "sections.jsonl": "The report's headings with their grades, as they stood last.",
    format.COMMENTS: "Comments on the draft report, and how they were answered.",
    "explanations.jsonl": "The lead inspector's words on changes that no comment asked for, and on comments that changed nothing.",
    "limits.jsonl": "Every limit: by when, and when it was met.",
    "tasks.jsonl": "What waited for a person.",
    "submissions.jsonl": "Commands as they came in, refused ones included.",
    "calendars.jsonl": "The versions of the calendar of holidays that were in force while the inspection lived.",
    "histories.jsonl": "Which histories of the engine are kept: {engine_histories[what]}.",
    f"{format.HISTORY_FILES}/": "The engine's own histories, packed with gzip: a second account of what was done, kept by "
    "another program.",
    format.RESTORES: "Every time that records were put back from a backup, as it was signed, and which statements of lists and "
    "histories do not hold since.",
    f"{format.CHECKPOINT_FILES}/": "Signed lists of the heads of all inspections, made while this one went on: each proves what "
    "the log held at its moment.",
}
"""Member or folder of members -> its description, in the order of the README."""


def members_in_words(members: Iterable[str], facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns every existing member or folder with its description."""
    existing = {format.README, format.MANIFEST, format.SIGNATURE}
    existing |= {f"{name.split('/')[0]}/" if "/" in name else name for name in members}
    return [(name, words.format_map(facts)) for name, words in WORDS.items() if name in existing]
