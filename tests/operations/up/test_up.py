"""`up` with a real engine: one for each folder, no orphan process, nothing lost."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from application.runtime import data_lock, rehearsal_marker, run_file, settings, temporal_client
from application.runtime.run_file import Running
from framework.common.errors import Unreachable
from interfaces.cli.main import app
from operations.embedded_engine import engine_process, ports
from tests.operations.up_harness import begin, client, count_again, is_gone, open_workflow, ready, stop, system, until


async def test_a_second_up_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with system(tmp_path) as (up, _):
        await open_workflow(tmp_path)
        second = begin(tmp_path)
        _, message = second.communicate(timeout=20)
        assert second.returncode == 3
        assert str(tmp_path) in message
        assert f"process {up.pid}" in message
        await count_again(tmp_path, 2)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """A system with secrets in its environment, for the tests that only look at it: its folder and its run file."""
    data = tmp_path_factory.mktemp("started")
    secrets = {"INSPECTIONS_SMTP_PASSWORD": "sesame", "DATABASE_URL": f"sqlite:///{data / 'sesame.sqlite'}"}
    up = begin(data, **secrets, OTHER="sesame")
    try:
        yield data, asyncio.run(ready(data))
    finally:
        stop(up)


async def test_the_retention_of_histories_is_ten_years_from_the_start(started: tuple[Path, Running]) -> None:
    assert await temporal_client.retention(await client(started[0])) == timedelta(days=3650)


def test_the_engine_inherits_the_lock_of_the_folder(started: tuple[Path, Running]) -> None:
    data, running = started
    files = {str(entry.readlink()) for entry in Path(f"/proc/{running.engine}/fd").iterdir()}
    assert str(data / data_lock.NAME) in files


def test_the_engine_has_neither_mail_password_nor_database_in_its_environment(started: tuple[Path, Running]) -> None:
    _, running = started
    engine, worker = (Path(f"/proc/{pid}/environ").read_bytes() for pid in (running.engine, running.worker))
    assert b"PATH=" in engine
    assert b"sesame" not in engine
    assert b"INSPECTIONS_SMTP_PASSWORD=sesame" in worker
    assert b"OTHER=" not in worker


async def test_stopping_is_clean_and_an_open_workflow_goes_on_after_the_next_start(tmp_path: Path) -> None:
    async with system(tmp_path) as (up, before):
        await open_workflow(tmp_path)
        assert stop(up) == 0
        assert not (tmp_path / run_file.NAME).exists()
        assert all(is_gone(pid) for pid in (before.engine, before.worker))
    async with system(tmp_path) as (_, after):
        assert (after.address, after.mailbox_port) == (before.address, before.mailbox_port)
        await count_again(tmp_path, 2)


async def test_killing_up_leaves_no_orphan_and_its_run_file_is_not_used(tmp_path: Path) -> None:
    async with system(tmp_path) as (up, _):
        await open_workflow(tmp_path)
        family = [child.pid for child in psutil.Process(up.pid).children(recursive=True)]
        assert len(family) >= 2
        up.kill()
        up.wait()
        await until(lambda: all(is_gone(pid) for pid in family))
        await until(lambda: not data_lock.is_held(tmp_path))
        assert (tmp_path / run_file.NAME).exists()
        assert run_file.find(tmp_path) is None
        lock = data_lock.take(tmp_path)  # as the next `up`, before it removes the file
        assert run_file.find(tmp_path) is None
        os.close(lock)
        with pytest.raises(Unreachable, match="no engine runs on"):
            await temporal_client.connect(settings.read(tmp_path))
    async with system(tmp_path):
        await count_again(tmp_path, 2)


async def test_two_starts_at_once_that_pick_one_port_both_come_up(tmp_path: Path) -> None:
    folders = (tmp_path / "one", tmp_path / "other")
    chosen = {"engine": free_port(), "mailbox": free_port()}
    for folder in folders:
        folder.mkdir()
        (folder / ports.FILE_NAME).write_text(json.dumps(chosen))
    ups = [begin(folder) for folder in folders]
    try:
        running = [await ready(folder) for folder in folders]
    finally:
        codes = [stop(up) for up in ups]
    assert codes == [0, 0]
    assert running[0].address != running[1].address
    assert running[0].mailbox_port != running[1].mailbox_port


async def test_a_port_that_another_program_took_before_the_engine_listens_is_chosen_again(tmp_path: Path) -> None:
    tmp_path.joinpath(ports.FILE_NAME).write_text("{}")
    with socket.socket() as other:
        other.bind((ports.HERE, 0))
        other.listen()
        taken = other.getsockname()[1]
        settings_ = settings.read(tmp_path)
        lock = data_lock.take(tmp_path)
        try:
            with pytest.raises(engine_process.PortTaken, match="another program took a port"):
                await engine_process.start(settings_, taken, 0, lock)
        finally:
            os.close(lock)


async def test_up_chooses_another_port_if_its_port_is_taken_before_the_start(tmp_path: Path) -> None:
    up = begin(tmp_path)
    try:
        with socket.socket() as other:
            await until(lambda: "engine" in chosen_ports(tmp_path))
            taken = chosen_ports(tmp_path)["engine"]
            assert takes(other, taken), "the engine was quicker than this test"
            running = await ready(tmp_path)
            assert running.address != f"{ports.HERE}:{taken}"
    finally:
        assert stop(up) == 0


async def test_an_engine_whose_port_was_taken_after_it_died_is_started_on_another(tmp_path: Path) -> None:
    async with system(tmp_path) as (_, before):
        await open_workflow(tmp_path)
        psutil.Process(before.engine).kill()
        port = int(before.address.rpartition(":")[2])
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            await until(lambda: takes(other, port))
            after = await ready(tmp_path, unlike=lambda now: now.engine == before.engine)
            assert after.address != before.address
            await count_again(tmp_path, 2)


async def test_an_engine_that_was_killed_is_started_again_with_a_new_worker(tmp_path: Path) -> None:
    async with system(tmp_path) as (_, before):
        await open_workflow(tmp_path)
        psutil.Process(before.engine).kill()
        after = await ready(tmp_path, unlike=lambda now: now.engine == before.engine)
        assert after.worker != before.worker
        assert after.address == before.address
        await count_again(tmp_path, 2)


async def test_a_worker_that_was_killed_is_started_again_beside_the_same_engine(tmp_path: Path) -> None:
    async with system(tmp_path) as (_, before):
        psutil.Process(before.worker).kill()
        after = await ready(tmp_path, unlike=lambda now: now.worker == before.worker)
        assert after.engine == before.engine
        await open_workflow(tmp_path)


def chosen_ports(data: Path) -> dict[str, int]:
    file = data / ports.FILE_NAME
    return dict(json.loads(file.read_text())) if file.exists() else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ports.HERE, 0))
        return int(probe.getsockname()[1])


def takes(other: socket.socket, port: int) -> bool:
    try:
        other.bind((ports.HERE, port))
    except OSError:
        return False
    other.listen()
    return True


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    second = begin(tmp_path / "file" / "data")
    _, message = second.communicate(timeout=20)
    assert second.returncode == 2
    assert message.count("\n") == 1
    assert str(tmp_path / "file" / "data") in message


def test_a_folder_without_a_running_system_is_not_locked(tmp_path: Path) -> None:
    assert not data_lock.is_held(tmp_path)
    assert run_file.find(tmp_path) is None


def test_up_refuses_the_folder_of_a_rehearsal(tmp_path: Path) -> None:
    rehearsal_marker.write(tmp_path, {"id": "SLAC-2010-001"})
    result = CliRunner().invoke(app, ["up", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "holds a rehearsal" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [rehearsal_marker.NAME]
