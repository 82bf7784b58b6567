"""The command on machines that are not like ours: locales, closed pipes, full disks, little memory, interrupts."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ringtrue
from ringtrue.cli import run
from ringtrue.options import ADDRESSES_GB

COMMAND = [sys.executable, "-m", "ringtrue"]
SMALL = ["audit", "s-400", "--draws", "5", "--target", "f-16", "--height", "50m", "--dem", "none"]
STREAMS = {"PYTHONUTF8", "PYTHONIOENCODING", "PYTHONCOERCECLOCALE", "LC_ALL", "LC_CTYPE", "LANG"}
PLAIN = {key: value for key, value in os.environ.items() if key not in STREAMS}
LOCALES = [
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]


def told(arguments, **options):
    kept = {"capture_output": True, "check": False, "env": PLAIN, **options}
    return subprocess.run([*COMMAND, *arguments], **kept)


@pytest.mark.parametrize("locale", LOCALES)
def test_text_is_utf8_whatever_the_locale(locale):
    done = told(["catalogue", "show", "s-400"], env={**PLAIN, **locale})
    assert done.returncode == 0, done.stderr
    assert done.stdout == told(["catalogue", "show", "s-400"], env={**PLAIN, "LC_ALL": "C.UTF-8"}).stdout
    assert not done.stdout.decode("utf-8").isascii()


def test_json_is_the_same_bytes_whatever_the_locale(tmp_path):
    asked = [*SMALL, "--at", "41.1,29.0", "--json"]
    first, *others = (told(asked, env={**PLAIN, **locale}) for locale in ({}, LOCALES[1], LOCALES[5]))
    assert json.loads(first.stdout)["rows"]
    assert not first.stdout.decode("utf-8").isascii()
    assert all(other.stdout == first.stdout for other in others)


@pytest.mark.parametrize("locale", [{"LC_ALL": "C.UTF-8"}, LOCALES[4], LOCALES[5]])
def test_names_of_other_scripts_reach_files_and_errors(locale, tmp_path):
    done = told(["audit", "s-400", "--catalogue", "Türkiye-Ελλάδα"], env={**PLAIN, **locale}, cwd=tmp_path)
    assert done.returncode == 2
    assert "Türkiye-Ελλάδα" in done.stderr.decode("utf-8")


def test_an_unreadable_byte_in_an_argument_is_one_sentence(tmp_path):
    for arguments in (["audit", b"s-\xff"], ["audit", "s-400", "--dem", b"\xff.tif"], ["engage", b"\xe9.toml"]):
        done = told(arguments, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert done.stderr.count(b"\n") == 1


def without_reader(arguments):
    child = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN)
    child.stdout.close()
    return child.stderr.read(), child.wait()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["audit", "--help"], ["version"], ["catalogue", "list"], ["catalogue", "schema"]]
)
def test_a_closed_pipe_ends_quietly(arguments):
    assert without_reader(arguments) == (b"", 0)


def test_a_closed_pipe_does_not_keep_the_report_from_being_written(tmp_path):
    assert without_reader([*SMALL, "--json", "--out", tmp_path / "here"]) == (b"", 0)
    assert (tmp_path / "here" / "report.html").exists()


def test_a_closed_pipe_does_not_hide_a_case_that_failed(tmp_path):
    (tmp_path / "case.toml").write_text(
        '[[case]]\nid = "x"\ntitle = "x"\nkind = "closed form"\n'
        'source = { title = "x", address = "" }\nfunction = "ringtrue.radar.equation.snr_ratio"\n'
        "args = { slant_range_m = 1.0, rcs_m2 = 1.0, reference_range_m = 1.0, reference_rcs_m2 = 1.0, "
        'reference_snr_ratio = 1.0 }\nexpect = 2.0\nunit = "1"\nrtol = 0.1\n'
    )
    with_reader = told(["verify", tmp_path / "case.toml"])
    assert without_reader(["verify", tmp_path / "case.toml"]) == (with_reader.stderr, with_reader.returncode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["catalogue", "schema"]])
def test_a_full_disk_under_stdout_is_one_sentence(arguments):
    with Path("/dev/full").open("w") as full:
        done = told(arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_stderr_changes_nothing():
    with Path("/dev/full").open("w") as full:
        done = told([*SMALL, "--json"], capture_output=False, stdout=subprocess.PIPE, stderr=full)
        assert done.returncode == 0
        assert json.loads(done.stdout)["rows"]
        assert told(["audit", "s-401"], capture_output=False, stdout=subprocess.PIPE, stderr=full).returncode == 2


@pytest.mark.parametrize("closed", [[1], [2], [0, 1, 2]])
def test_closed_streams_change_no_exit_code(closed, tmp_path):
    def close():
        for descriptor in closed:
            os.close(descriptor)

    for arguments, code in ((["version"], 0), (["audit", "s-401"], 2), (["catalogue", "check"], 0)):
        kept = {"capture_output": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        assert told(arguments, preexec_fn=close, cwd=tmp_path, **kept).returncode == code
    assert list(tmp_path.iterdir()) == []


def limited(limit_gb):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (int(limit_gb * 1e9), resource.RLIM_INFINITY))


@pytest.mark.parametrize("limit_gb", [0.5, 1.0, 2.0])
def test_too_little_address_space_is_told_with_what_is_wanted(limit_gb):
    done = told(["audit", "s-400", "--json"], preexec_fn=limited(limit_gb))
    assert done.returncode == 2
    said = done.stderr.decode()
    assert said.startswith("ringtrue: audit wants ")
    assert f"the limit is {limit_gb:.1f} GB; raise it with ulimit -v" in said
    assert said.count("\n") == 1
    assert done.stdout == b""


def test_with_the_address_space_it_asks_for_an_audit_runs():
    said = told(["audit", "s-400"], preexec_fn=limited(1.0)).stderr.decode()
    limit_kb = int(said.partition("ulimit -v ")[2].partition(",")[0])
    done = told([*SMALL, "--json"], preexec_fn=limited(limit_kb * 1024 / 1e9))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]


def test_little_address_space_is_enough_for_help_and_figures():
    for arguments in (["--help"], ["audit", "--help"], ["catalogue", "show", "s-400"]):
        assert told(arguments, preexec_fn=limited(0.5)).returncode == 0


def test_memory_that_runs_out_is_one_sentence(capsys, monkeypatch):
    from ringtrue.coverage import audit

    for error, words in ((MemoryError(), "memory is used up"), (RuntimeError("can't start new thread"), "no further")):

        def refuse(*_arguments, error=error):
            raise error

        monkeypatch.setattr(audit, "audit", refuse)
        assert run([*SMALL, "--json"]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1


def test_every_command_with_a_folder_is_in_the_table_of_memory():
    assert set(ADDRESSES_GB) == {
        "audit", "compare", "engage", "network", "exposure", "relocation", "claims", "verify", "sensitivity", "worth",
    }  # fmt: skip


AT_IMPORT = """
import sys
import ringtrue.__main__ as start
import os, signal

class Interrupting:
    left = int(sys.argv.pop(1))
    def find_spec(self, name, path=None, target=None):
        Interrupting.left -= 1
        if Interrupting.left == 0:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
start.main()
"""


@pytest.mark.parametrize("n", [1, 20, 100, 300, 500, 700])
def test_an_interrupt_at_any_import_ends_the_command_without_a_word_of_python(n, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", AT_IMPORT, str(n), *SMALL, "--out", tmp_path / "out"],
        capture_output=True, check=False, env=PLAIN, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert done.stderr.splitlines()[-1] == b"ringtrue: interrupted; nothing half-written is left behind"
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""
    assert list(tmp_path.iterdir()) == []


def listening():
    """A test run in the background of a shell ignores interrupts, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("after_s", [0.0, 0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.2, 1.6, 2.0])
def test_an_interrupt_in_the_first_two_seconds_leaves_nothing(after_s, tmp_path):
    """Exit code 130; or, until Python gets to the first line of ours, what Python itself does with an interrupt.

    It dies of SIGINT, which a shell tells as 130, or, while it looks for its packages, gives up with exit code 1.
    docs/howto/files-and-folders.md says how often, over 200 interrupts.
    """
    asked = ["audit", "s-400", "--draws", "5000", "--target", "f-16", "--height", "50m", "--out", "out"]
    child = subprocess.Popen(
        [*COMMAND, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=listening, cwd=tmp_path,
        env={**PLAIN, "RINGTRUE_CACHE": str(tmp_path / "store")},
    )  # fmt: skip
    time.sleep(after_s)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=120)
    assert [path.name for path in tmp_path.rglob("*") if path.name.endswith(".part")] == []
    if child.returncode == 0:  # it was quicker
        assert (tmp_path / "out" / "report.html").exists()
        return
    assert not (tmp_path / "out").exists()
    if child.returncode == 130:
        assert said.splitlines()[-1] == b"ringtrue: interrupted; nothing half-written is left behind"
        assert b"Traceback" not in said
    else:
        assert child.returncode == -signal.SIGINT or (child.returncode == 1 and b"init_import_site" in said)
        frames = [line for line in said.splitlines() if b"ringtrue" in line]
        assert all(b"__main__.py" in line or b"__init__.py" in line for line in frames), said


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, resource.RLIM_INFINITY))


@pytest.mark.parametrize(
    "arguments",
    [
        [*SMALL, "--out", "new/out"],
        ["engage", "minimal", "--draws", "5", "--replications", "2", "--dem", "none", "--out", "new/out"],
        ["verify", "--html", "new/v.html"],
        ["terrain", "add", "N57E011.hgt.gz"],
    ],
)
def test_a_file_that_finds_no_room_leaves_nothing(arguments, tmp_path):
    """A limit on the size of files stops a writer where a full disk would."""
    shutil.copy(Path(__file__).parents[1] / "data" / "N57E011.hgt.gz", tmp_path)
    if arguments[0] == "verify":
        big = Path(ringtrue.__file__).parent / "studies" / "cases" / "geodesy.toml"
        arguments = ["verify", str(big), *arguments[1:]]
    done = told(arguments, preexec_fn=small_files, cwd=tmp_path, env={**PLAIN, "RINGTRUE_DATA": str(tmp_path / "data")})
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(b"ringtrue: ")
    assert b"File too large" in last
    assert done.stderr.count(b"File too large") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["N57E011.hgt.gz"]


def test_the_report_of_an_audit_is_written_whole_or_not_at_all(capsys, tmp_path, monkeypatch):
    import errno

    real, left = os.fsync, [0]

    def fsync(descriptor):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "cache"))
    for n in (0, 1, 4):
        left[0] = n
        assert run([*SMALL, "--out", str(tmp_path / "new" / "out")]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "cannot be written (No space left on device)" in printed.err.splitlines()[-1]
        assert [p.name for p in tmp_path.iterdir() if p.name != "cache"] == []
    left[0] = 1000
    assert run([*SMALL, "--out", str(tmp_path / "new" / "out")]) == 0
    assert {"report.html", "map-s-400.png", "map-s-400.svg", "rasters"} <= {
        p.name for p in (tmp_path / "new" / "out").iterdir()
    }


def test_no_library_speaks_on_the_screen():
    speaking = (
        "import ringtrue.__main__ as start, ringtrue.cli as cli\n"
        "def speak(arguments=None):\n"
        "    import numpy, warnings\n"
        "    numpy.log(numpy.array([-1.0]))\n"
        "    warnings.warn('a word to programmers')\n"
        "    return 0\n"
        "cli.run = speak\n"
        "start.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", speaking], capture_output=True, check=False, env=PLAIN)
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"", 0)


def test_a_loop_compiled_ahead_ends_with_the_process_that_asked():
    waiting = "import ringtrue.studies.warm as w, time; w.QUESTIONS['x'] = lambda: time.sleep(600); w.ask('x')"
    child = subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE)
    child.stdin.close()
    assert child.wait(timeout=60) == 1


def test_a_loop_that_cannot_be_compiled_is_one_sentence(monkeypatch):
    from ringtrue.errors import InputError
    from ringtrue.studies import warm

    monkeypatch.setattr(warm, "QUESTIONS", {"nonsense": print})
    with pytest.raises(InputError, match=r"warm: the loops of nonsense could not be compiled \(KeyError: 'nonsense'\)"):
        warm.warm(lambda *_: None)
