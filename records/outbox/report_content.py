"""The content of a report: what is still missing, and a frozen copy of what is there (paras 48, 49, 51)."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from framework.editions.registry import edition
from framework.report.headings import Half, Heading
from records.log.texts import bodies
from records.tables.content import COMMENTS, SECTIONS

_SECTIONS = select(SECTIONS).where(SECTIONS.c.inspection_id == bindparam("inspection"))

Sections = dict[str, dict[str, Any]]


def sections(connection: Connection, inspection: str) -> Sections:
    """What stands under each heading, by its key."""
    rows = connection.execute(_SECTIONS, {"inspection": inspection}).mappings()
    return {row["heading"]: dict(row) for row in rows}


def missing(written: Sections, scope: str, edition_key: str) -> tuple[str, ...]:
    """Headings whose grade, text or note on equality (J3: of each graded heading) is not there yet."""
    framework = edition(edition_key)
    opening = [key for key in framework.opening if not written.get(key, {}).get("text_id")]
    headings = framework.headings(scope)
    return (*opening, *(heading.key for heading in headings if not _complete(heading, written.get(heading.key, {}))))


def frozen(connection: Connection, inspection: str, scope: str, edition_key: str) -> dict[str, Any]:
    """The report as it is now, words and all, in the order of para 49."""
    written = sections(connection, inspection)
    ids = {row[name] for row in written.values() for name in ("text_id", "equality_text_id") if row[name]}
    words = bodies(connection, ids)
    framework = edition(edition_key)
    return {
        "halves": [_half(half, framework.headings(half.key), written, words) for half in framework.halves_in(scope)],
        **{key: words.get(written.get(key, {}).get("text_id") or "", "") for key in framework.opening},
    }


def answered_comments(connection: Connection, inspection: str) -> list[dict[str, Any]]:
    """The comments with their answers, as the table of comments sets them out; late ones only where they are used."""
    query = select(COMMENTS).where(COMMENTS.c.inspection_id == inspection).order_by(COMMENTS.c.number)
    rows = [row for row in connection.execute(query).mappings() if row["used"]]
    names = ("location_text_id", "text_id", "answer_text_id", "change_text_id")
    words = bodies(connection, {row[name] for row in rows for name in names if row[name]})
    return [
        {
            "number": row["number"],
            "where": words[row["location_text_id"]],
            "text": words[row["text_id"]],
            "accepted": row["accepted"],
            "reason": words.get(row["answer_text_id"], ""),
            "change": words.get(row["change_text_id"]),
        }
        for row in rows
    ]


def _complete(heading: Heading, section: dict[str, Any]) -> bool:
    wanted = ("grade", "text_id", "equality_text_id") if heading.graded else ("text_id",)
    return all(section.get(name) for name in wanted)


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
        "equality": words.get(section.get("equality_text_id") or "", ""),
    }
