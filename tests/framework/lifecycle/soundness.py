"""What must hold of an explored lifecycle: an end is within reach of every state, and no automatic steps undo each other.

What must hold of rows, letters and limits is observed by the model of each lifecycle."""

from collections import deque

from tests.framework.lifecycle.exploration import Graph, Key, Model, Move, State


def check(model: Model[State], graph: Graph[State]) -> list[str]:
    """Returns everything that is wrong; nothing where the lifecycle is sound."""
    return [*dead_ends(model, graph), *automatic_circles(graph), *model.faults()]


def dead_ends(model: Model[State], graph: Graph[State]) -> list[str]:
    """Returns a fault for each stage with states from which no end can be reached.

    A state from which the graph itself shows no end is continued beyond the bound, by every move, ordinary ones first."""
    reaching = _reaching(graph, {key for key, state in graph.states.items() if model.is_end(state)})
    failed: dict[str, Key] = {}
    for key in reversed(list(graph.states)):
        stage = model.stage(graph.states[key])
        # One state of each stage that fails is enough: its fault names the steps that lead there.
        if key in reaching or stage in failed:
            continue
        if _continues(model, graph.states[key], reaching, graph.bounds.further):
            reaching |= _reaching(graph, {key})
        else:
            failed[stage] = key
    return [_dead_end(graph, stage, key) for stage, key in failed.items()]


def _dead_end(graph: Graph[State], stage: str, key: Key) -> str:
    ways = sorted({edge.label for edge in graph.edges.get(key, ())})
    into = sorted({edge.label for edges in graph.edges.values() for edge in edges if edge.target == key})
    return (
        f"no end can be reached from {stage}, to which {', '.join(into) or 'nothing'} leads: all that can be "
        f"taken there is {', '.join(ways) or 'nothing'}; for example {key}"
    )


def _reaching(graph: Graph[State], ends: set[Key]) -> set[Key]:
    """Returns every state from which the graph leads to one of these."""
    sources: dict[Key, list[Key]] = {}
    for key, edges in graph.edges.items():
        for edge in edges:
            sources.setdefault(edge.target, []).append(key)
    reaching, queue = set(ends), list(ends)
    while queue:
        fresh = [source for source in sources.get(queue.pop(), ()) if source not in reaching]
        reaching.update(fresh)
        queue += fresh
    return reaching


def _continues(model: Model[State], state: State, reaching: set[Key], further: int) -> bool:
    """Returns whether a search from this state comes to one that is known to reach an end.

    Ordinary moves go first, from the newest state on; departures follow, from the oldest on."""
    seen = {model.key(state)}
    ordinary, departures = list[Move[State]](), deque[Move[State]]()
    states = [state]
    for _ in range(further):
        for move in (move for fresh in states for move in model.moves(fresh)):
            (departures if move.is_departure else ordinary).append(move)
        if not (ordinary or departures):
            return False
        after = (ordinary.pop() if ordinary else departures.popleft()).take()
        states = [] if after is None or model.key(after) in seen else [after]
        for fresh in states:
            if model.key(fresh) in reaching or model.is_end(fresh):
                return True
            seen.add(model.key(fresh))
    return False


def automatic_circles(graph: Graph[State]) -> list[str]:
    """Returns a fault for each circle of automatic steps: they undo each other, for ever."""
    faults: dict[str, None] = {}
    for start in graph.states:
        path: dict[Key, str] = {}
        key: Key | None = start
        while key is not None and key not in path:
            edge = next((edge for edge in graph.edges.get(key, ()) if edge.is_automatic and edge.target != key), None)
            path[key] = edge.label if edge else ""
            key = edge.target if edge else None
        if key is not None:
            circle = list(path.values())[list(path).index(key) :]
            faults[f"automatic steps undo each other: {', '.join(sorted(set(circle)))}"] = None
    return list(faults)
