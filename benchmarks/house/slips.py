"""Make seeded slips in a copy of the package, one at a time, and see whether the tests of the slip's own room notice.

    python -m benchmarks.house.slips [--n 100] [--seed 1] [--rooms coverage,engagement] [--budget 30] [--keep DIR]

A slip is what a tired hand does: a sign lost, ``<`` for ``<=``, one off, two arguments or digits swapped, a difference
taken the wrong way round, ``min`` for ``max``, a figure doubled. Every room gets the same number, and within a room
every kind of slip that it has room for. The tree itself is never touched.

A room's own tests are those of ``tests/<room>`` and the examples in the docstrings of the file that slipped. One run of
them writes down which test calls which function (for a compiled kernel: which test calls a function that names it); a
slip is then tried on the tests that call its function, the cheapest first, up to a budget of seconds. A slip that no
test calls, that the budget does not reach, or that only a test marked slow would see, counts as not caught. Slips that
change nothing that anybody could see are declared in ``equivalent_slips.toml`` with the reason, and are printed apart.

With ``--keep`` the map of tests and functions stays in a folder; only the files of tests that changed are run again.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_slips.toml")
BETWEEN_TREES = (
    "src",
    "tests",
    "benchmarks",
    "validation",
    "examples",
    "docs",
    "pyproject.toml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
)
HEAVY = (
    "numba",
    "scipy.stats",
    "scipy.special",
    "scipy.optimize",
    "rasterio",
    "pyproj",
    "shapely",
    "pyarrow",
    "hypothesis",
)

# what counts as a room: where its code stands in the package, and where its own tests stand
ROOMS = {
    "coverage": (("coverage",), ("tests/coverage",)),
    "engagement": (("engagement",), ("tests/engagement",)),
    "sensing": (("sensing",), ("tests/sensing",)),
    "studies": (("studies",), ("tests/studies",)),
    "procurement": (("procurement",), ("tests/procurement",)),
    "scenario": (("scenario",), ("tests/scenario",)),
    "face": (("face",), ("tests/face",)),
    "answer": (
        ("answer.py", "finding.py", "formats"),
        ("tests/test_answer.py", "tests/test_finding.py", "tests/formats"),
    ),
}

NOTHING_TO_RUN = 5  # pytest's exit code

OTHER_COMPARISON = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
OTHER_END = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "nanmin": "nanmax", "nanmax": "nanmin",
    "argmin": "argmax", "argmax": "argmin",
}  # fmt: skip
SWAP_SAYS_NOTHING = {"isinstance", "issubclass", "cast", "getattr", "setattr", "hasattr", "print"}


@dataclass(frozen=True)
class Slip:
    """One edit: bytes ``start`` to ``end`` of a file of the package become ``new``."""

    room: str
    file: str
    line: int
    function: str
    kind: str
    start: int
    end: int
    old: str
    new: str
    verdict: str = ""

    @property
    def place(self) -> str:
        """File, function and change: what the slip is known by."""
        return f"{self.file}: {self.function}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"


class _Sites(ast.NodeVisitor):
    """Collects the slips that a file has room for."""

    def __init__(self, room: str, file: str, source: bytes) -> None:
        self.room, self.file, self.source = room, file, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.inside: list[str] = []
        self.found: list[Slip] = []

    def _span(self, node: Any) -> tuple[int, int]:
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()

    def _add(self, kind: str, node: Any, edits: list[tuple[int, int, str]]) -> None:
        """Keep one slip; what is printed is the whole node before and after."""
        start, end = self._span(node)
        new = self._text(start, end)
        for at, to, text in sorted(edits, reverse=True):
            new = new[: at - start] + text + new[to - start :] if new.isascii() else ""
        if new:
            function = ".".join(self.inside) or "<module>"
            old = self._text(start, end)
            self.found.append(Slip(self.room, self.file, node.lineno, function, kind, start, end, old, new))

    def _gap(self, left: Any, right: Any, sign: str) -> tuple[int, int]:
        at = self.source.index(sign.encode(), self._span(left)[1], self._span(right)[0])
        return at, at + len(sign)

    def _visit_definition(self, node: Any) -> None:
        self.inside.append(node.name)
        for part in (node.args.defaults + node.args.kw_defaults) if hasattr(node, "args") else []:
            if part is not None:
                self.visit(part)
        for part in node.body:
            self.visit(part)
        self.inside.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _visit_definition  # noqa: N815

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Pass over: Python 3.11 does not say where the parts of such a text stand."""

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not (isinstance(node.value, ast.Name) and node.value.id in {"tuple", "list", "dict", "Callable", "Literal"}):
            self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub):
            start, _ = self._span(node)
            self._add("sign", node, [(start, start + 1, "")])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        sign = {ast.Add: "+", ast.Sub: "-", ast.Div: "/"}.get(type(node.op))
        if sign and not any(isinstance(x, (ast.JoinedStr, ast.List, ast.Tuple)) or _is_text(x) for x in _leaves(node)):
            at, to = self._gap(node.left, node.right, sign)
            if sign in "+-":
                self._add("plus and minus", node, [(at, to, "-" if sign == "+" else "+")])
            if sign in "-/":
                (a, b), (c, d) = self._span(node.left), self._span(node.right)
                left = f"({self._text(a, b)})" if isinstance(node.left, ast.BinOp) else self._text(a, b)
                self._add("sides swapped", node, [(a, b, self._text(c, d)), (c, d, left)])
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if type(operator) in OTHER_COMPARISON:
                old, new = OTHER_COMPARISON[type(operator)]
                self._add("comparison", node, [(*self._gap(left, right, old), new)])
            left = right
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        end = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if end in OTHER_END:
            _, to = self._span(node.func)
            self._add("min and max", node, [(to - len(end), to, OTHER_END[end])])
        if end not in SWAP_SAYS_NOTHING and not any(isinstance(a, ast.Starred) for a in node.args):
            for first, second in pairwise(node.args):
                (a, b), (c, d) = self._span(first), self._span(second)
                if self._text(a, b) != self._text(c, d) and not _is_text(first) and not _is_text(second):
                    self._add("arguments swapped", node, [(a, b, self._text(c, d)), (c, d, self._text(a, b))])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        start, end = self._span(node)
        old = self._text(start, end)
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)) or old.startswith("0x"):
            return
        if isinstance(node.value, int) and node.value < 10:
            self._add("one off", node, [(start, end, str(node.value + 1))])
        else:
            self._add("figure", node, [(start, end, _other_figure(old))])


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    else:
        yield node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def _other_figure(text: str) -> str:
    """Return the figure with its first two unlike digits swapped, else doubled; nought becomes one.

    >>> _other_figure("6_371_000.0"), _other_figure("0.5"), _other_figure("0.0")
    ('3_671_000.0', '1.0', '1.0')
    """
    whole = text.partition(".")[0]
    digits = [i for i, c in enumerate(whole) if c.isdigit()]
    for a, b in pairwise(digits):
        if whole[a] != whole[b] and whole[b] != "0":
            return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]
    value = float(text.replace("_", ""))
    return repr(value * 2.0 or 1.0) if "." in text or "e" in text else str(int(value) * 2)


def sites(tree: Path, room: str) -> list[Slip]:
    """Return every slip that the files of a room have room for."""
    package = tree / "src" / "ringtrue"
    found: list[Slip] = []
    for part in ROOMS[room][0]:
        path = package / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            source = file.read_bytes()
            visitor = _Sites(room, file.relative_to(package).as_posix(), source)
            visitor.visit(ast.parse(source))
            found += visitor.found
    return found


def drawn(tree: Path, rooms: list[str], n: int, seed: int) -> list[Slip]:
    """Return ``n`` slips, as many for each room as for the next, and in a room the kinds in turn."""
    chosen: list[Slip] = []
    for i_room, room in enumerate(rooms):
        luck = random.Random(f"{seed} {room}")
        by_kind: dict[str, list[Slip]] = defaultdict(list)
        for slip in sites(tree, room):
            by_kind[slip.kind].append(slip)
        kinds = sorted(by_kind)
        luck.shuffle(kinds)
        for kind in kinds:
            luck.shuffle(by_kind[kind])
        wanted = n // len(rooms) + (i_room < n % len(rooms))
        taken: list[Slip] = []
        while len(taken) < wanted and any(by_kind.values()):
            taken += [by_kind[kind].pop() for kind in kinds if by_kind[kind]][: wanted - len(taken)]
        chosen += taken
    return chosen


# ---------------------------------------------------------------------------------------------------------------------
# which test calls what


class _Touched:
    """Pytest's plugin for the one run: the functions of the package that each test calls, and what it costs."""

    def __init__(self, package: Path) -> None:
        self.package = str(package) + os.sep
        self.codes: set[Any] = set()
        self.tests: dict[str, dict[str, Any]] = {}
        self.failed: set[str] = set()

    def _see(self, frame: Any, event: str, _argument: Any) -> None:
        if event == "call":
            self.codes.add((frame.f_code, id(frame.f_globals)))
            self.globals.setdefault(id(frame.f_globals), frame.f_globals)

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Any:
        self.codes, self.globals = set(), {}
        began_s = time.process_time()
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        try:
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            from _pytest.runner import runtestprotocol

            reports = runtestprotocol(item, nextitem=nextitem)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]
        if any(r.failed for r in reports):
            self.failed.add(item.nodeid)
        self.tests[item.nodeid] = {"cpu_s": time.process_time() - began_s, "calls": sorted(self._functions())}
        return True

    def _functions(self) -> set[str]:
        found: set[str] = set()
        kernels: list[Any] = []
        # numba tells the profiler of a kernel that Python calls, with nothing of its module beside it
        modules = {path: vars(m) for m in [*sys.modules.values()] if (path := getattr(m, "__file__", None))}
        for code, scope in self.codes:
            if code.co_filename.startswith(self.package):
                found.add(_name(code, self.package))
            names = modules.get(code.co_filename, self.globals[scope])
            if code.co_filename.startswith(str(Path(self.package).parents[1])):
                kernels += _kernels_named(code, names)
        seen: set[Any] = set()
        while kernels:
            kernel = kernels.pop()
            if kernel.py_func not in seen:
                seen.add(kernel.py_func)
                found.add(_name(kernel.py_func.__code__, self.package))
                kernels += _kernels_named(kernel.py_func.__code__, kernel.py_func.__globals__)
        return found


def _name(code: Any, package: str) -> str:
    return f"{code.co_filename.removeprefix(package)}: {code.co_qualname.partition('.<locals>')[0]}"


def _kernels_named(code: Any, names: dict[str, Any]) -> list[Any]:
    """Return the compiled kernels that a function names, in its module or through a module that it names."""
    held = [names.get(name) for name in code.co_names]
    held += [getattr(m, name, None) for m in held if type(m) is type(os) for name in code.co_names]
    return [h for h in held if hasattr(h, "py_func")]


def _in_child(function: Any, *given: Any, cpu_s: float, clock_s: float) -> Any:
    """Run a function in a forked process with the heavy libraries and nothing of the package; None: it hung or fell."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s), int(cpu_s) + 5))
        theirs.send(function(*given))
        theirs.close()
        os._exit(0)

    child = context.Process(target=run)
    child.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(clock_s) else None
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()
        ours.close()


def _pytest(tree: Path, arguments: list[str], plugin: Any, output: Path) -> int:
    """Run pytest in this process, on the package and the tests of ``tree``."""
    with output.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(tree)
    os.environ["RINGTRUE_CACHE"] = str(tree / "kept")
    sys.dont_write_bytecode = True
    sys.path[:] = [
        str(tree / "src"),
        str(tree),
        *(p for p in sys.path if not Path(p or ".").resolve().is_relative_to(HERE / "src")),
    ]
    sys.path_importer_cache.clear()
    for name in [n for n in sys.modules if n.partition(".")[0] in {"benchmarks", "ringtrue", "tests"}]:
        del sys.modules[name]
    spec = importlib.util.find_spec("ringtrue")
    if spec is None or not str(spec.origin).startswith(str(tree)):
        msg = f"the package would come from {spec and spec.origin}, not from {tree}"
        raise RuntimeError(msg)
    import pytest

    common = ["-q", "--hypothesis-seed=1", f"--basetemp={tree / 'scratch'}", "-p", "no:xdist", "--no-header"]
    return int(pytest.main([*common, *arguments], plugins=[plugin]))


def _run_for_map(tree: Path, file: str) -> dict[str, Any]:
    plugin = _Touched(tree / "src" / "ringtrue")
    code = _pytest(tree, ["-m", "not slow", file], plugin, tree / "map.txt")
    return {"tests": plugin.tests, "failed": sorted(plugin.failed), "is_sound": code in {0, NOTHING_TO_RUN}}


def calls_of_tests(tree: Path, rooms: list[str], keep: Path) -> dict[str, dict[str, Any]]:
    """Return, for each test of the rooms, the functions of the package that it calls and its CPU time."""
    found: dict[str, dict[str, Any]] = {}
    for place in (place for room in rooms for place in ROOMS[room][1]):
        path = tree / place
        for file in sorted(path.rglob("test_*.py")) if path.is_dir() else [path]:
            name = file.relative_to(tree).as_posix()
            digest = sha256(file.read_bytes()).hexdigest()[:16]
            kept = keep / f"{name.replace('/', '.')}.{digest}.json"
            if not kept.exists():
                told = _in_child(_run_for_map, tree, name, cpu_s=1200, clock_s=3000)
                if told is None or not told["is_sound"]:
                    why = (tree / "map.txt").read_text()[-3000:]
                    msg = f"{name} does not run as it stands: {told and told['failed']}\n{why}"
                    raise SystemExit(msg)
                kept.write_text(json.dumps(told["tests"]))
                print(f"# {name}: {sum(t['cpu_s'] for t in told['tests'].values()):.0f} s of CPU", flush=True)
            tests = json.loads(kept.read_text())
            text = file.read_text()
            if "scope=" in text or "cache" in text:  # what one test computes, the others read
                together = sorted({call for test in tests.values() for call in test["calls"]})
                tests = {name: test | {"calls": together} for name, test in tests.items()}
            found |= tests
    return found


# ---------------------------------------------------------------------------------------------------------------------
# one slip


class _Chosen:
    """Pytest's plugin for a slip: these tests and no others, and the first that fails."""

    def __init__(self, tests: list[str]) -> None:
        self.tests, self.failed = tests, ""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        order = {name: i for i, name in enumerate(self.tests)}
        examples = [i for i in items if "::ringtrue." in i.nodeid or i.nodeid.startswith("src/")]
        items[:] = examples + sorted((i for i in items if i.nodeid in order), key=lambda i: order[i.nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid or 'the package'} (does not load)"


def tests_for(slip: Slip, calls: dict[str, dict[str, Any]], budget_s: float) -> list[str]:
    """Return the tests of the slip's room that call its function: cheap files first, within the budget."""
    ours = {
        name: test
        for name, test in calls.items()
        if name.startswith(ROOMS[slip.room][1])
        and (slip.function[:1] in "<" or slip.function.split(".")[-1][:1].isupper() or _calls(slip, test["calls"]))
    }
    cost: dict[str, float] = defaultdict(float)
    for name, test in ours.items():
        cost[name.partition("::")[0]] += test["cpu_s"]
    chosen, spent_s = [], 0.0
    for name in sorted(ours, key=lambda n: cost[n.partition("::")[0]]):
        if spent_s + ours[name]["cpu_s"] <= budget_s:
            spent_s += ours[name]["cpu_s"]
            chosen.append(name)
    return chosen


def _calls(slip: Slip, calls: list[str]) -> bool:
    return f"{slip.file}: {slip.function}" in calls


def _try(tree: Path, slip: Slip, tests: list[str]) -> str:
    plugin = _Chosen(tests)
    files = sorted({t.partition("::")[0] for t in tests})
    code = _pytest(tree, ["-x", "--doctest-modules", f"src/ringtrue/{slip.file}", *files], plugin, tree / "slip.txt")
    return plugin.failed or ("" if code in {0, NOTHING_TO_RUN} else "the run itself falls")


def tried(base: Path, slip: Slip, calls: dict[str, dict[str, Any]], budget_s: float) -> Slip:
    """Make one slip in a copy of its own and return it with the test that caught it, or with nothing."""
    tests = tests_for(slip, calls, budget_s)
    work = base.with_name("work")
    shutil.copytree(base, work, copy_function=os.link)
    try:
        file = work / "src" / "ringtrue" / slip.file
        source = file.read_bytes()
        file.unlink()
        file.write_bytes(source[: slip.start] + slip.new.encode() + source[slip.end :])
        os.utime(file, (time.time() + 60.0,) * 2)  # never the text that the kept bytecode was made from
        limit_s = 90.0 + 4.0 * budget_s
        told = _in_child(_try, work, slip, tests, cpu_s=limit_s, clock_s=10.0 * limit_s)
        return replace(slip, verdict="it hangs or falls" if told is None else told)
    finally:
        shutil.rmtree(work)


def equivalents() -> dict[str, str]:
    """Return the declared slips that change nothing, with the reason."""
    declared = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["slip"] if EQUIVALENT.exists() else []
    return {f"{s['file']}: {s['function']}: {s['old']} -> {s['new']}": s["reason"] for s in declared}


def main() -> None:
    """Print what became of each slip, and the count of each room."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=100, help="how many slips")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default=",".join(ROOMS), help="names with commas")
    parser.add_argument("--budget", type=float, default=30.0, help="seconds of tests for one slip")
    parser.add_argument("--keep", type=Path, help="a folder for the map of tests and functions")
    parser.add_argument("--again", type=Path, help="try only the slips that this earlier print calls not caught")
    asked = parser.parse_args()
    rooms = asked.rooms.split(",")
    slips = drawn(HERE, rooms, asked.n, asked.seed)
    if asked.again:
        missed = {line.split("  ", 2)[2] for line in asked.again.read_text().splitlines() if line.startswith("NOT")}
        slips = [s for s in slips if s.place in missed]
    harmless = equivalents()
    for name in HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="slips-") as folder:
        base = Path(folder) / "base"
        for name in BETWEEN_TREES:
            if (HERE / name).is_dir():
                shutil.copytree(HERE / name, base / name, ignore=shutil.ignore_patterns("node_modules", "_build"))
            else:
                shutil.copy2(HERE / name, base / name)
        (base / "kept").mkdir()
        keep = asked.keep or Path(folder) / "map"
        keep.mkdir(parents=True, exist_ok=True)
        if (keep / "kept").is_dir():
            shutil.copytree(keep / "kept", base / "kept", dirs_exist_ok=True)
        calls = calls_of_tests(base, rooms, keep)
        shutil.copytree(base / "kept", keep / "kept", dirs_exist_ok=True)
        done: list[Slip] = []
        for slip in slips:
            done.append(tried(base, slip, calls, asked.budget))
            print(_line(done[-1], harmless), flush=True)
    _print_counts(done, rooms, harmless)


def _line(slip: Slip, harmless: dict[str, str]) -> str:
    if slip.verdict:
        return f"caught  {slip.line}  {slip.place}  [{slip.kind}]  by {slip.verdict}"
    if slip.place in harmless:
        return f"same  {slip.line}  {slip.place}  [{slip.kind}]  {harmless[slip.place]}"
    return f"NOT  {slip.line}  {slip.place}"


def _print_counts(done: list[Slip], rooms: list[str], harmless: dict[str, str]) -> None:
    print(f"\n{'room':<14}{'slips':>7}{'caught':>8}{'by examples':>13}{'change nothing':>16}{'not caught':>12}")
    rows = [[s for s in done if s.room == room] for room in rooms] + [done]
    for name, slips in zip([*rooms, "all"], rows, strict=True):
        caught = sum(bool(s.verdict) for s in slips)
        examples = sum(s.verdict.startswith("src/") for s in slips)
        same = sum(not s.verdict and s.place in harmless for s in slips)
        print(f"{name:<14}{len(slips):>7}{caught:>8}{examples:>13}{same:>16}{len(slips) - caught - same:>12}")


if __name__ == "__main__":
    main()
