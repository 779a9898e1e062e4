"""The context of a step of an inspection, for its guards and outcomes."""

from framework.inspection.state import Inspection
from framework.lifecycle import guards

StepContext = guards.StepContext[Inspection]
