"""Ordinary waits of activities: what is needed is not there yet, and the engine tries again. None of them is a fault, so the worker's
log has at most a line of it, and no traceback."""

from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from framework.common.errors import Unreachable


class Wait(ApplicationError):
    """The base of what activities raise to be tried again later."""

    def __init__(self, message: str) -> None:
        # The SDK logs a benign error at DEBUG; any other is a warning with its traceback, at every attempt.
        super().__init__(message, type=type(self).__name__, category=ApplicationErrorCategory.BENIGN)


class ServiceUnreachable(Wait):
    """A database or a service did not answer, or held its lock for too long."""


class WaitsInterceptor(Interceptor):
    """Makes an ordinary wait of a service that does not answer, and logs one line of it."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Returns the interceptor of one activity."""
        return _WaitsInbound(next)


class _WaitsInbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """Runs the activity. Raises `ServiceUnreachable` in place of `Unreachable`."""
        try:
            return await super().execute_activity(input)
        except Unreachable as fault:
            activity.logger.warning("waits, and is tried again: %s", fault)
            raise ServiceUnreachable(str(fault)) from None
