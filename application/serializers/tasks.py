"""Tasks as JSON."""

from collections.abc import Iterable
from typing import Any

from application.queries.tasks import Task
from application.serializers.task_wording import task_words


def task_as_json(task: Task) -> dict[str, Any]:
    """Returns one open task."""
    return {
        "inspection": task.inspection,
        "kind": task.kind,
        "key": task.key,
        "owner": task.owner,
        "words": task_words(task.kind, task.facts),
        "opened": task.opened,
        "event": task.event,
        "facts": task.facts,
    }


def tasks_as_json(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Returns open tasks, in their order."""
    return [task_as_json(task) for task in tasks]
