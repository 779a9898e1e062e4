"""Settings: read from the environment, invalid ones named, every one documented."""

from pathlib import Path

import pytest

from application.runtime import settings
from application.runtime.settings import LimitsSet, Settings, variable
from framework.common.errors import BadInput
from framework.inspection.limits import LimitSettings
from records.database.connection import connect
from tests.cli_harness import run
from tests.paths import DOCS

DOCUMENT = (DOCS / "settings.md").read_text()


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    for name in LimitsSet.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


@pytest.mark.parametrize("name", list(LimitsSet.model_fields))
def test_every_setting_of_the_limits_is_documented_with_its_default_and_paragraph(name: str) -> None:
    field = LimitsSet.model_fields[name]
    assert f"| `{variable(name)}` | `{field.default}` | {field.description} |" in DOCUMENT.splitlines()
    assert "(para " in str(field.description)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    row = next((line for line in DOCUMENT.splitlines() if line.startswith(f"| `{field.alias}` |")), "")
    assert field.description
    assert row.endswith(f"| {field.description} |")
    assert _default(name) in row


def test_every_documented_variable_is_a_setting() -> None:
    named = {
        line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith(("| `INSPECTIONS_", "| `DATABASE_"))
    }
    assert named == {*(field.alias for field in Settings.model_fields.values()), *map(variable, LimitsSet.model_fields)}


def test_no_setting_is_required(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    defaults = settings.read()
    assert defaults.data == tmp_path / "var"
    assert defaults.records_url == f"sqlite:///{tmp_path}/var/records.sqlite"
    assert defaults.smtp_host == ""


def test_the_option_comes_before_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_DATA", "/somewhere/else")
    assert settings.read().data == Path("/somewhere/else")
    assert settings.read(tmp_path).data == tmp_path


def test_kinds_of_work_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_WORKER_KINDS", "letters, documents")
    assert settings.read().worker_kinds == ("letters", "documents")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_SMTP_PORT", "")
    assert settings.read().smtp_port == 587


def test_every_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_SMTP_PORT", "many")
    monkeypatch.setenv("INSPECTIONS_WORKER_KINDS", "letters,cakes")
    with pytest.raises(BadInput) as caught:
        settings.read()
    message = " ".join(caught.value.faults)
    assert "INSPECTIONS_SMTP_PORT" in message
    assert "INSPECTIONS_WORKER_KINDS" in message


@pytest.mark.parametrize("url", ["reports.council.example", "ftp://x.example/", "https://", "https://x.example/a b"])
def test_the_address_of_reports_must_be_a_web_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_REPORTS_URL", "https://reports.council.example/")
    assert settings.read().reports_url == "https://reports.council.example/"
    monkeypatch.setenv("INSPECTIONS_REPORTS_URL", url)
    with pytest.raises(BadInput) as caught:
        settings.read()
    assert caught.value.faults == ("INSPECTIONS_REPORTS_URL: must be an address that begins with https:// or http://",)


WRONG = {
    "a port that is no number": ("DATABASE_URL", "postgresql://office:sesame@127.0.0.1:many/records", "port from 1 to"),
    "a port that is too large": (
        "DATABASE_URL",
        "postgresql://office:sesame@127.0.0.1:70000/records",
        "port from 1 to",
    ),
    "another database": ("DATABASE_URL", "mysql://office:sesame@127.0.0.1/records", "must begin with sqlite"),
    "no database": ("DATABASE_URL", "records", "must begin with sqlite"),
    "no slashes": ("DATABASE_URL", "postgresql:records", "must begin with sqlite"),
    "no file": ("DATABASE_URL", "sqlite://", "must name a file"),
    "a file that is none": ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
    "two slashes": ("DATABASE_URL", "sqlite://var/records.sqlite", "must name a file"),
    "a sender without a domain": ("INSPECTIONS_SMTP_FROM", "inspections", "must be one address"),
    "two auditors": ("INSPECTIONS_AUDITORS_ADDRESS", "a@b.example, c@d.example", "must be one address"),
    "a port beside the host": ("INSPECTIONS_SMTP_HOST", "mail.example:25", "INSPECTIONS_SMTP_PORT"),
    "an address for complaints over two lines": (
        "INSPECTIONS_COMPLAINTS_TO",
        "Complaints\n1 Example Street",
        "one line",
    ),
    "an address for complaints that is too long": ("INSPECTIONS_COMPLAINTS_TO", "x" * 301, "at most 300"),
    "a mail port that is no number": ("INSPECTIONS_SMTP_PORT", "smtp", "must be a whole number"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_an_invalid_setting_ends_every_command_with_2_naming_it_and_no_password(
    wrong: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, value, why = wrong
    monkeypatch.setenv(name, value)
    for words in (("list",), ("up",), ("backup", "--to", str(tmp_path / "b.zip"))):
        ended = run(*words, "--data", str(tmp_path / "var"))
        assert ended.exit_code == 2
        assert f"{name}: " in ended.stderr
        assert why in ended.stderr
        assert "sesame" not in ended.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/inspections/records.sqlite",
        "sqlite:///records.sqlite",
        "postgresql://office:p%40ss@db.example:5432/records?sslmode=require",
        "postgres://db/records",
        "postgresql+psycopg://[::1]:5432/records",
        "postgresql:///records?host=/run/postgresql",
    ],
)
def test_the_ways_to_name_a_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert connect(settings.read().records_url).url.database


def test_limits_have_variables_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_LIMIT_CASE_LISTS_COUNT", "3")
    monkeypatch.setenv("INSPECTIONS_LIMIT_SET_UP_MEETING_UNIT", "calendar days")
    expected = LimitSettings(case_lists_count=3, set_up_meeting_unit="calendar days")
    assert settings.limits() == settings.read().limits == expected


def test_invalid_settings_of_limits_are_named_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_SMTP_PORT", "many")
    monkeypatch.setenv("INSPECTIONS_LIMIT_EVALUATION_COUNT", "-2")
    monkeypatch.setenv("INSPECTIONS_LIMIT_PUBLICATION_UNIT", "weeks")
    with pytest.raises(BadInput) as caught:
        settings.read()
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "INSPECTIONS_SMTP_PORT",
        "INSPECTIONS_LIMIT_EVALUATION_COUNT",
        "INSPECTIONS_LIMIT_PUBLICATION_UNIT",
    ]


def test_no_password_is_printed_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTIONS_SMTP_PASSWORD", "sesame")
    monkeypatch.setenv("DATABASE_URL", "postgresql://office:sesame@127.0.0.1/records")
    assert "sesame" not in repr(settings.read())


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`" if str(value).strip("*") else ""
