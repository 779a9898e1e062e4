"""The table of documents: what is made, under which paragraph, and what its file is called.

File names say what a document is and for which inspection; nothing about a child or a judgement stands in one.
"""

from dataclasses import dataclass

from framework.common.errors import BadInput


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One kind of document."""

    kind: str
    title: str
    paragraph: int
    pdf: bool
    """Whether it leaves as a PDF, sent or published; the same HTML is its page on screen."""
    stem: str
    """The part of its file name that names the kind."""
    state: str = ""
    """The state that every page shows: "draft", "final", or nothing."""


# fmt: off
DOCUMENTS: tuple[DocumentRule, ...] = (
    #            kind                    title                                  para  pdf   stem                state
    DocumentRule("announcement",         "Your inspection: what we ask of you",   30, True, "announcement-pack"),
    DocumentRule("agenda",               "Agenda for the set-up meeting",         33, True, "set-up-meeting-agenda"),
    DocumentRule("indicative_timetable", "Indicative timetable of the fieldwork", 33, True, "indicative-timetable"),
    DocumentRule("first_cases_list",     "First cases to be audited",             41, True, "first-cases"),
    DocumentRule("draft_report",         "Inspection report: draft",              50, True, "draft-report", "draft"),
    DocumentRule("comments_form",        "Form for comments on the draft report", 51, True, "comments-form"),
    DocumentRule("final_report",         "Inspection report",                     52, True, "final-report", "final"),
    DocumentRule("comments_table",       "Comments on the draft and answers",     51, True, "comment-answers", "final"),
)
# fmt: on

_BY_KIND = {rule.kind: rule for rule in DOCUMENTS}


def document(kind: str) -> DocumentRule:
    """Returns the rule for one kind of document. Raises `BadInput` for a kind that is not in the table."""
    try:
        return _BY_KIND[kind]
    except KeyError:
        raise BadInput(f"there is no document «{kind}»; the kinds are {', '.join(_BY_KIND)}") from None


def file_name(kind: str, inspection: str, suffix: str = "pdf") -> str:
    """Returns the name of the file: «SLAC-2010-001-draft-report.pdf»."""
    return f"{inspection}-{document(kind).stem}.{suffix}"
