"""Acting on many inspections, a few at a time: all at once they would only wait for each other, in the worker or the engine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def bounded_gather(
    things: Iterable[Item], act: Callable[[Item], Awaitable[Answer]], at_once: int
) -> list[Answer]:
    """Act on each, on at most `at_once` at a time; answers in their order. Raises what acting on one of them raises."""
    turns = asyncio.Semaphore(at_once)

    async def one(thing: Item) -> Answer:
        async with turns:
            return await act(thing)

    return await asyncio.gather(*map(one, things))
