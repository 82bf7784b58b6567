"""The command ``ringtrue``: ready for an interrupt before anything else is loaded, and sure of what its streams are.

An interrupt ends the process from the signal handler: a KeyboardInterrupt would come out as a traceback from an import,
be swallowed by a library, or wait for the threads of the pool.
"""

from __future__ import annotations

import os
import sys

EXIT_INTERRUPTED = 130


def _interrupted(number: int, _frame: object) -> None:
    leave = getattr(sys.modules.get("ringtrue.whole"), "when_whole", None)
    if leave is None:
        _leave(number)
    else:
        leave(lambda: _leave(number))


def _leave(number: int) -> None:
    """End the process at once; nothing half-written stays."""
    signal.signal(number, signal.SIG_IGN)
    discard = getattr(sys.modules.get("ringtrue.whole"), "discard_unfinished", None)
    if discard is not None:
        discard()
    bar_gone = b"\r\x1b[K\x1b[?25h" if "rich" in sys.modules and os.isatty(2) else b""
    try:
        os.write(2, bar_gone + b"ringtrue: interrupted; nothing half-written is left behind\n")
    finally:
        os._exit(128 + number)


try:
    import signal

    for asked in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(asked) != signal.SIG_IGN:  # a shell has its background jobs ignore an interrupt
            signal.signal(asked, _interrupted)
except KeyboardInterrupt:
    os._exit(EXIT_INTERRUPTED)


def main() -> None:
    """Run the command line on the arguments of this process and end it with the right exit code."""
    _in_utf8()
    _quietly()
    import gc

    from ringtrue.cli import run

    # compiling makes millions of small objects, and looking for dead ones among them took a tenth of its time
    gc.set_threshold(200_000, 20, 50)
    sys.exit(run())


def _in_utf8() -> None:
    """Make arguments, file names and streams UTF-8 whatever the locale says, with the same bytes on every system.

    Arguments and file names were decoded before this line is reached, so in a locale of another encoding the process
    starts once more. A stream that was closed gets the null device: a file opened later would take its number.
    """
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode and sys.executable:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        else:
            errors = "replace" if name == "stdout" else "backslashreplace"
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")


def _quietly() -> None:
    """Keep what libraries say to programmers off the screen, unless RINGTRUE_DEBUG or ``python -W`` asks for it."""
    if os.environ.get("RINGTRUE_DEBUG") or sys.warnoptions:
        return
    import warnings

    warnings.simplefilter("ignore")
    sys.unraisablehook = _ignore


def _ignore(_trouble: object) -> None:
    """Pass over an error where Python has nobody to tell, as in what GDAL says about a file in another encoding."""


if __name__ == "__main__":
    main()
