"""The content of a report: what is still missing, a frozen copy of what is there, and what changed since the draft (paras 48, 49, 51)."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from framework.editions.registry import edition
from framework.report.change_review import AnsweredComment, ChangeReview, review
from framework.report.headings import Half, Heading
from records.log.texts import bodies
from records.tables.content import COMMENTS, EXPLANATIONS, SECTIONS
from records.tables.outbox import DOCUMENTS

_SECTIONS = select(SECTIONS).where(SECTIONS.c.inspection_id == bindparam("inspection"))

Sections = dict[str, dict[str, Any]]


def sections(connection: Connection, inspection: str) -> Sections:
    """Returns the content of each heading, by its key."""
    rows = connection.execute(_SECTIONS, {"inspection": inspection}).mappings()
    return {row["heading"]: dict(row) for row in rows}


def missing(written: Sections, scope: str, edition_key: str) -> tuple[str, ...]:
    """Headings whose grade, text or note on equality (J3: of each graded heading) is not there yet."""
    framework = edition(edition_key).report
    opening = [key for key in framework.opening if not written.get(key, {}).get("text_id")]
    headings = framework.headings(scope)
    return (*opening, *(heading.key for heading in headings if not _complete(heading, written.get(heading.key, {}))))


def frozen(connection: Connection, inspection: str, scope: str, edition_key: str) -> dict[str, Any]:
    """Returns the report as it is now, with its texts, in the order of para 49."""
    written = sections(connection, inspection)
    ids = {row[name] for row in written.values() for name in ("text_id", "equality_text_id") if row[name]}
    ids |= {area["text"] for row in written.values() for area in row["areas_json"]}
    words = bodies(connection, ids)
    framework = edition(edition_key).report
    return {
        "halves": [_half(half, framework.headings(half.key), written, words) for half in framework.halves_in(scope)],
        **{key: words.get(written.get(key, {}).get("text_id") or "", "") for key in framework.opening},
    }


def answered_comments(connection: Connection, inspection: str) -> list[dict[str, Any]]:
    """Returns the comments with their answers, as the table of comments sets them out. Late ones that are not used have no answer:
    `accepted` is None, and `reason` that of the decision."""
    rows = [row for row in _comments(connection, inspection) if row["used"] is not None]
    names = ("location_text_id", "text_id", "answer_text_id", "decision_text_id")
    words = bodies(connection, {row[name] for row in rows for name in names if row[name]})
    return [
        {
            "number": row["number"],
            "where": words[row["location_text_id"]],
            "heading": row["heading"],
            "text": words[row["text_id"]],
            "late": row["late"],
            "accepted": row["accepted"],
            "reason": words.get(row["answer_text_id"] or row["decision_text_id"], ""),
            "sections": row["sections_json"],
        }
        for row in rows
    ]


def _comments(connection: Connection, inspection: str) -> list[Any]:
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == inspection).order_by(COMMENTS.c.number)
    return list(connection.execute(query).mappings())


def newest_data(connection: Connection, inspection: str, kind: str) -> dict[str, Any] | None:
    """Returns the data of the newest document of a kind; None if there is none."""
    query = (
        select(DOCUMENTS.c.data_json)
        .where(DOCUMENTS.c.inspection_id == inspection, DOCUMENTS.c.kind == kind)
        .order_by(DOCUMENTS.c.event_number.desc())
        .limit(1)
    )
    data: dict[str, Any] | None = connection.execute(query).scalar()
    return data


def review_changes(connection: Connection, inspection: str, scope: str, edition_key: str) -> ChangeReview | None:
    """Returns the changes from the draft as sent to the report as it now is, with the lead's explanations; None without a draft.

    The newest draft is the one that was sent: none is submitted after that."""
    draft = newest_data(connection, inspection, "draft_report")
    if draft is None or "report" not in draft:  # erased
        return None
    comments = [
        AnsweredComment(
            comment["number"],
            comment["where"],
            comment["heading"],
            bool(comment["accepted"]),
            tuple(comment["sections"]),
        )
        for comment in answered_comments(connection, inspection)
    ]
    now = frozen(connection, inspection, scope, edition_key)
    outline = edition(edition_key).report.outline(scope)
    return review(draft["report"], now, comments, _explanations(connection, inspection), outline)


def _explanations(connection: Connection, inspection: str) -> dict[str, str]:
    query = select(EXPLANATIONS.c.subject, EXPLANATIONS.c.text_id).where(EXPLANATIONS.c.inspection_id == inspection)
    rows = connection.execute(query).all()
    words = bodies(connection, {text for _, text in rows})
    return {subject: words[text] for subject, text in rows}


def _complete(heading: Heading, section: dict[str, Any]) -> bool:
    if heading.lists_areas:
        return bool(section.get("areas_json"))
    required = ("grade", "text_id", "equality_text_id") if heading.graded else ("text_id",)
    return all(section.get(name) for name in required)


def _half(half: Half, headings: tuple[Heading, ...], written: Sections, words: dict[str, str]) -> dict[str, Any]:
    return {
        "key": half.key,
        "title": half.title,
        "headings": [_heading(heading, written.get(heading.key, {}), words) for heading in headings],
    }


def _heading(heading: Heading, section: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    return {
        "key": heading.key,
        "title": heading.title,
        "grade": section.get("grade"),
        "taking_into_account": list(heading.taking_into_account),
        "text": words.get(section.get("text_id") or "", ""),
        "areas": [{**area, "text": words[area["text"]]} for area in section.get("areas_json") or ()],
        "equality": words.get(section.get("equality_text_id") or "", ""),
    }
