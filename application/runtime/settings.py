"""Settings of an installation, read from the environment. Each is described here and in docs/settings.md.

The engine's own settings (`TEMPORAL_ADDRESS` and kin) are not repeated here: `application.runtime.temporal_client` reads them.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from framework.common.addresses import can_be_mailed
from framework.common.errors import BadInput
from framework.common.validation import faults_in
from framework.correspondence.office import OfficeAddresses
from framework.inspection.case_identifiers import PATTERN
from framework.inspection.limits import LimitSettings

WorkKind = Literal["inspections", "documents", "letters"]
"""The kinds of work, each with a task queue of its name."""
WORK_KINDS: tuple[WorkKind, ...] = ("inspections", "documents", "letters")


_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?")
LIMIT = "INSPECTIONS_LIMIT_"
"""The prefix of the variables that set limits; the setting's name follows, in capitals."""


class LimitsSet(LimitSettings, BaseSettings):
    """Settings of limits. An inspection keeps the values that are set when it is ordered."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix=LIMIT, env_ignore_empty=True)


class Settings(BaseSettings):
    """The settings of an installation; `read` makes them and names invalid ones."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True)

    data: Path = Field(
        Path("var"),
        alias="INSPECTIONS_DATA",
        description="The folder that holds everything the system keeps. Relative to where the command is run.",
    )
    database_url: str = Field(
        "",
        repr=False,
        alias="DATABASE_URL",
        description="Where the records are: `sqlite:///FILE` or `postgresql://...`. Default: a file among the data.",
    )
    person: str = Field(
        "",
        alias="INSPECTIONS_PERSON",
        description="Who works here: a person of the directory, named in the access log, and as who takes a step where none is named. Another name given for one call goes before it.",
    )
    smtp_host: str = Field(
        "",
        alias="INSPECTIONS_SMTP_HOST",
        description="The mail server letters go to. Default: the local mailbox of the system on this machine.",
    )
    smtp_port: int = Field(587, alias="INSPECTIONS_SMTP_PORT", ge=1, le=65535, description="The mail server's port.")
    smtp_user: str = Field(
        "", alias="INSPECTIONS_SMTP_USER", description="Who to sign in as at the mail server. Default: no sign-in."
    )
    smtp_password: SecretStr = Field(
        SecretStr(""), alias="INSPECTIONS_SMTP_PASSWORD", description="The password for that sign-in."
    )
    smtp_starttls: bool = Field(
        True,
        alias="INSPECTIONS_SMTP_STARTTLS",
        description="Whether what passes to the mail server must be encrypted. Never for the local mailbox.",
    )
    smtp_from: str = Field(
        "inspections@inspectorate.example",
        alias="INSPECTIONS_SMTP_FROM",
        description="The address letters come from.",
    )
    bounces_folder: Path | None = Field(
        None,
        alias="INSPECTIONS_BOUNCES_FOLDER",
        description="The mailbox that letters come back to, as a folder (Maildir). It belongs to the system alone. Default: none.",
    )
    bounces_imap_host: str = Field(
        "",
        alias="INSPECTIONS_BOUNCES_IMAP_HOST",
        description="The IMAP server of that mailbox, in place of a folder; always over TLS, from the first byte.",
    )
    bounces_imap_port: int = Field(
        993, alias="INSPECTIONS_BOUNCES_IMAP_PORT", ge=1, le=65535, description="That server's port."
    )
    bounces_imap_user: str = Field("", alias="INSPECTIONS_BOUNCES_IMAP_USER", description="Who to sign in as there.")
    bounces_imap_password: SecretStr = Field(
        SecretStr(""), alias="INSPECTIONS_BOUNCES_IMAP_PASSWORD", description="The password for that sign-in."
    )
    auditors_address: str = Field(
        "",
        alias="INSPECTIONS_AUDITORS_ADDRESS",
        description="Where signed lists of heads are sent. Default: the auditors of the directory.",
    )
    reports_url: str = Field(
        "",
        alias="INSPECTIONS_REPORTS_URL",
        description="Where the public reads the folder `published`, such as `https://reports.council.example/`: letters link "
        "to it. Default: none; the letter of publication names the file alone.",
    )
    complaints_to: str = Field(
        "",
        alias="INSPECTIONS_COMPLAINTS_TO",
        max_length=300,
        description="Where complaints are written to, on one line: an e-mail address, a postal address or both. Letters that "
        "invite complaints name it. Default: none; they ask to answer the letter.",
    )
    worker_sandbox: bool = Field(
        True,
        alias="INSPECTIONS_WORKER_SANDBOX",
        description="Whether workflows run in the sandbox that catches what could not be replayed. Off is faster.",
    )
    worker_kinds: Annotated[tuple[WorkKind, ...], NoDecode] = Field(
        WORK_KINDS,
        alias="INSPECTIONS_WORKER_KINDS",
        description="The kinds of work this worker takes, with commas: `inspections`, `documents`, `letters`.",
    )
    retention_days: int = Field(
        3650,
        alias="INSPECTIONS_RETENTION_DAYS",
        ge=1,
        le=36500,
        description="How long the engine keeps the history of a finished inspection, in calendar days.",
    )
    personal_data_years: int = Field(
        6,
        alias="INSPECTIONS_PERSONAL_DATA_YEARS",
        ge=0,
        le=100,
        description="How many years after an inspection's end its personal data is kept before it may be erased.",
    )
    case_identifier: str = Field(
        PATTERN,
        alias="INSPECTIONS_CASE_IDENTIFIER",
        description="How the authorities write the unique identifiers of children: a regular expression for the whole of one.",
    )
    engine_ui: bool = Field(
        False,
        alias="INSPECTIONS_ENGINE_UI",
        description="Whether the embedded engine serves its own pages.",
    )
    engine_log_level: Literal["debug", "info", "warn", "error", "never"] = Field(
        "error", alias="INSPECTIONS_ENGINE_LOG_LEVEL", description="How much the embedded engine writes to its log."
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        """Never repeats the value, which may hold a password."""
        try:
            parsed = urlsplit(url)
            parsed.port  # noqa: B018 - raises ValueError for a port that is no number or too large
        except ValueError:
            raise ValueError(
                "must be sqlite:///FILE or postgresql://USER@HOST:PORT/NAME, with a port from 1 to 65535"
            ) from None
        backend = parsed.scheme.partition("+")[0]
        if url and (backend not in ("sqlite", "postgres", "postgresql") or not url.startswith(f"{parsed.scheme}://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if backend == "sqlite" and (parsed.netloc or len(parsed.path) < 2 or parsed.path == "/:memory:"):
            raise ValueError("must name a file, as sqlite:///FILE (a fourth / for an absolute path)")
        return url

    @field_validator("smtp_from", "auditors_address")
    @classmethod
    def _mailable(cls, address: str) -> str:
        if address and not can_be_mailed(address):
            raise ValueError("must be one address, like inspections@inspectorate.example")
        return address

    @field_validator("smtp_host", "bounces_imap_host")
    @classmethod
    def _host(cls, host: str, info: ValidationInfo) -> str:
        if host and not _HOST.fullmatch(host):
            port = str(cls.model_fields[str(info.field_name)].alias).replace("_HOST", "_PORT")
            raise ValueError(f"must be the name or the number of one machine; its port is {port}")
        return host

    @field_validator("bounces_folder")
    @classmethod
    def _absolute_folder(cls, folder: Path | None) -> Path | None:
        return folder.expanduser().absolute() if folder else None

    @field_validator("data")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("reports_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable() or " " in url):
            raise ValueError("must be an address that begins with https:// or http://")
        return url

    @field_validator("complaints_to")
    @classmethod
    def _one_line(cls, address: str) -> str:
        if not address.isprintable():
            raise ValueError("must be one line of text")
        return address.strip()

    @field_validator("case_identifier")
    @classmethod
    def _regular(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"must be a regular expression ({error})") from None
        return pattern

    @field_validator("worker_kinds", mode="before")
    @classmethod
    def _by_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def office(self) -> OfficeAddresses:
        """Returns the addresses of the office that letters name."""
        return OfficeAddresses(self.reports_url, self.complaints_to)

    @property
    def limits(self) -> LimitSettings:
        """Returns the settings of limits for inspections ordered from now on. Raises `BadInput`."""
        return limits()

    @property
    def records_url(self) -> str:
        """Returns the address of the records, for `records.database.connection.connect`."""
        return self.database_url or self.own_records_url

    @property
    def own_records_url(self) -> str:
        """Returns the address of the records in the data folder; a rehearsal uses these, whatever the value of DATABASE_URL."""
        return f"sqlite:///{self.data / 'records.sqlite'}"


def read(data: Path | None = None) -> Settings:
    """Reads the settings of this process; `data` replaces `INSPECTIONS_DATA`. Raises `BadInput` naming every invalid one."""
    given: dict[str, Any] = {} if data is None else {"INSPECTIONS_DATA": data}
    faults: tuple[str, ...] = ()
    try:
        chosen = Settings(**given)
    except ValidationError as error:
        faults = tuple(f"{location[0]}: {words}" for location, words in faults_in(error))
    try:
        limits()
    except BadInput as error:
        faults += error.faults
    if faults:
        raise BadInput(WRONG, faults)
    return chosen


def limits() -> LimitSettings:
    """Reads the settings of limits. Raises `BadInput` naming every invalid variable."""
    try:
        return LimitSettings.model_validate(LimitsSet().model_dump())
    except ValidationError as error:
        faults = tuple(f"{variable(str(location[-1]))}: {words}" for location, words in faults_in(error))
        raise BadInput(WRONG, faults) from None


def variable(setting: str) -> str:
    """Returns the variable of a setting of limits."""
    return f"{LIMIT}{setting.upper()}"


WRONG = "a setting is wrong (docs/settings.md explains each)"
