"""Which engine and namespace the records belong to. Workers claim records that nothing owns; nothing acts with another."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import Session

from framework.common.errors import Unreachable
from records.database.upserts import insert_new
from records.tables.engine_owner import ENGINE_OWNER

EMBEDDED = "embedded:"
"""What the name of an embedded engine begins with; the identifier of its data folder follows."""


@dataclass(frozen=True, slots=True)
class EngineName:
    """An engine and namespace, as records and settings name them."""

    engine: str
    """The address of a Temporal Service; of an embedded engine `EMBEDDED` and the identifier of its data folder."""
    namespace: str
    place: str = ""
    """The data folder of an embedded engine, for messages: the folder may be moved."""

    def __str__(self) -> str:
        embedded = f"the engine of the data folder {self.place} ({self.engine})"
        return f"{embedded if self.place else f'the engine at {self.engine}'}, namespace {self.namespace}"

    def is_same(self, other: "EngineName") -> bool:
        """Returns whether both name the same engine and namespace."""
        return (self.engine, self.namespace) == (other.engine, other.namespace)


def owner(connection: Connection) -> EngineName | None:
    """Returns the engine the records belong to; None where no worker has claimed them yet."""
    row = connection.execute(select(ENGINE_OWNER)).first()
    return EngineName(row.engine, row.namespace, row.place) if row else None


def claim(session: Session, name: EngineName, moment: datetime) -> None:
    """Makes this engine the owner of records that have none. Raises `Unreachable` where another owns them."""
    connection = session.connection()
    connection.execute(insert_new(connection, ENGINE_OWNER), _row(name, moment))
    require(connection, name)


def require(connection: Connection, name: EngineName) -> None:
    """Raises `Unreachable`, naming both, where another engine or namespace owns the records than `name`."""
    owned_by = owner(connection)
    if owned_by is not None and not owned_by.is_same(name):
        raise Unreachable(
            f"the records belong to {owned_by}, and the settings name {name}: correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, "
            "DATABASE_URL or the data folder; a backup that is restored with other settings belongs to their engine"
        )


def hand_over(session: Session, name: EngineName, moment: datetime) -> None:
    """Makes this engine the owner, whichever was: for a restore."""
    connection = session.connection()
    connection.execute(delete(ENGINE_OWNER))
    connection.execute(insert(ENGINE_OWNER), _row(name, moment))


def _row(name: EngineName, moment: datetime) -> dict[str, object]:
    return {"id": 1, "engine": name.engine, "namespace": name.namespace, "place": name.place, "since": moment}
