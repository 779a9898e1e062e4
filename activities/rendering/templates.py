"""Renders letters, documents and pages from their data with Jinja2. No clock, no network, no database.

The wording of a letter is in `templates/letters/<kind>.txt.j2`: the first line is the subject, the rest prose (see
`framework.common.prose`), which `base.txt.j2` and `base.html.j2` format as text and as HTML. A document has one HTML
template for page and PDF.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)
from jinja2.meta import find_referenced_templates

from activities.rendering.jinja_filters import FILTERS, GLOBALS, Absent, Verbatim, on_one_line, typographic
from activities.rendering.letter_markup import as_text
from activities.rendering.pdf import html_to_pdf
from framework.common.errors import InspectionError
from framework.common.prose import parse
from framework.correspondence.documents import document
from framework.correspondence.letters import letter
from framework.editions.october_2010 import requests
from framework.editions.october_2010.headings import GRADE_MEANINGS
from framework.report.areas import TITLES as AREA_TITLES
from framework.vocabulary.roles import TITLES, Role

__all__ = [
    "RenderedDocument",
    "RenderedLetter",
    "TemplateFault",
    "html_to_pdf",
    "render_document",
    "render_letter",
    "render_page",
    "render_plain",
    "signer",
    "template_version",
]

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OFFICE = {"name": "Ofsted", "in_full": "Office for Standards in Education, Children's Services and Skills (Ofsted)"}
"""The sender of letters and reports, unless the data has its own under `office`."""
SUBJECT = "Subject: "


class TemplateFault(InspectionError):
    """A template and its data do not fit: a fault of the program. The message names the template and the missing value."""


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A rendered letter."""

    subject: str
    text: str
    html: str
    template_version: str
    """A hash of all template sources it was made from."""


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A rendered document: the HTML is the page on screen and the source of the PDF."""

    html: str
    template_version: str


def render_letter(kind: str, data: Mapping[str, Any]) -> RenderedLetter:
    """Renders a letter. Raises `TemplateFault`, and `BadInput` for an unknown kind."""
    rule = letter(kind)
    name = f"letters/{kind}.txt.j2"
    known = {"attachments": list(rule.attachments), "office": OFFICE, **data, "rule": rule}
    known["signer"] = signer(kind, known)
    first, _, prose = _render(name, known).partition("\n")
    if not first.startswith(SUBJECT) or not prose.strip():
        raise TemplateFault(f"{name}: the first line must be «{SUBJECT}...», with the letter after it")
    blocks = parse(prose)
    subject = first.removeprefix(SUBJECT).strip()
    frame = {**known, "subject": subject, "blocks": blocks, "body": Verbatim(as_text(blocks))}
    text = re.sub(r"\n{3,}", "\n\n", _render("letters/base.txt.j2", frame)).strip() + "\n"
    html = typographic(_render("letters/base.html.j2", frame))
    return RenderedLetter(subject, text, html, template_version(f"letters/{kind}"))


def render_document(kind: str, data: Mapping[str, Any]) -> RenderedDocument:
    """Renders a document. Raises `TemplateFault`, and `BadInput` for an unknown kind."""
    rule = document(kind)
    html = _render(f"documents/{kind}.html.j2", {"office": OFFICE, **data, "rule": rule})
    return RenderedDocument(typographic(html), template_version(f"documents/{kind}"))


def render_page(name: str, data: Mapping[str, Any]) -> str:
    """Renders any other page, such as «published/index», from `templates/<name>.html.j2`. Raises `TemplateFault`."""
    return typographic(_render(f"{name}.html.j2", {"office": OFFICE, **data}))


def render_plain(name: str, data: Mapping[str, Any]) -> str:
    """Renders any other text, such as «exports/readme», from `templates/<name>.txt.j2`. Raises `TemplateFault`."""
    return _render(f"{name}.txt.j2", data)


def signer(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Returns name, e-mail address, role and title of the person who signs a letter and to whom replies go.

    That is the role that the table names; another one if no person holds it, or if its holder alone is written to: a letter
    to one person does not go out under that person's own name. A letter that a rule decided is signed by the office; replies
    still go to the person. Raises `TemplateFault` if no role is held that may sign."""
    if data.get("facts", {}).get("by_rule"):
        title = f"by the rule of paragraph {letter(kind).paragraph}"
        return {**_person_who_signs(kind, data), "name": "The inspections office", "title": title}
    return _person_who_signs(kind, data)


def _person_who_signs(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    people, addressed = data.get("people", {}), {person["email"].lower() for person in data.get("to", ())}
    roles = dict.fromkeys((letter(kind).signed_by, Role.COORDINATOR, Role.MANAGER, Role.LEAD_INSPECTOR))
    held = [role for role in roles if role.value in people]
    if not held:
        raise TemplateFault(f"letter {kind}: nobody can sign it: «people» names no coordinator and no lead inspector")
    others = (role for role in held if addressed != {people[role.value]["email"].lower()})
    role = next(others, held[0])
    return {**people[role.value], "role": role.value, "title": TITLES[role]}


@lru_cache(maxsize=64)
def template_version(name: str) -> str:
    """Returns a hash of the template sources of a letter («letters/reminder») or document («documents/agenda»), and of the
    tables of requests and of the meanings of grades. Templates are read once per process."""
    frames = ("letters/base.txt.j2", "letters/base.html.j2", f"{name}.txt.j2")
    used: dict[str, str] = {}
    for source in frames if name.startswith("letters/") else (f"{name}.html.j2",):
        _collect(source, used)
    requested = (requests.DOCUMENTS, requests.CASE_LISTS, requests.EVERY_CHILD, requests.PLANS, requests.PLACEMENTS)
    tables = repr((*requested, GRADE_MEANINGS, AREA_TITLES))
    return sha256(repr((sorted(used.items()), tables)).encode()).hexdigest()


def _collect(name: str, used: dict[str, str]) -> None:
    if name in used:
        return
    environment = _environment()
    used[name] = (TEMPLATES / name).read_text(encoding="utf-8")
    for reference in find_referenced_templates(environment.parse(used[name])):
        if reference is None:
            raise TemplateFault(f"{name}: names another template by a variable, so its version cannot be told")
        _collect(reference, used)


def _render(name: str, data: Mapping[str, Any]) -> str:
    try:
        return _environment().get_template(name).render(data)
    except UndefinedError as fault:
        missing = re.search(r"'([^']+)' is undefined|no attribute '([^']+)'", str(fault))
        what = next(filter(None, missing.groups())) if missing else str(fault)
        raise TemplateFault(f"{_where(fault, name)}: «{what}» is not in the data ({fault})") from fault
    except TemplateNotFound as fault:
        raise TemplateFault(f"{name}: there is no template «{fault.name}» under {TEMPLATES}") from fault
    except (Absent, TemplateError, KeyError, TypeError, ValueError) as fault:
        raise TemplateFault(f"{_where(fault, name)}: {type(fault).__name__}: {fault}") from fault


def _where(fault: BaseException, name: str) -> str:
    """Returns the template and line at which an error was raised: Jinja's tracebacks name its templates as files."""
    where, step = name, fault.__traceback__
    while step is not None:
        source = step.tb_frame.f_code.co_filename
        if source.startswith(str(TEMPLATES)):
            where = f"{Path(source).relative_to(TEMPLATES)} line {step.tb_lineno}"
        step = step.tb_next
    return where


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=on_one_line,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return environment
