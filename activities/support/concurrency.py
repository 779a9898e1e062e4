"""Acting on many inspections, a few at a time: all at once they would only wait for each other, in the worker or the engine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Found = TypeVar("Found")


async def in_turns(things: Iterable[Thing], act: Callable[[Thing], Awaitable[Found]], at_once: int) -> list[Found]:
    """Act on each, on at most `at_once` at a time; answers in their order. Raises what acting on one of them raises."""
    turns = asyncio.Semaphore(at_once)

    async def one(thing: Thing) -> Found:
        async with turns:
            return await act(thing)

    return await asyncio.gather(*map(one, things))
