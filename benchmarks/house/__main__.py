"""Count the hand-written addresses of a parameter, a rule, a measure and a price in one or two trees of the package.

    python -m benchmarks.house [TREE [OTHER_TREE]]

An address is a function, class or module-level statement of the package that names the thing: as attribute, name,
keyword or text of its own, docstrings left out. A file of figures counts once, however many records give the figure.
The formulas of the room `radar` that take a quantity by name count once together: they are one physics. In the rooms
`catalogue` and `engagement` a price is that of a round or of a target, and does not count as that of an offer.

Beside them: lines of tests over lines of code in the rooms that compute the answers, blank lines and lines of nothing
but a comment left out. What the tests are worth is `python -m benchmarks.house.slips`.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]

# what is counted: the names a thing goes by in code and in files, and what the design allows
THINGS = {
    "a radar parameter: reference range": (("reference_range_m", "reference_range"), 5),
    "a radar parameter: slew time": (("slew_s", "slew"), 5),
    "a launcher's figure: reload time": (("reload_s", "launcher_reload_s"), 6),
    "a doctrine rule: assessment delay": (("assessment_delay_s", "assessment_delay"), 6),
    "a measure: engageable area in the sector": (("engageable_sector_area_km2", "engageable_sector_m2"), 2),
    "a measure: seen at 0.9": (("seen_p90_area_km2", "seen_p90_m2"), 2),
}
PRICE = (("price_usd",), 8)
TESTED = ("coverage", "engagement", "studies")
LEAST_TESTED = 0.30
WITHOUT_OFFERS = ("catalogue/", "engagement/")  # the price of a round or of a target, not of an offer


def _docstrings(tree: ast.AST) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, (ast.keyword, ast.arg)):
        return [node.arg or ""]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def addresses(tree: Path, wanted: tuple[str, ...]) -> list[str]:
    """Return the places that name a thing: file and enclosing definition."""
    found: set[str] = set()
    package = tree / "src" / "ringtrue"
    for path in sorted(package.rglob("*.py")):
        source = ast.parse(path.read_text(encoding="utf-8"))
        skipped = _docstrings(source)
        for statement in source.body:
            parts = statement.body if isinstance(statement, ast.ClassDef) else [statement]
            for part in parts:
                if any(
                    name in wanted for node in ast.walk(part) if id(node) not in skipped for name in _names(node)
                ):  # fmt: skip
                    where = path.relative_to(package).as_posix()
                    name = getattr(statement, "name", f"line {statement.lineno}")
                    inner = getattr(part, "name", "") if part is not statement else ""
                    found.add("radar: formulas" if where.startswith("radar/") else f"{where}: {name} {inner}".strip())
    data = [p for p in package.rglob("*.toml") if any(f"\n{w} =" in p.read_text(encoding="utf-8") for w in wanted)]
    return sorted(found) + (["files of figures"] if data else [])


def files_naming(tree: Path, wanted: tuple[str, ...]) -> list[str]:
    """Return the files that name an offer's price."""
    found = {place.partition(":")[0] for place in addresses(tree, wanted)}
    return sorted(name for name in found if not name.startswith(WITHOUT_OFFERS))


def _lines(folder: Path) -> int:
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for text in texts for line in text.splitlines())


def tests_over_code(tree: Path) -> float:
    """Return lines of tests over lines of code in the rooms that compute the answers."""
    code = sum(_lines(tree / "src" / "ringtrue" / room) for room in TESTED)
    return sum(_lines(tree / "tests" / room) for room in TESTED) / code


def main() -> None:
    """Print the counts of one tree, or of two side by side."""
    told = "-v" in sys.argv
    trees = [Path(a) for a in sys.argv[1:] if a != "-v"] or [HERE]
    print(f"{'':<46}{'allowed':>8}" + "".join(f"{tree.resolve().name[:14]:>16}" for tree in trees))
    for thing, (wanted, allowed) in THINGS.items():
        places = [addresses(tree, wanted) for tree in trees]
        print(f"{thing:<46}{allowed:>8}" + "".join(f"{len(p):>16}" for p in places))
        if told:
            print("".join(f"    {p}\n" for p in places[-1]), end="")
    wanted, allowed = PRICE
    print(f"{'files that name an offer’s price':<46}{allowed:>8}"
          + "".join(f"{len(files_naming(tree, wanted)):>16}" for tree in trees))  # fmt: skip
    print(f"{'tests over code in ' + ', '.join(TESTED):<46}{LEAST_TESTED:>8}"
          + "".join(f"{tests_over_code(tree):>16.3f}" for tree in trees))  # fmt: skip


if __name__ == "__main__":
    main()
