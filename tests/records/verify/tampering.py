"""Ways to alter records and files, as a person could who can write to them and remove the triggers."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.audit.access_log import entry_digest
from records.log.hash_chain import GENESIS
from records.verify.row_form import COLUMNS, fast_form
from tests.records.verify.attested import ATTESTED, KEYS
from tests.records.verify.verified_records import OLD

FOLDERS = ("documents", "published", "history", "checkpoints")


class Tamperer:
    """Alters a copy of the data folder."""

    def __init__(self, data: Path, random: Random) -> None:
        self.data = data
        self.random = random

    def alter(self) -> str:
        """Makes one alteration, drawn at random; returns what it was."""
        ways: list[Callable[[], str]] = [
            *[self.edit] * 8,
            *[self.delete] * 3,
            *[self.insert] * 2,
            *[self.swap] * 2,
            *[self.cut] * 2,
            *[self.forge] * 2,
            *(self.forge_reading, self.cut_readings, self.set_back, self.sign, self.touch_file, self.remove_file),
        ]
        while True:
            try:
                return self.random.choice(ways)()
            except sqlite3.IntegrityError:  # the key exists already: draw again
                continue

    # In the database ------------------------------------------------------------------------------------------------

    def edit(self) -> str:
        """Changes one value of one row."""
        with self._database() as db:
            table = self.random.choice(list(ATTESTED))
            column = self.random.choice(ATTESTED[table])
            row = self._row(db, table)
            self._set(db, table, row, column, self._other(row[column], column))
            return f"edited {table}.{column} of {self._key(table, row)}"

    def delete(self) -> str:
        """Deletes a row."""
        with self._database() as db:
            table = self.random.choice([name for name in ATTESTED if name != "inspections"])
            row = self._row(db, table)
            where, values = self._where(table, row)
            db.execute(f"DELETE FROM {table} WHERE {where}", values)
            return f"deleted from {table} {self._key(table, row)}"

    def insert(self) -> str:
        """Inserts a copy of a row under another key."""
        with self._database() as db:
            table = self.random.choice([name for name in ATTESTED if name not in ("inspections", "texts")])
            row = dict(self._row(db, table))
            key = ATTESTED[table][: KEYS.get(table, 1)][-1]
            row[key] = row[key] + 500 if isinstance(row[key], int) else f"{row[key]}-x"
            row.pop("id") if table == "event_word_index" else None  # counted by the database
            row |= {name: f"{row[name]}-x" for name in ("command_id", "message_id") if name in row}
            names = ", ".join(row)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
            return f"inserted into {table} {self._key(table, row)}"

    def swap(self) -> str:
        """Swaps two events of one inspection, or one column of two texts, letters or documents."""
        with self._database() as db:
            if self.random.random() < 0.5:
                return self._swap_events(db)
            table, column = self.random.choice(
                (("texts", "body"), ("letters", "data_json"), ("documents", "data_json"))
            )
            first = self._row(db, table)
            others = db.execute(f"SELECT * FROM {table} WHERE {column} <> ?", (first[column],)).fetchall()
            second = self.random.choice(others)
            self._set(db, table, first, column, second[column])
            self._set(db, table, second, column, first[column])
            return f"swapped {table}.{column} of {first['id']} and {second['id']}"

    def _swap_events(self, db: sqlite3.Connection) -> str:
        first = self._row(db, "events")
        others = "SELECT * FROM events WHERE inspection_id = ? AND number <> ?"
        second = self.random.choice(db.execute(others, (first["inspection_id"], first["number"])).fetchall())
        numbers = "UPDATE events SET number = ? WHERE inspection_id = ? AND number = ?"
        for new, old in ((-1, first["number"]), (first["number"], second["number"]), (second["number"], -1)):
            db.execute(numbers, (new, first["inspection_id"], old))
        return f"swapped events {first['number']} and {second['number']} of {first['inspection_id']}"

    def cut(self) -> str:
        """Deletes the newest events and sets the head to the last that is left: the chain itself is whole."""
        with self._database() as db:
            row = self._row(db, "events")
            last = self.random.randint(1, row["number"]) - 1
            db.execute("DELETE FROM events WHERE inspection_id = ? AND number > ?", (row["inspection_id"], last))
            self._head(db, row["inspection_id"])
            return f"cut {row['inspection_id']} behind event {last}"

    def forge(self, number: int = 0, column: str = "actor", value: str = "somebody.else") -> str:
        """Alters an event (any, or the one with this number) and recomputes every hash behind it: the chain is whole."""
        with self._database() as db:
            row = self._row(db, "events")
            while number not in (0, row["number"]):
                row = self._row(db, "events")
            inspection = row["inspection_id"]
            self._set(db, "events", row, column, value)
            select = f"SELECT {COLUMNS} FROM events WHERE inspection_id = ? AND number = ?"
            (last,) = db.execute("SELECT max(number) FROM events WHERE inspection_id = ?", (inspection,)).fetchone()
            previous = row["previous_hash"]
            for number in range(row["number"], last + 1):
                key = (inspection, number)
                db.execute(
                    "UPDATE events SET previous_hash = ? WHERE inspection_id = ? AND number = ?", (previous, *key)
                )
                previous = sha256(fast_form(tuple(db.execute(select, key).fetchone())).encode()).hexdigest()
                db.execute("UPDATE events SET hash = ? WHERE inspection_id = ? AND number = ?", (previous, *key))
            self._head(db, inspection)
            return f"forged {inspection} from event {row['number']}"

    def forge_reading(self) -> str:
        """Alters an entry of the access log and recomputes every hash behind it."""
        with self._database() as db:
            first = self._row(db, "access_log")["id"]
            db.execute("UPDATE access_log SET person = 'somebody.else' WHERE id = ?", (first,))
            previous = GENESIS
            for row in db.execute("SELECT * FROM access_log ORDER BY id").fetchall():
                digest = entry_digest({**dict(row), "previous_hash": previous})
                new = (previous, digest, row["id"])
                db.execute("UPDATE access_log SET previous_hash = ?, hash = ? WHERE id = ?", new)
                previous = digest
            return f"forged the access log from reading {first}"

    def cut_readings(self) -> str:
        """Deletes the newest entries of the access log."""
        with self._database() as db:
            first = self._row(db, "access_log")["id"]
            db.execute("DELETE FROM access_log WHERE id >= ?", (first,))
            return f"cut the access log at reading {first}"

    def sign(self) -> str:
        """Changes a checkpoint and signs it with another key, in the table and in its file."""
        with self._database() as db:
            row = self._row(db, "checkpoints")
            content = json.loads(row["body"])
            name = self.random.choice(list(content["heads"]))
            content["heads"][name] = [content["heads"][name][0], "f" * 64]
            body = json.dumps(content, sort_keys=True, separators=(",", ":"))
            key = Ed25519PrivateKey.generate()
            new = {
                "body": body,
                "sha256": sha256(body.encode()).hexdigest(),
                "signature": key.sign(body.encode()).hex(),
            }
            if self.random.random() < 0.5:
                new["public_key"] = key.public_key().public_bytes_raw().hex()
            for column, value in new.items():
                self._set(db, "checkpoints", row, column, value)
            members = {name: {**dict(row), **new}[name] for name in ("body", "signature", "public_key")}
            (self.data / "checkpoints" / f"heads-{row['number']:06d}.json").write_text(json.dumps(members))
            return f"forged the signature of list {row['number']}"

    # Files ----------------------------------------------------------------------------------------------------------

    def set_back(self) -> str:
        """Replaces the records by an older copy; the files stay."""
        shutil.copyfile(self.data / OLD, self.data / "records.sqlite")
        return "set the records back"

    def touch_file(self) -> str:
        """Changes one byte of one file."""
        path = self._file()
        content = bytearray(path.read_bytes())
        index = self.random.randrange(len(content))
        content[index] ^= 1
        path.write_bytes(content)
        return f"altered byte {index} of {path.name}"

    def remove_file(self) -> str:
        """Deletes a file, but not that of the newest checkpoint, whose absence is no fault: it may not be written yet."""
        path = self._file()
        while path == max((self.data / "checkpoints").iterdir()):
            path = self._file()
        path.unlink()
        return f"removed {path.name}"

    # Tools ----------------------------------------------------------------------------------------------------------

    def _file(self) -> Path:
        folder = self.data / self.random.choice(FOLDERS)
        return self.random.choice(sorted(path for path in folder.iterdir() if path.is_file()))

    def _database(self) -> "_Open":
        return _Open(self.data / "records.sqlite")

    def _row(self, db: sqlite3.Connection, table: str) -> Any:
        order = ", ".join(ATTESTED[table][: KEYS.get(table, 1)])
        return self.random.choice(db.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall())

    def _key(self, table: str, row: Any) -> str:
        if table == "inspections":
            return str(row["id"])
        return " ".join(str(row[name]) for name in ATTESTED[table][: KEYS.get(table, 1)])

    def _where(self, table: str, row: Any) -> tuple[str, list[Any]]:
        names = ("id",) if table == "inspections" else ATTESTED[table][: KEYS.get(table, 1)]
        return " AND ".join(f"{name} = ?" for name in names), [row[name] for name in names]

    def _set(self, db: sqlite3.Connection, table: str, row: Any, column: str, value: Any) -> None:
        where, values = self._where(table, row)
        db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', [value, *values])

    def _head(self, db: sqlite3.Connection, inspection: str) -> None:
        newest = "SELECT number, hash FROM events WHERE inspection_id = ? ORDER BY number DESC LIMIT 1"
        number, proof = db.execute(newest, (inspection,)).fetchone() or (0, "")
        db.execute("UPDATE inspections SET head_number = ?, head_hash = ? WHERE id = ?", (number, proof, inspection))

    def _other(self, value: Any, column: str) -> Any:
        """Returns another value of the same type; for a null, a value that the column could have."""
        if value is None:
            return 1 if column in ("paragraph", "accepted", "late") else "2010-11-03T09:00:00.000000Z"
        if isinstance(value, int):
            return 1 - value if column in ("accepted", "late") else value + self.random.choice((1, 1000))
        if column.endswith("_json"):
            return json.dumps(_with_other_leaf(json.loads(value), self.random), sort_keys=True, separators=(",", ":"))
        index = self.random.randrange(len(value)) if value else 0
        signs = "0123456789abcdef"
        # Only a digit of a moment: with another sign between day and hour it would be read as the same moment.
        if column.endswith("_at") or column == "at":
            index, signs = self.random.choice([i for i, sign in enumerate(value) if sign.isdigit()]), "0123456789"
        sign = self.random.choice([s for s in signs if s != value[index : index + 1].lower()])
        return value[:index] + sign + value[index + 1 :]


def drop_triggers(db: sqlite3.Connection) -> None:
    """Removes every trigger, so that the database refuses no alteration any more."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")


class _Open:
    """Opens the file without its triggers and foreign keys."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA foreign_keys=OFF")
        drop_triggers(self.db)

    def __enter__(self) -> sqlite3.Connection:
        return self.db

    def __exit__(self, kind: object, *_: object) -> None:
        with closing(self.db):
            self.db.commit() if kind is None else self.db.rollback()


def _with_other_leaf(value: Any, random: Random) -> Any:
    """Returns the JSON with one leaf changed."""
    if isinstance(value, dict) and value:
        name = random.choice(sorted(value))
        return {**value, name: _with_other_leaf(value[name], random)}
    if isinstance(value, list) and value:
        index = random.randrange(len(value))
        return [*value[:index], _with_other_leaf(value[index], random), *value[index + 1 :]]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}x" if isinstance(value, str) else "x"
