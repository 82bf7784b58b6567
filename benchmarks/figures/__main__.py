"""Double and halve every figure of the catalogue until an answer moves: ``python -m benchmarks.figures``.

Every figure that is not on record only is doubled, then halved, in questions whose lists name it, until a number moves;
every figure on record only is doubled and halved, all at once, in every question, and nothing may move. Prints the
figures that move nothing and those on record that move something; ends with 1 if there are any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.figures.moving import Question, asked, families, listed, moved, moves, scaled, times, with_values
from benchmarks.figures.questions import every_question
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.catalogue.records import Catalogue

FACTORS = (2.0, 0.5)


class Sweep(NamedTuple):
    """Who moves what: figure to question; figures that nothing named or moved; on record, and yet moving."""

    alive: dict[str, str]
    dead: dict[str, str]
    on_record_moves: dict[str, str]
    n_questions: int


def sweep(
    catalogue: Catalogue, questions: Iterable[Question], wanted: Iterable[str] | None = None, *, tell: bool = False
) -> Sweep:
    """Ask the questions one after the other until every wanted figure has moved a number."""
    left = {a: family for a, family in families(catalogue).items() if wanted is None or a in set(wanted)}
    on_record = [p for p in parameters_of(catalogue) if p.on_record]
    alive: dict[str, str] = {}
    named: dict[str, str] = {}
    wrong: dict[str, str] = {}
    n_questions = 0
    for question in questions:
        if not left:
            break
        before = asked(question, catalogue)
        if before is None:
            continue
        n_questions += 1
        behind = listed(before)
        for address, family in list(left.items()):
            if not behind.intersection(p.id for p in family):
                continue
            named[address] = question.name
            for factor in FACTORS:
                if moves(question, catalogue, before, times(family, factor)):
                    alive[address] = question.name
                    del left[address]
                    break
        for factor in FACTORS if wanted is None else ():
            after = asked(question, with_values(catalogue, {p.id: scaled(p, factor) for p in on_record}))
            if after is None or moved(before, after):
                wrong[question.name] = "refused" if after is None else ", ".join(sorted(moved(before, after))[:3])
        if tell:
            print(f"{len(left):4d} left after {question.kind}: {question.name}", file=sys.stderr, flush=True)
    dead = {a: f"listed by {named[a]}, moves nothing" if a in named else "listed by no question" for a in left}
    return Sweep(alive, dead, wrong, n_questions)


def main() -> int:
    """Sweep the whole shipped catalogue and print what was found."""
    catalogue = load_catalogue()
    found = sweep(catalogue, every_question(catalogue), tell=True)
    print(f"{len(found.alive)} figures move an answer, in {found.n_questions} questions")
    print(f"{sum(bool(p.on_record) for p in parameters_of(catalogue))} entries are on record only")
    for address, why in found.dead.items():
        print(f"moves nothing: {address} ({why})")
    for question, what in found.on_record_moves.items():
        print(f"on record only, and moves: {question}: {what}")
    return 1 if found.dead or found.on_record_moves else 0


if __name__ == "__main__":
    sys.exit(main())
