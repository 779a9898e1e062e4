"""Names the engine that the settings of this process select, and compares it with the owner of the records.

An embedded engine is named by its data folder's identifier, not by its port or its store: another store in the same folder is
the same engine, and so is a folder that was moved. A Temporal Service is named by its address as the settings write it."""

import os
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from activities.support.atomic_files import write_whole
from application.runtime import clock, rehearsal_marker, run_file, temporal_client
from application.runtime.settings import Settings
from records.audit import engine_owner
from records.audit.engine_owner import EMBEDDED, EngineName
from records.database.connection import reading, writing

FILE = "engine.id"
VARIABLE = "INSPECTIONS_EMBEDDED_ENGINE"
"""The variable with the embedded engine's identifier, which `up` sets for its worker: the engine's address changes."""


def embedded(settings: Settings) -> EngineName:
    """Returns the name of the embedded engine of the data folder, whose identifier is made at first use."""
    file = settings.data / FILE
    if not file.is_file():
        write_whole(file, f"{uuid4().hex}\n".encode())
    return _embedded(settings.data, identifier(settings.data))


def of_settings(settings: Settings) -> EngineName:
    """Returns the name of the engine that this process uses: the embedded one of the data folder where it runs or where no
    other is configured. Raises `BadInput` for a wrong configuration."""
    if given := os.environ.get(VARIABLE):
        return _embedded(settings.data, given)
    service = temporal_client.configured_name()
    if service is None or run_file.find(settings.data) is not None:
        return _embedded(settings.data, identifier(settings.data))
    return EngineName(*service)


def claim(records: Engine, name: EngineName) -> None:
    """Makes the engine the owner of records that have none. Raises `Unreachable`, naming both, if another is."""
    with writing(records) as session:
        engine_owner.claim(session, name, clock.now())


def require(settings: Settings, records: Engine) -> None:
    """Raises `Unreachable`, naming both, if the settings select another engine than the owner of the records.

    A rehearsal's folder has no owner: its engine is gone."""
    if rehearsal_marker.find(settings.data) is not None:
        return
    with reading(records) as session:
        engine_owner.require(session.connection(), of_settings(settings))


def identifier(data: Path) -> str:
    """Returns the identifier of the data folder; empty if no `up` has run on it."""
    try:
        return (data / FILE).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _embedded(data: Path, name: str) -> EngineName:
    return EngineName(f"{EMBEDDED}{name}", temporal_client.NAMESPACE, str(data.resolve()))
