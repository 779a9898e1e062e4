"""The tables and columns in which `verify` must find an alteration."""

EVENTS = (
    *("inspection_id", "number", "command_id", "ordinal", "kind", "happened_on", "received_at", "recorded_at", "actor"),
    *("role", "entry_point", "ran_as", "paragraph", "data", "reason_text", "cause", "previous_hash", "hash"),
)
ATTESTED: dict[str, tuple[str, ...]] = {
    "events": EVENTS,
    "inspections": (
        *("stage", "head_number", "head_hash", "order_json", "reference", "authority_code", "scope", "edition", "lead"),
        *("coordinator", "people_json", "first_people_json", "started_at", "closed_at", "calendar_version"),
    ),
    "limits": (
        *("inspection_id", "key", "due", "anchor", "anchor_date", "projected", "owner", "paragraph", "state", "met_on"),
    ),
    "limit_history": ("inspection_id", "number", "recorded_at", "lead", "limits_json"),
    "parts": ("inspection_id", "role", "person", "number", "since", "until"),
    "event_word_index": ("inspection_id", "number", "words"),
    "calendars": ("version", "made_at", "made_by", "reason", "first", "last"),
    "holidays": ("version", "day", "title"),
    "access_log": (
        *(
            "id",
            "at",
            "person",
            "ran_as",
            "entry_point",
            "command",
            "inspection_id",
            "parameters_json",
            "previous_hash",
            "hash",
        ),
    ),
    "texts": ("id", "inspection_id", "salt", "commitment", "body"),
    "letters": (
        *("id", "inspection_id", "number", "event_number", "kind", "paragraph", "to_json", "cc_json", "data_json"),
        *("attachments_json", "message_id", "status", "queued_at", "not_before", "accepted_at", "sha256", "salt"),
    ),
    "messages": ("letter_id", "sha256", "inspection_id", "sealed", "accepted_at"),
    "documents": (
        *("id", "inspection_id", "event_number", "kind", "state", "data_json", "status", "html_path", "html_sha256"),
        *("pdf_path", "pdf_sha256", "rendered_at", "salt"),
    ),
    "publications": ("inspection_id", "document_id", "path", "published_at"),
    "sections": (
        "inspection_id",
        "heading",
        "grade",
        "text_id",
        "equality_text_id",
        "person",
        "changed_at",
        "event_number",
    ),
    "comments": (
        "inspection_id",
        "number",
        "location_text_id",
        "heading",
        "text_id",
        "late",
        "accepted",
        "answer_text_id",
        "sections_json",
    ),
    "explanations": ("inspection_id", "subject", "text_id", "event_number"),
    "checkpoints": ("number", "made_at", "body", "sha256", "signature", "public_key"),
    "engine_histories": (*("workflow_id", "run_id", "inspection_id", "path", "sha256", "events", "kept_at"),),
}
KEYS = {
    "limits": 2,
    "limit_history": 2,
    "parts": 4,
    "event_word_index": 2,
    "holidays": 2,
    "events": 2,
    "publications": 2,
    "messages": 2,
    "sections": 2,
    "comments": 2,
    "engine_histories": 2,
}
"""Number of the first columns that are the key, where it is more than one."""
