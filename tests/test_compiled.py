"""Compiled code that is kept must be of today's text: of the kernel's own module and of all that it takes from."""

import ast
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ringtrue
from ringtrue.compiled import KernelCache, modules_behind

SOURCE = Path(ringtrue.__file__).parent

# 50 km, then 250 m/s for a reaction of 10 s and the flight of a missile quoted as 1,000 m/s over 100 km
LEAD_AT_50_KM = """
import numpy as np
from ringtrue.coverage._kernels import lead_tables
lead, inverse = np.zeros((1, 101)), np.zeros((1, 101))
slant_m = np.arange(101) * 1e3
case = np.array([1e5, 250.0, 10.0, -1.0, np.pi])
shots = np.array([[0.0, 1e5, 1e3, 1e5]])
lead_tables(slant_m, 1e3, case, shots, 1.0, lead, inverse)
print(round(lead[0, 50]))
print(sum(lead_tables.stats.cache_hits.values()))
"""

FIRST_WORD_OF_LUCK = """
import numpy as np
from ringtrue.engagement._kernels import philox
print(philox(*[np.uint64(0)] * 6)[0])
print(sum(philox.stats.cache_hits.values()))
"""

CALLED_KERNEL = """
from ringtrue.made_outer import outer
print(outer(2.0))
print(sum(outer.stats.cache_hits.values()))
"""


TABLE_AND_DEFAULT = """
from ringtrue.made_table import by_table, {kernel}
print({kernel}({argument}))
print(sum({kernel}.stats.cache_hits.values()))
"""


@pytest.fixture
def package(tmp_path):
    """A copy of the package's text alone, with three more modules: a kernel, one that it calls, and its constant."""
    copy = tmp_path / "ringtrue"
    shutil.copytree(SOURCE, copy, ignore=lambda folder, names: [n for n in names if not _is_text(Path(folder, n))])
    (copy / "made_scale.py").write_text("SCALE = 3.0\n")
    (copy / "made_inner.py").write_text(
        "from ringtrue import made_scale\nfrom ringtrue.compiled import njit\nDOUBLE = 2.0 * made_scale.SCALE\n\n\n"
        "@njit()\ndef inner(x):\n    return x * DOUBLE\n"
    )
    (copy / "made_outer.py").write_text(
        "from ringtrue.compiled import njit\nfrom ringtrue.made_inner import inner\n\n\n"
        "@njit()\ndef outer(x):\n    return 1.0 + inner(x)\n"
    )
    (copy / "made.txt").write_text("3.0 4.0")
    (copy / "made_table.py").write_text(
        "from pathlib import Path\nimport numpy as np\nfrom ringtrue.compiled import njit\n"
        "TABLE = np.loadtxt(Path(__file__).with_name('made.txt'))\n\n\n"
        "@njit()\ndef by_table(i):\n    return 1.0 + TABLE[i]\n\n\n"
        "@njit()\ndef by_default(i, scale=float(TABLE[0])):\n    return i * scale\n\n\n"
        "@njit()\ndef by_callee(i):\n    return 2.0 * by_table(i)\n"
    )
    return copy


def _is_text(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")


def _run(package: Path, code: str, **environment: str) -> tuple[str, int]:
    """What the code prints in a process of its own, and how many kernels it found compiled."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=package.parent,
        env={**kept, "PYTHONPATH": str(package.parent), **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed, n_hits = done.stdout.split("\n")[:2]
    return printed, int(n_hits)


@pytest.mark.parametrize(
    ("code", "module", "old", "new", "before", "after"),
    [
        (
            LEAD_AT_50_KM, "kinematics/flight.py", "MEAN_SPEED_DOUBT = 0.25", "MEAN_SPEED_DOUBT = 0.60",
            "69167", "83750",
        ),
        (
            FIRST_WORD_OF_LUCK, "engagement/spec.py", '"ready stock"', '"stock ready"',
            "1713891541", "1713891541",
        ),
        (CALLED_KERNEL, "made_inner.py", "2.0 * made_scale.SCALE", "4.0 * made_scale.SCALE", "13.0", "25.0"),
        (CALLED_KERNEL, "made_scale.py", "SCALE = 3.0", "SCALE = 5.0", "13.0", "21.0"),
    ],
)  # fmt: skip
def test_a_constant_changed_in_another_module_reaches_the_kernel(
    package: Path, code: str, module: str, old: str, new: str, before: str, after: str
) -> None:
    assert _run(package, code) == (before, 0)
    assert _run(package, code) == (before, 1)
    text = (package / module).read_text()
    assert old in text
    (package / module).write_text(text.replace(old, new))
    assert _run(package, code) == (after, 0)
    assert _run(package, code) == (after, 1)


@pytest.mark.parametrize(
    ("kernel", "argument", "before", "after"),
    [("by_table", "0", "4.0", "9.0"), ("by_default", "2.0", "6.0", "16.0"), ("by_callee", "0", "8.0", "18.0")],
)
def test_a_number_changed_in_a_file_of_data_reaches_the_kernel(
    package: Path, kernel: str, argument: str, before: str, after: str
) -> None:
    """No module's text changes: a table of a data file, a default argument taken from it, a kernel that calls one."""
    code = TABLE_AND_DEFAULT.format(kernel=kernel, argument=argument)
    assert _run(package, code) == (before, 0)
    assert _run(package, code) == (before, 1)
    (package / "made.txt").write_text("8.0 4.0")
    assert _run(package, code) == (after, 0)
    assert _run(package, code) == (after, 1)


def test_an_unrelated_change_compiles_nothing_again(package: Path) -> None:
    assert _run(package, CALLED_KERNEL) == ("13.0", 0)
    other = package / "kinematics" / "flight.py"
    other.write_text(other.read_text() + "\n# a remark\n")
    assert _run(package, CALLED_KERNEL) == ("13.0", 1)


def test_a_package_that_cannot_be_written_to_keeps_its_code_in_the_users_cache(package: Path, tmp_path: Path) -> None:
    """A file stands where the folder for compiled code would be: nobody can write there, not even root."""
    (package / "__pycache__").write_text("")
    for part in package.glob("*/"):
        (part / "__pycache__").write_text("") if part.is_dir() else None
    home = tmp_path / "home"
    home.mkdir()
    surroundings = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert _run(package, CALLED_KERNEL, **surroundings) == ("13.0", 0)
    assert _run(package, CALLED_KERNEL, **surroundings) == ("13.0", 1)
    (package / "made_scale.py").write_text("SCALE = 5.0\n")
    assert _run(package, CALLED_KERNEL, **surroundings) == ("21.0", 0)


def test_with_no_folder_to_write_to_it_compiles_each_time(package: Path, tmp_path: Path) -> None:
    (package / "__pycache__").write_text("")
    (tmp_path / "file").write_text("")
    nowhere = str(tmp_path / "file" / "below")
    surroundings = {"HOME": nowhere, "XDG_CACHE_HOME": nowhere, "PYTHONDONTWRITEBYTECODE": "1"}
    for _ in range(2):
        assert _run(package, CALLED_KERNEL, **surroundings) == ("13.0", 0)


def _kernel_modules() -> list[str]:
    named = [path for path in SOURCE.rglob("*.py") if "import njit" in path.read_text() and path.stem != "compiled"]
    return sorted(".".join(("ringtrue", *path.relative_to(SOURCE).with_suffix("").parts)) for path in named)


def test_every_kernel_is_ours() -> None:
    assert len(_kernel_modules()) >= 4
    for path in SOURCE.rglob("*.py"):
        if path.name != "compiled.py":
            text = path.read_text()
            assert not any(way in text for way in ("from numba import", "import numba", "numba.njit")), path


@pytest.mark.parametrize("module_name", _kernel_modules())
def test_every_module_whose_globals_a_kernel_uses_is_in_its_key(module_name: str) -> None:
    module = importlib.import_module(module_name)
    origin = _where_names_come_from(module)
    kernels = [held for held in vars(module).values() if hasattr(held, "py_func")]
    assert kernels
    for kernel in kernels:
        assert isinstance(kernel._cache, KernelCache), kernel
        assert kernel._cache._cache_file._source_stamp
        used = {name for code in _codes(kernel.py_func.__code__) for name in code.co_names}
        wanted = {origin[name] for name in used & set(origin)}
        wanted |= {vars(module)[name].py_func.__module__ for name in used if hasattr(vars(module).get(name), "py_func")}
        assert {name for name in wanted if name.startswith("ringtrue")} <= set(modules_behind(module_name)), kernel


def _codes(code):
    yield code
    for held in code.co_consts:
        if hasattr(held, "co_names"):
            yield from _codes(held)


def _where_names_come_from(module) -> dict[str, str]:
    """Name in the module's globals to the module that an import statement, wherever it stands, takes it from."""
    origin = {}
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            source = importlib.util.resolve_name(base, module.__package__)
            for alias in node.names:
                held = vars(module).get(alias.asname or alias.name)
                origin[alias.asname or alias.name] = getattr(held, "__name__", source) if _is_module(held) else source
        elif isinstance(node, ast.Import):
            for alias in node.names:
                origin[alias.asname or alias.name.split(".")[0]] = alias.name
    return origin


def _is_module(held) -> bool:
    return type(held) is type(ast)


def test_what_stands_behind_a_kernel_is_no_more_than_it_needs() -> None:
    importlib.import_module("ringtrue.coverage._kernels")
    behind = modules_behind("ringtrue.coverage._kernels")
    assert "ringtrue.kinematics.flight" in behind
    assert len(behind) < 10


def test_two_threads_may_be_the_first_to_ask_for_a_kernel():
    """One compiles, the other waits; both get the kernel, and it still refuses other types."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    import numba

    from ringtrue.compiled import only_for

    @numba.njit
    def next_one(value):
        return value + 1.0

    start = Barrier(2)

    def ask(_):
        start.wait()
        return only_for(next_one, (np.float64, 0))

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(ask, range(2)))
    assert [kernel(2.0) for kernel in found] == [3.0, 3.0]
    with pytest.raises(TypeError):
        next_one(np.ones(2))
