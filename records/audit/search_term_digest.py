"""What the access log keeps of words somebody searched for: how many, and a mark that only the same words have (decision 0014).

The mark is made with a secret of this installation's log, kept with the keys, apart from all data and backups. Without it
nobody can try out names on the log; without the file all marks of before say nothing more."""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from records.audit.signing import FOLDER, keep_secret
from records.log.word_index import split

NAME = "access.key"
LENGTH = 16
"""Digits of a mark: enough that two searches of one log do not meet by chance."""


def search_term_digest(data: Path, words: str) -> dict[str, Any]:
    """The words as the log keeps them; without a mark where the secret can neither be read nor made."""
    found = sorted(split(words))
    try:
        made = hmac.new(_secret(data / FOLDER / NAME), " ".join(found).encode(), sha256).hexdigest()
    except OSError:
        return {"words": len(found)}
    return {"words": len(found), "words_mark": made[:LENGTH]}


def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_secret(path, secrets.token_bytes(32))
    return path.read_bytes()
