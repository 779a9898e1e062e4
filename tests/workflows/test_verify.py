"""The running engine attests against records that were altered until their hashes fit again."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.rendering.pdf_pool import PdfPool
from tests.cli_harness import run
from tests.records.verify.tampering import Tamperer
from tests.workflows.engine_harness import EngineHarness, engine_harness

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def verify(here: EngineHarness) -> tuple[int, Any]:
    result = await asyncio.to_thread(run, "verify", here.id, "--json", "--data", str(here.system.settings.data))
    return result.exit_code, json.loads(result.stdout)


async def test_a_chain_that_was_made_anew_or_cut_off_is_not_what_the_engine_attests(
    usual: WorkflowEnvironment, data: Path, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", usual.client.service_client.config.target_host)
    async with engine_harness(usual, data, pool, "2010-11-03T09:30") as here:
        await here.order(notify="2010-12-01")
        await here.do("change_contact", "c.marsh", role="link_officer", person="chief.330", reason="She is on leave.")
        await here.until(here.delivered, "its letters went")
        code, report = await verify(here)
        assert (code, report["found"], report["witnesses"]["engine_asked"]) == (0, [], True)
        assert report["checked"]["commands"] == 1
        Tamperer(data, Random(1)).forge(1)
        code, report = await verify(here)
        assert code == 5
        assert {finding["check"] for finding in report["found"]} == {"engine"}
        with Tamperer(data, Random(1))._database() as records:
            records.execute("DELETE FROM events WHERE number > 1")
            Tamperer(data, Random(1))._head(records, here.id)
        code, report = await verify(here)
        assert code == 5
        assert "the log does not have it" in "".join(finding["what"] for finding in report["found"])
