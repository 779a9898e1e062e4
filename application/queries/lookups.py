"""Checks of what a request names: an unknown identifier is answered with the nearest known ones."""

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from application.runtime.suggestions import near
from framework.common.errors import BadInput, Remedy
from framework.inspection.event_kinds import EVENT_KINDS
from framework.inspection.limits import BY_KEY
from framework.inspection.stages import Stage
from records.directory import directory
from records.tables.inspections import EVENTS


def must_know_person(session: Session, identifier: str) -> None:
    """Raises `BadInput` for a person the directory does not know, naming the nearest it does."""
    known = directory.names(session)
    if identifier not in known:
        raise BadInput(f"the directory knows nobody called {identifier}{near(identifier, known)}")


def known_actor(session: Session, identifier: str) -> str:
    """Returns a person who acted or may act: of the directory, the system, or named by the log. Raises `BadInput`."""
    if identifier != "system" and not _in_log(session, EVENTS.c.actor == identifier):
        must_know_person(session, identifier)
    return identifier


def known_kind(session: Session, kind: str) -> str:
    """Returns a kind of event that there is, or that the log holds. Raises `BadInput`, naming the nearest."""
    if kind not in EVENT_KINDS and not _in_log(session, EVENTS.c.kind == kind):
        raise BadInput(f"{kind}: there is no such kind of event{near(kind, EVENT_KINDS)}", field="kind")
    return kind


def known_authority(session: Session, code: str) -> str:
    """Returns the code of an authority. Raises `BadInput`, naming the nearest: by code, or by the beginning of its name."""
    known = {str(row["code"]): str(row["name"]) for row in directory.authorities(session)}
    if code not in known:
        named = [f"{other} ({name})" for other, name in known.items() if name.lower().startswith(code.lower())][:3]
        close = f"; nearest: {', '.join(named)}" if named else near(code, known)
        raise BadInput(f"there is no authority {code}{close}", remedy=Remedy.LIST_AUTHORITIES)
    return code


def known_region(session: Session, name: str) -> str:
    """Returns a region as the directory writes it, however its letters were typed. Raises `BadInput`, naming all of them."""
    regions = directory.regions(session)
    region = next((region for region in regions if region.lower() == name.lower()), None)
    if region is None:
        raise BadInput(f"there is no region «{name}»{near(name, regions)}; the regions are {', '.join(regions)}")
    return region


def known_stage(stage: str) -> str:
    """Returns a stage. Raises `BadInput`, naming the nearest."""
    if stage not in list(Stage):
        raise BadInput(f"there is no stage «{stage}»{near(stage, Stage)}; the stages are {', '.join(Stage)}")
    return stage


def known_limit(limit: str) -> str:
    """Returns the key of a limit. Raises `BadInput`, naming the nearest."""
    if limit not in BY_KEY:
        raise BadInput(f"there is no limit «{limit}»{near(limit, BY_KEY)}; the limits are {', '.join(BY_KEY)}")
    return limit


def _in_log(session: Session, condition: ColumnElement[bool]) -> bool:
    return session.connection().execute(select(EVENTS.c.number).where(condition).limit(1)).first() is not None
