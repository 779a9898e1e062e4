"""Connects to the engine: the embedded one that `up` runs on the data folder, otherwise the one in Temporal's own
environment configuration (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_PROFILE, ...)."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode

from activities.names import LATE, STAGE
from application.runtime import data_lock, run_file
from application.runtime.settings import Settings
from framework.common.errors import BadInput, Remedy, Unreachable

TIMEOUT_SECONDS = 3.0
"""Seconds after which an engine that does not answer is unreachable."""
NAMESPACE = "default"
"""The embedded engine's only namespace."""


async def connect(settings: Settings) -> Client:
    """Returns a client of the engine, with our data converter. Raises `Unreachable` within three seconds."""
    give_up = time.monotonic() + TIMEOUT_SECONDS
    options = await _connect_options(settings, give_up - 0.5)
    return await connect_to(options.pop("target_host"), max(give_up - time.monotonic(), 0.5), **options)


async def connect_to(address: str, timeout_seconds: float = TIMEOUT_SECONDS, **options: Any) -> Client:
    """Returns a client of the engine at this address. Raises `Unreachable` after `timeout_seconds`."""
    opening = Client.connect(address, data_converter=pydantic_data_converter, **options)
    try:
        return await asyncio.wait_for(opening, timeout_seconds)
    except (TimeoutError, RuntimeError, RPCError) as error:
        what = f"the engine at {address} does not answer (TEMPORAL_ADDRESS names another one)"
        raise Unreachable(what, remedy=Remedy.START_SYSTEM) from error


def is_configured() -> bool:
    """Returns whether an engine elsewhere is configured (TEMPORAL_ADDRESS, ...). Raises `BadInput` for a wrong configuration."""
    return _configured() is not None


def configured_name() -> tuple[str, str] | None:
    """Returns address and namespace of the engine that is configured; None if none is. Raises `BadInput` likewise."""
    configured = _configured()
    if not configured:
        return None
    return str(configured["target_host"]), str(configured.get("namespace") or NAMESPACE)


async def retention(client: Client) -> timedelta:
    """Returns how long the namespace keeps the histories of closed workflows."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    answer = await client.workflow_service.describe_namespace(request)
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def keep_histories(client: Client, days: int) -> None:
    """Sets the retention of the namespace, in calendar days. It applies to workflows that close afterwards."""
    period = timedelta(days=days)
    if await retention(client) == period:
        return
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(period)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=config))


async def prepare(client: Client) -> None:
    """Adds the search attributes of inspections, without which their workflows do not advance; again, it changes nothing.

    Raises `Unreachable` for an engine that refuses, naming what its operator must add."""
    attributes = {key.name: IndexedValueType.ValueType(int(key.indexed_value_type)) for key in (STAGE, LATE)}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=attributes)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:
            return
        names = ", ".join(f"{key.name} ({key.indexed_value_type.name.title()})" for key in (STAGE, LATE))
        raise Unreachable(
            f"the engine does not take the search attributes of inspections: have its operator add {names} "
            f"to the namespace {client.namespace}"
        ) from error


async def _connect_options(settings: Settings, give_up: float) -> dict[str, Any]:
    """Returns how to connect: to the system on the data folder, else as configured, else to a system that becomes ready."""
    if embedded := _embedded(settings):
        return embedded
    if configured := _configured():
        return configured
    while data_lock.is_held(settings.data) and time.monotonic() < give_up:
        await asyncio.sleep(0.1)
        if embedded := _embedded(settings):
            return embedded
    if data_lock.is_held(settings.data):
        raise Unreachable(f"the engine of {settings.data} is not ready yet", remedy=Remedy.AWAIT_SYSTEM)
    what = f"no engine runs on {settings.data}, and TEMPORAL_ADDRESS names none"
    raise Unreachable(what, remedy=Remedy.START_SYSTEM)


def _embedded(settings: Settings) -> dict[str, Any] | None:
    running = run_file.find(settings.data)
    return {"target_host": running.address, "namespace": running.namespace} if running else None


def _configured() -> dict[str, Any] | None:
    try:
        options = dict(ClientConfig.load_client_connect_config())
    except RuntimeError as error:  # envconfig raises it and its subclass ConfigError
        raise BadInput(f"the engine's configuration is wrong: {error}") from None
    return options if options.get("target_host") else None
