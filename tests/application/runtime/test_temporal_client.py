"""Connecting to the engine: a clear error within three seconds if there is none."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from application.runtime import data_lock, run_file, settings, temporal_client
from application.runtime.run_file import Running
from framework.common.errors import BadInput, Remedy, Unreachable
from operations.embedded_engine import ports

NOBODY = Running(address="127.0.0.1:1", namespace="default", mailbox_port=1, up=1, engine=1, worker=1)


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


async def refused(data: Path) -> Unreachable:
    """Returns the message if the engine cannot be reached; fails if that takes too long."""
    began = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        await temporal_client.connect(settings.read(data))
    assert time.monotonic() - began < temporal_client.TIMEOUT_SECONDS + 0.5
    return caught.value


async def test_without_an_engine_the_folder_and_the_remedy_are_named(tmp_path: Path) -> None:
    error = await refused(tmp_path)
    assert str(tmp_path) in str(error)
    assert error.remedy is Remedy.START_SYSTEM


async def test_a_configured_engine_that_is_away_is_named_by_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"127.0.0.1:{ports.choose(tmp_path, {'free': None})['free']}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    assert address in str(await refused(tmp_path))


async def test_an_engine_that_accepts_the_connection_and_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
        assert f"127.0.0.1:{port}" in str(await refused(tmp_path))


async def test_an_up_that_is_not_ready_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    held = data_lock.take(tmp_path)
    try:
        assert "not ready yet" in str(await refused(tmp_path))
    finally:
        os.close(held)


async def test_a_run_file_left_by_a_crash_is_not_used(tmp_path: Path) -> None:
    run_file.write(tmp_path, NOBODY)
    assert "no engine runs" in str(await refused(tmp_path))


async def test_the_engine_of_the_folder_comes_before_a_configured_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:2")
    held = data_lock.take(tmp_path)
    try:
        run_file.write(tmp_path, NOBODY)
        assert NOBODY.address in str(await refused(tmp_path))
    finally:
        os.close(held)


async def test_a_missing_profile_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "elsewhere")
    with pytest.raises(BadInput, match="elsewhere"):
        await temporal_client.connect(settings.read(tmp_path))
