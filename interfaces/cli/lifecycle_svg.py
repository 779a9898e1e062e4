"""The table of the lifecycle as a picture: the main line downwards, what stays beside each stage, what leaves it left."""

from collections.abc import Iterator
from html import escape

from framework.inspection.stages import MAIN_LINE, Stage
from framework.inspection.steps import STEPS
from framework.lifecycle.steps import Step

WIDTH, MARGIN = 1000, 24
COLUMN, BOX, TALL = 430, 150, 34
"""Where the main line stands, and how large its boxes are."""
ASIDE = 24
NOTES = COLUMN + BOX + 190
LINE = 16
STYLE = (
    "text{font:13px 'Liberation Sans',Arial,sans-serif;fill:#0b0c0c}.small{font-size:12px}.stage{font-weight:bold}"
    "rect{fill:#fff;stroke:#0b0c0c;stroke-width:1.5}.aside{stroke-dasharray:5 3}"
    ".way{fill:none;stroke:#0b0c0c;stroke-width:1.3;marker-end:url(#tip)}.leaves{stroke:#6f777b}"
)
TIP = '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'


def svg() -> str:
    """Returns the whole picture as SVG text."""
    tops = dict(_tops())
    height = tops[MAIN_LINE[-1]] + TALL + 120
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">',
        '<title id="t">The life of an inspection</title>',
        '<desc id="d">Stages from planned to closed, with the steps that lead from one to the next.</desc>',
        f'<defs><style>{STYLE}</style>{TIP}<path d="M0,0L8,4L0,8z"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" style="stroke:none"/>',
        *(_box(stage, COLUMN, top) for stage, top in tops.items()),
        *_forward(tops),
        *_notes(tops),
        *_asides(tops),
        *_everywhere(tops[MAIN_LINE[-1]] + TALL + 40),
        "</svg>",
    ]
    return "\n".join(parts)


def _tops() -> Iterator[tuple[Stage, int]]:
    top = MARGIN
    for stage in MAIN_LINE:
        yield stage, top
        top += max(TALL + 44, LINE * len(_staying(stage)) + 26)


def _staying(stage: Stage) -> list[Step]:
    """Returns the steps of a stage that do not leave it, without those of every stage."""
    return [s for s in STEPS if stage in s.sources and s.dest in (None, stage) and s not in _of_every_stage()]


def _of_every_stage() -> list[Step]:
    return [step for step in STEPS if set(MAIN_LINE[:-1]) <= set(step.sources) and step.dest is None]


def _box(stage: Stage, left: int, top: int, kind: str = "") -> str:
    words = stage.value.replace("_", " ")
    return (
        f'<rect class="{kind}" x="{left}" y="{top}" width="{BOX}" height="{TALL}" rx="4"/>'
        f'<text class="stage" x="{left + BOX // 2}" y="{top + 22}" text-anchor="middle">{words}</text>'
    )


def _forward(tops: dict[Stage, int]) -> Iterator[str]:
    """Yields the arrows of the main line: straight to the next stage, around those that are passed over."""
    beside: dict[tuple[Stage, Stage], list[Step]] = {}
    for step in STEPS:
        for stage in map(Stage, step.sources):
            if stage in tops and step.dest in tops and step.dest is not stage:
                beside.setdefault((stage, Stage(step.dest)), []).append(step)
    for (stage, to), steps in beside.items():
        names = list(dict.fromkeys(f"{step.name} ({step.paragraph})" for step in steps))
        if MAIN_LINE.index(to) == MAIN_LINE.index(stage) + 1:
            yield _straight(tops[stage] + TALL, tops[to], names)
        else:
            yield _around(tops[stage], tops[to], names)


def _straight(start: int, end: int, names: list[str]) -> str:
    middle = COLUMN + BOX // 2
    words = (
        f'<text class="small" x="{middle + 8}" y="{start + LINE + LINE * n}">{name}</text>'
        for n, name in enumerate(names)
    )
    return f'<path class="way" d="M{middle},{start}V{end}"/>{"".join(words)}'


def _around(start: int, end: int, names: list[str]) -> str:
    left = COLUMN - 22
    path = f"M{COLUMN},{start + 24}H{left}V{end + 10}H{COLUMN}"
    words = f'<text class="small" x="{left - 6}" y="{end - 8}" text-anchor="end">{", ".join(names)}</text>'
    return f'<path class="way" d="{path}"/>{words}'


def _notes(tops: dict[Stage, int]) -> Iterator[str]:
    for stage, top in tops.items():
        for index, step in enumerate(_staying(stage)):
            words = escape(f"{step.name} ({step.paragraph})")
            yield f'<text class="small" x="{NOTES}" y="{top + 14 + LINE * index}">{words}</text>'


def _asides(tops: dict[Stage, int]) -> Iterator[str]:
    """Draws deferred and cancelled on the left, with the steps that lead there and back beside the box."""
    for stage, top in ((Stage.DEFERRED, tops[Stage.NOTIFIED]), (Stage.CANCELLED, tops[Stage.DRAFTING])):
        yield _box(stage, ASIDE, top, "aside")
        edge = ASIDE + BOX
        near = min((source for source in tops if _leads(source, stage)), key=lambda source: abs(tops[source] - top))
        yield f'<path class="way leaves" d="M{COLUMN},{tops[near] + 12}H{edge}"/>'
        for index, words in enumerate(_ways(stage)):
            yield f'<text class="small" x="{ASIDE}" y="{top + TALL + 18 + LINE * index}">{escape(words)}</text>'


def _leads(stage: Stage, to: Stage) -> bool:
    return any(stage in step.sources and step.dest is to for step in STEPS)


def _ways(stage: Stage) -> Iterator[str]:
    for step in STEPS:
        if step.dest is stage:
            yield f"{step.name} ({step.paragraph}) from:"
            yield from _lines([source.value for source in step.sources])
    for step in STEPS:
        if stage in step.sources and len(step.sources) <= 2 and step.dest is not stage:
            yield f"{step.name} ({step.paragraph})" + (f" ▸ {step.dest.value}" if step.dest else "")


def _lines(words: list[str]) -> Iterator[str]:
    for index in range(0, len(words), 3):
        yield "   " + ", ".join(words[index : index + 3])


def _everywhere(top: int) -> Iterator[str]:
    names = [f"{step.name} ({step.paragraph})" for step in _of_every_stage()]
    yield f'<text class="small" x="{MARGIN}" y="{top}">At every stage up to published: {", ".join(names)}.</text>'
    yield (
        f'<text class="small" x="{MARGIN}" y="{top + LINE + 4}">Right of a stage: what is done there and leaves it '
        "where it is. In brackets: the paragraph of the framework.</text>"
    )
