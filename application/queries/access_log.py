"""Who read, searched and exported what, and who restored, erased or changed the calendar."""

from dataclasses import dataclass
from datetime import date

from application.caller import Caller, sees_all
from application.queries.access_logging import Use
from application.queries.snapshot import snapshot
from application.runtime.context import AppContext
from records.audit import access_log
from records.audit.access_log import Access as Access
from records.audit.access_log import AccessLogFilter
from records.audit.search_term_digest import search_term_digest
from records.log.word_index import parse_query


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Which entries to read; what is empty is not asked."""

    by: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""
    size: int | None = None
    after: int | None = None
    """Those before the entry with this number."""


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Entries, newest first, and whether there are more."""

    entries: tuple[Access, ...]
    has_more: bool


def read_access_log(caller: Caller, context: AppContext, request: AccessRequest) -> AccessPage:
    """Returns entries of the access log. A caller who may not see everything reads their own alone.

    Raises `BadInput` for words that hold no word."""
    if request.words:
        parse_query(request.words)
    days = {"from": request.first, "to": request.last}
    given = {name: day.isoformat() for name, day in days.items() if day}
    with snapshot(caller, context, Use("access", "", {"by": request.by, **given, "words": request.words})) as view:
        mark = search_term_digest(context.settings.data, request.words).get("words_mark", "") if request.words else ""
        criteria = AccessLogFilter(
            by=request.by or None,
            first=request.first,
            last=request.last,
            words=request.words or None,
            mark=mark,
            person=None if sees_all(view.caller) else view.caller.person,
        )
        size = request.size
        entries = access_log.entries(view.session, criteria, size and size + 1, request.after)
    return AccessPage(tuple(entries[:size]), bool(size) and len(entries) > (size or 0))
