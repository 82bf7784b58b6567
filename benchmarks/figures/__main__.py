"""Double and halve every figure until an answer moves: ``python -m benchmarks.figures [--new] [RECORD]``.

Every entry that is not on record only, those that repeat another one too, is doubled, then halved, with those that
repeat it and no other, in questions whose lists name it, until a number moves; then ten and a hundred times, a tenth,
a thousandth, nothing and its opposite. Every entry on record only is doubled and halved, all at once, in the first
question of each kind, and nothing may move. Prints the entries that move nothing and those on record that move
something; ends with 1 if there are any. With RECORD, a file, each question that is finished is a line of it, and a run
that was stopped goes on from there.

What was found stands in ``moved.json`` beside this file: question to the entries that moved a number in it. A test
wants every entry in it that is not on record only, and asks some again. With ``--new`` only those are tried that it
lacks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures.moving import Answers, Question, asked, listed, moved, times, with_followers, with_values
from benchmarks.figures.questions import every_question
from ringtrue.catalogue.load import load_catalogue, parameters_of
from ringtrue.catalogue.records import Catalogue, Parameter

FACTORS = (2.0, 0.5)
FAR = (10.0, 0.1, 100.0, 0.001, 0.0, -1.0)
"""Where doubling and halving move nothing: figures that bind only far beyond their spread."""
MOVED = Path(__file__).with_name("moved.json")
FAR_WORD = "far "
FEW = 8
"""So many are tried one by one; of more, those parts only in which something moves."""


@dataclass
class Sweep:
    """Who moves what, question by question.

    ``alive``: entry to question; ``named``: entry to the last question that named it; ``on_record_moves``: question to
    what moved in it though it is on record only; ``done``: questions that were asked.
    """

    alive: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    on_record_moves: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def add(self, question: str, lively: Iterable[str], named: Iterable[str], wrong: str) -> None:
        """Note what one question showed."""
        self.done.append(question)
        self.alive |= dict.fromkeys(lively, question)
        self.named |= dict.fromkeys(named, question)
        if wrong:
            self.on_record_moves[question] = wrong

    def dead(self, addresses: Iterable[str]) -> dict[str, str]:
        """Return those of the addresses that moved nothing, with what was tried."""
        still = [a for a in addresses if a not in self.alive]
        return {
            a: f"named by {self.named[a]}, moves nothing" if a in self.named else "named by no question" for a in still
        }


def sweep(
    catalogue: Catalogue,
    questions: Iterable[Question],
    wanted: Iterable[str] | None = None,
    *,
    factors: tuple[float, ...] = FACTORS,
    record: Path | None = None,
    tell: bool = False,
) -> Sweep:
    """Ask the questions one after the other until every wanted entry, or every live one, has moved a number.

    ``record`` keeps what each question showed; one that stands in it is not asked again.
    """
    live = {a: followers for a, followers in with_followers(catalogue).items() if not followers[0].on_record}
    on_record = [] if wanted is not None else [p for p in parameters_of(catalogue) if p.on_record]
    left = dict.fromkeys(live if wanted is None else wanted)
    found = _recorded(record, catalogue)
    kinds = {title.partition(":")[0] for title in found.done}
    for question in questions:
        for address in found.alive:
            left.pop(address, None)
        if not left:
            break
        title = title_of(question) if factors == FACTORS else FAR_WORD + title_of(question)
        if title in found.done:
            continue
        before = asked(question, catalogue)
        if before is None:
            continue
        behind = listed(before)
        named = [a for a in left if behind.intersection(p.id for p in live[a])]
        lively = list(_lively(question, catalogue, before, {a: live[a] for a in named}, factors))
        wrong = ""
        for factor in FACTORS if question.kind not in kinds and on_record else ():
            after = asked(question, with_values(catalogue, times(on_record, factor)))
            if after is None or moved(before, after):
                wrong = "refused" if after is None else ", ".join(sorted(moved(before, after))[:3])
        kinds.add(question.kind)
        found.add(title, lively, named, wrong)
        if record is not None:
            with record.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([title, lively, named, wrong]) + "\n")
        if tell:
            print(f"{len(left) - len(lively):4d} left after {title}", file=sys.stderr, flush=True)
    return found


def _lively(
    question: Question,
    catalogue: Catalogue,
    before: Answers,
    families: dict[str, list[Parameter]],
    factors: tuple[float, ...],
) -> Iterator[str]:
    """Yield the entries that move a number: all are moved at once, and halved only where something moves.

    What is not found for another entry hiding it is left for the next question.
    """
    addresses = list(families)
    if not addresses:
        return
    together = [p for family in families.values() for p in family]
    after = (asked(question, with_values(catalogue, times(together, factor))) for factor in factors)
    if len(addresses) == 1:
        yield from addresses if any(one is not None and moved(before, one) for one in after) else ()
    elif any(one is None or moved(before, one) for one in after):
        size = len(addresses) // 2 if len(addresses) > FEW else 1
        for first in range(0, len(addresses), size):
            part = {a: families[a] for a in addresses[first : first + size]}
            yield from _lively(question, catalogue, before, part, factors)


def title_of(question: Question) -> str:
    """Return the name by which the record and ``moved.json`` know a question."""
    return f"{question.kind}: {question.name}"


def _recorded(record: Path | None, catalogue: Catalogue) -> Sweep:
    """Read what a stopped run left; a record of another catalogue is begun anew, a line cut short is left out."""
    found = Sweep()
    if record is None:
        return found
    text = record.read_text(encoding="utf-8") if record.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    lines = whole.splitlines()
    if not lines or json.loads(lines[0]) != catalogue.content_hash:
        record.write_text(json.dumps(catalogue.content_hash) + "\n", encoding="utf-8")
        return found
    record.write_text(whole, encoding="utf-8")
    for line in lines[1:]:
        found.add(*json.loads(line))
    return found


def moved_in() -> dict[str, str]:
    """Return what an earlier run found: entry to the name of a question in which it moved a number."""
    found: dict[str, list[str]] = json.loads(MOVED.read_text(encoding="utf-8"))
    return {address: title for title, addresses in found.items() for address in addresses}


def _keep(found: dict[str, str]) -> None:
    titles = dict.fromkeys(sorted(found.values()))
    by_title = {title: sorted(a for a, where in found.items() if where == title) for title in titles}
    MOVED.write_text(json.dumps(by_title, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Sweep the whole shipped catalogue, or what is new in it, and print and keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__.partition("\n")[0])
    parser.add_argument("--new", action="store_true", help="try only what moved.json lacks")
    parser.add_argument("record", nargs="?", type=Path, metavar="RECORD", help="file from which a stopped run goes on")
    said = parser.parse_args(arguments)
    catalogue = load_catalogue()
    live = [p.id for p in parameters_of(catalogue) if not p.on_record]
    before = {a: title for a, title in moved_in().items() if a in live} if said.new else {}
    wanted = [a for a in live if a not in before] if said.new else None
    found = sweep(catalogue, every_question(catalogue), wanted, record=said.record, tell=True)
    left = found.dead(a for a in live if a not in before)
    far = sweep(catalogue, every_question(catalogue), left, factors=FAR, record=said.record, tell=True)
    found.alive = before | {a: title.removeprefix(FAR_WORD) for a, title in (found.alive | far.alive).items()}
    dead = found.dead(live)
    print(f"{len(found.alive)} entries move an answer, in {len(found.done)} questions")
    print(f"{sum(bool(p.on_record) for p in parameters_of(catalogue))} entries are on record only")
    for address, why in dead.items():
        print(f"moves nothing: {address} ({why})")
    for question, what in found.on_record_moves.items():
        print(f"on record only, and moves: {question}: {what}")
    _keep({address: title for address, title in found.alive.items() if address in live})
    return 1 if dead or found.on_record_moves else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
