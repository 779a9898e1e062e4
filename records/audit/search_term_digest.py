"""Digests the words of a search for the access log: their number, and a mark that only the same words have (decision 0014).

The mark is an HMAC under a secret of this installation, stored with the keys, apart from data and backups. Without the
secret the log cannot be searched for guessed names; if its file is lost, earlier marks can no longer be compared."""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from records.audit.signing import FOLDER, write_secret
from records.log.word_index import split

NAME = "access.key"
LENGTH = 16
"""Hexadecimal digits of a mark: enough that two different searches in one log do not have the same by chance."""


def search_term_digest(data: Path, words: str) -> dict[str, Any]:
    """Returns the number of words and their mark; without the mark where the secret can be neither read nor made."""
    terms = sorted(split(words))
    try:
        mark = hmac.new(_secret(data / FOLDER / NAME), " ".join(terms).encode(), sha256).hexdigest()
    except OSError:
        return {"words": len(terms)}
    return {"words": len(terms), "words_mark": mark[:LENGTH]}


def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(path, secrets.token_bytes(32))
    return path.read_bytes()
