"""Awaiting many calls with a bound on how many run at a time, so that neither the worker nor the engine is flooded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def bounded_gather(items: Iterable[Item], call: Callable[[Item], Awaitable[Result]], limit: int) -> list[Result]:
    """Awaits `call` for each item, at most `limit` at a time; returns the results in the order of the items.

    Raises the first error that a call raises."""
    semaphore = asyncio.Semaphore(limit)

    async def bounded(item: Item) -> Result:
        async with semaphore:
            return await call(item)

    return await asyncio.gather(*map(bounded, items))
