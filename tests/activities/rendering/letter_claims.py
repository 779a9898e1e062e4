"""What the words of a rendered letter claim, read from its text alone, to be held against the state on its day."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from activities.rendering.templates import RenderedLetter

DAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+ \d{4}")
SAYS_IT_IS_OVER = re.compile(
    r"\b(was|were|came|ended|began|received|returned|since|held|late|written|sent|replaces|ago|earlier|record said|Right is|written|reached)\b|before:|instead of|overdue"
)
NEEDS: dict[str, str] = {
    "handed in": "handed_in",
    "stays published": "published",
    "judgements and the evidence": "published",
    "The set-up meeting was held": "set_up_meeting_held",
    "case lists have changed": "case_lists_received",
    "The documents you gave us": "documents_received",
}
"""Words -> what must have happened for them to be true."""
NEVER = ("encrypt", "upload", "no longer work", ", City of", ", County of", "None")
_PROMISES = {
    r"case lists due by (DAY)": "case_lists",
    r"give the inspectors the case lists by (DAY)": "case_lists",
    r"send us the case lists by (DAY)": "case_lists",
    r"documents (?:we asked for are due )?by (DAY)": "documents",
    r"draft report (?:reaches you )?by (DAY)": "draft_report",
    r"comments on the facts due by (DAY)": "factual_comments",
    r"final report (?:reaches you )?by (DAY)": "final_report",
    r"(?:to be published|We publish it) by (DAY)": "publication",
    r"complaints until (DAY)": "complaints_close",
    r"Evaluation due by (DAY)": "evaluation",
    r"share the outcomes by (DAY)": "case_audits",
}
"""Words that promise the due day of a limit."""
PROMISES = tuple((re.compile(words.replace("DAY", DAY.pattern)), limit) for words, limit in _PROMISES.items())
_DIARY = re.compile(rf"^({DAY.pattern})\n((?:  \S.*\n)+)", re.MULTILINE)
_ENTRIES: dict[str, str] = {
    "case lists": "case_lists",
    "documents": "documents",
    "survey invitations": "survey_invitations",
    "your audits": "case_audits",
    "the latest day for the set-up meeting": "set_up_meeting",
    "the latest day for fieldwork to begin": "fieldwork_starts",
    "the latest day for fieldwork to end": "inspection_ends",
    "you have the draft report": "draft_report",
    "your comments on the facts are due": "factual_comments",
    "the draft is due back": "factual_comments",
    "you have the final report": "final_report",
    "the report is published": "publication",
}
"""How an entry of a letter's diary begins -> the limit whose due day it names."""
_LEADS = re.compile(r"(?:^|[.!?] )([^.!?]+?) leads the inspection and answers|From our side come ([^,]+), who leads")
_LED_BY = re.compile(r"^- Led by: (.+)$", re.MULTILINE)


def flat(letter: RenderedLetter) -> str:
    """Returns subject and text with every run of white space as one blank."""
    return re.sub(r"\s+", " ", f"{letter.subject} {letter.text}")


def promised(letter: RenderedLetter) -> Iterator[tuple[str, date]]:
    """Yields each limit whose due day the letter promises, with the day."""
    text = flat(letter)
    for words, limit in PROMISES:
        yield from ((limit, as_day(match[1])) for match in words.finditer(text))
    for day, entries in _DIARY.findall(letter.text):
        for entry in " ".join(entries.split()).lower().split("; "):
            yield from ((limit, as_day(day)) for words, limit in _ENTRIES.items() if entry.startswith(words))


def leads_named(letter: RenderedLetter) -> set[str]:
    """Returns the names of the persons whom the letter calls the lead; «you» is its reader."""
    named = [name for match in _LEADS.findall(flat(letter)) for name in match if name]
    return {name.strip() for name in (*named, *_LED_BY.findall(letter.text))}


def promises_over(letter: RenderedLetter, written: date) -> list[str]:
    """Returns the sentences that name a day before the letter's own and do not say that it is over."""
    text = f"{letter.subject}\n\n{letter.text}"
    sentences = [" ".join(part.split()) for part in re.split(r"\n\n|\n- |\n\||(?<=[.;!?])\s", text)]
    return [
        sentence
        for sentence in sentences
        for day in DAY.findall(sentence)
        if as_day(day) < written and not SAYS_IT_IS_OVER.search(sentence)
    ]


def untrue(letter: RenderedLetter, so_far: set[str]) -> list[str]:
    """Returns the words of the letter that what happened so far does not bear out."""
    text = flat(letter)
    return [words for words, needed in NEEDS.items() if words in text and needed not in so_far] + [
        words for words in NEVER if words in text
    ]


def as_day(words: str) -> date:
    """Returns the day that a letter writes as «Wednesday 3 November 2010»."""
    return datetime.strptime(words, "%A %d %B %Y").date()  # noqa: DTZ007
