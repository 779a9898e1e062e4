"""What changed from the draft as sent to the final report, held against the comments that asked for it (para 51).

Two things are never passed over in silence: a comment that was accepted though its section did not change, and a change that
no comment asked for. Each needs a word from the lead inspector, and is shown with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from framework.report.changes import Passage, SectionChange, changed_sections
from framework.report.comment_places import sections_named
from framework.report.frozen import Report
from framework.report.headings import Outline


@dataclass(frozen=True, slots=True)
class AnsweredComment:
    """One comment, with what its answer says of the report."""

    number: int
    where: str
    """Where in the draft, in the words of the authority."""
    heading: str | None = None
    """The section it names by its key."""
    accepted: bool = False
    sections: tuple[str, ...] = ()
    """The sections its answer says it changed."""


@dataclass(frozen=True, slots=True)
class ReviewedChange:
    """A section that changed, with the accepted comments that asked for it, or the lead's word where none did."""

    change: SectionChange
    title: str
    comments: tuple[int, ...]
    word: str | None

    @property
    def unexplained(self) -> bool:
        """Returns whether the lead still owes a word on it."""
        return not self.comments and self.word is None


@dataclass(frozen=True, slots=True)
class UnchangedComment:
    """An accepted comment for which nothing changed in the sections it is about."""

    number: int
    titles: tuple[str, ...]
    """The titles of those sections; none where its words name no section."""
    word: str | None


@dataclass(frozen=True, slots=True)
class ChangeReview:
    """Everything that changed, and everything accepted that changed nothing."""

    changes: tuple[ReviewedChange, ...]
    unchanged: tuple[UnchangedComment, ...]

    @property
    def unexplained_changes(self) -> tuple[str, ...]:
        """Returns the keys of changed sections on which the lead owes a word."""
        return tuple(change.change.heading for change in self.changes if change.unexplained)

    @property
    def unexplained_comments(self) -> tuple[int, ...]:
        """Returns the numbers of accepted comments on which the lead owes a word."""
        return tuple(comment.number for comment in self.unchanged if comment.word is None)

    def data(self) -> dict[str, Any]:
        """Returns it as plain data, as documents and letters are made from it."""
        changes = [
            {**asdict(change.change), "title": change.title, "comments": list(change.comments), "word": change.word}
            for change in self.changes
        ]
        for change in changes:
            change["passages"] = list(change["passages"])
        unchanged = [{**asdict(comment), "titles": list(comment.titles)} for comment in self.unchanged]
        return {"changes": changes, "unchanged": unchanged}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "ChangeReview":
        """Returns the review that `data` gives as plain data."""
        return cls(
            tuple(_reviewed(change) for change in data["changes"]),
            tuple(
                UnchangedComment(comment["number"], tuple(comment["titles"]), comment["word"])
                for comment in data["unchanged"]
            ),
        )


def _reviewed(data: Mapping[str, Any]) -> ReviewedChange:
    names = ("heading", "grade_was", "grade_now", "words_out", "words_in")
    passages = tuple(Passage(passage["was"], passage["now"]) for passage in data["passages"])
    change = SectionChange(**{name: data[name] for name in names}, passages=passages)
    return ReviewedChange(change, data["title"], tuple(data["comments"]), data["word"])


def comment_subject(number: int) -> str:
    """Returns the name under which the lead's word on a comment is kept; that on a section is kept under its key."""
    return f"comment-{number}"


def review(
    draft: Report, final: Report, comments: Sequence[AnsweredComment], words: Mapping[str, str], outline: Outline
) -> ChangeReview:
    """Returns what changed from `draft` to `final`. `words` are the lead's, by subject."""
    changes = changed_sections(draft, final, outline.opening)
    changed = {change.heading for change in changes}
    accepted = {comment.number: _sections_of(comment, draft, outline) for comment in comments if comment.accepted}
    reviewed = tuple(
        ReviewedChange(
            change,
            outline.full_titles[change.heading],
            tuple(number for number, keys in accepted.items() if change.heading in keys),
            words.get(change.heading),
        )
        for change in changes
    )
    unchanged = tuple(
        UnchangedComment(
            comment.number,
            tuple(outline.full_titles[key] for key in accepted[comment.number] if key not in changed),
            words.get(comment_subject(comment.number)),
        )
        for comment in comments
        if comment.accepted and not _is_met(comment, accepted[comment.number], changed)
    )
    return ChangeReview(reviewed, unchanged)


def _sections_of(comment: AnsweredComment, draft: Report, outline: Outline) -> tuple[str, ...]:
    """Returns the sections a comment is about: those its answer names, or the one it names itself, or those its words name."""
    if comment.sections or comment.heading:
        return comment.sections or (comment.heading or "",)
    return sections_named(comment.where, draft, outline)


def _is_met(comment: AnsweredComment, keys: tuple[str, ...], changed: set[str]) -> bool:
    """Requires a change in each section that the answer names; where the words of a comment span several, in one of them."""
    return set(keys) <= changed if comment.sections else bool(changed & set(keys))
