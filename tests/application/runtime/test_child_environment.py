"""The environment of child processes: the variables they need, and nothing else."""

import os
from pathlib import Path

import psutil
import pytest

from activities.rendering.pdf_pool import PdfPool
from application.runtime.child_environment import plain_environment, settings_withheld, worker_environment

SECRETS = {
    "INSPECTIONS_SMTP_PASSWORD": "sesame",
    "DATABASE_URL": "postgresql://office:sesame@127.0.0.1/records",
    "PGPASSWORD": "sesame",
    "TEMPORAL_API_KEY": "sesame",
    "AWS_SECRET_ACCESS_KEY": "sesame",
}


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def test_any_program_gets_paths_and_language_and_no_setting_of_the_system() -> None:
    assert not {*SECRETS} & {*plain_environment()}
    assert plain_environment()["PATH"] == os.environ["PATH"]


def test_a_worker_gets_its_settings_and_no_secret_of_another_program() -> None:
    environment = worker_environment()
    assert {name for name in SECRETS if name in environment} == {
        "INSPECTIONS_SMTP_PASSWORD",
        "DATABASE_URL",
        "PGPASSWORD",
    }


async def test_a_process_that_renders_has_neither_mail_password_nor_database() -> None:
    with PdfPool(size=1) as pool:
        with settings_withheld():
            await pool.render("<!doctype html><html lang='en'><title>t</title><p>t</p></html>")
            below = psutil.Process().children(recursive=True)
            environments = [Path(f"/proc/{child.pid}/environ").read_bytes() for child in below]
        assert environments
        assert not [content for content in environments if b"sesame" in content]
        assert os.environ["INSPECTIONS_SMTP_PASSWORD"] == "sesame"
