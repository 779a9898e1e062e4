"""What a verification answers, as JSON."""

from typing import Any

from application.queries.verification import VerificationResult

CANNOT_FIND = (
    "What nobody has borne witness to yet can be altered unseen by whoever can write to the database: change the newest "
    "events and every hash behind them, or remove them together with the head. So can everything, by whoever can write to "
    "the database, the engine's store, the files and the signing key at once, but for what a list proves that is kept "
    "elsewhere."
)


def verification_as_json(result: VerificationResult) -> dict[str, Any]:
    """Returns what was checked, and what is wrong."""
    return {
        "right": not result.findings,
        "checked": result.checked,
        "witnesses": {
            "checkpoints": result.signed_lists,
            "newest": result.newest,
            "public_key": result.public_key or None,
            "engine_histories": result.engine_histories,
            "engine_asked": result.engine_asked,
            "unknown_to_engine": result.unknown_to_engine,
        },
        "restores": [{"number": row.number, "sha256": row.sha256, **row.statement} for row in result.restores],
        "found": [finding.data() for finding in result.findings],
        "found_beyond_these": result.more,
        "unwitnessed": {"events": sum(result.unattested.values()), "inspections": result.unattested},
        "cannot_find": CANNOT_FIND,
    }
