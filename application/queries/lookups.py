"""What is known, and what somebody may have meant: unknown identifiers are answered with the nearest known ones."""

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, RowMapping, select

from application.runtime.suggestions import near
from framework.common.errors import BadInput, Remedy
from framework.inspection.event_kinds import EVENT_KINDS
from framework.inspection.stages import Stage
from framework.lifecycle.limits import BY_KEY
from records.directory import directory
from records.tables.inspections import EVENTS, INSPECTIONS

if TYPE_CHECKING:
    from sqlmodel import Session


def must_know(session: "Session", identifier: str) -> RowMapping:
    """The row of an inspection. Raises `BadInput` for an unknown one, naming the nearest known ones."""
    row = session.connection().execute(select(INSPECTIONS).where(INSPECTIONS.c.id == identifier)).mappings().first()
    if row is not None:
        return row
    known = session.connection().execute(select(INSPECTIONS.c.id)).scalars().all()
    what = f"there is no inspection {identifier}{near(identifier, known)}"
    raise BadInput(what, remedy=Remedy.LIST_INSPECTIONS)


def must_know_person(session: "Session", identifier: str) -> None:
    """Raises `BadInput` for somebody the directory does not know, naming the nearest it does."""
    known = directory.names(session)
    if identifier not in known:
        raise BadInput(f"the directory knows nobody called {identifier}{near(identifier, known)}")


def known_actor(session: "Session", identifier: str) -> str:
    """Somebody who acted or may act: of the directory, the system, or anybody the log names. Raises `BadInput`."""
    if identifier != "system" and not _in_log(session, EVENTS.c.actor == identifier):
        must_know_person(session, identifier)
    return identifier


def known_kind(session: "Session", kind: str) -> str:
    """A kind of event that there is, or that the log holds. Raises `BadInput`, naming the nearest."""
    if kind not in EVENT_KINDS and not _in_log(session, EVENTS.c.kind == kind):
        raise BadInput(f"{kind}: there is no such kind of event{near(kind, EVENT_KINDS)}", field="kind")
    return kind


def known_authority(session: "Session", code: str) -> str:
    """The code of an authority. Raises `BadInput`, naming the nearest: by code, or by the beginning of its name."""
    known = {str(row["code"]): str(row["name"]) for row in directory.authorities(session)}
    if code not in known:
        named = [f"{one} ({name})" for one, name in known.items() if name.lower().startswith(code.lower())][:3]
        close = f"; nearest: {', '.join(named)}" if named else near(code, known)
        raise BadInput(f"there is no authority {code}{close}", remedy=Remedy.LIST_AUTHORITIES)
    return code


def known_stage(stage: str) -> str:
    """A stage. Raises `BadInput`, naming the nearest."""
    if stage not in list(Stage):
        raise BadInput(f"there is no stage «{stage}»{near(stage, Stage)}; the stages are {', '.join(Stage)}")
    return stage


def known_limit(limit: str) -> str:
    """The key of a limit. Raises `BadInput`, naming the nearest."""
    if limit not in BY_KEY:
        raise BadInput(f"there is no limit «{limit}»{near(limit, BY_KEY)}; the limits are {', '.join(BY_KEY)}")
    return limit


def _in_log(session: "Session", wanted: ColumnElement[bool]) -> bool:
    return session.connection().execute(select(EVENTS.c.number).where(wanted).limit(1)).first() is not None
