"""Make the pictures of docs/gallery.md by running what stands above them; Sphinx does so before it reads the pages.

The page is followed in an empty folder in which ``examples`` is that of the clone; the pictures that the page shows are
copied to docs/gallery, which is not kept. ``python docs/build_gallery.py`` does it by hand.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent
PAGE = FOLDER / "gallery.md"
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]+\]\(gallery/(.+?)\)")


def follow(page, more=()):
    """Run the blocks of a page in the current folder; ``more`` goes to the end of each command."""
    from ringtrue.cli import run

    namespace = {}
    for kind, block in BLOCK.findall(page):
        if kind == "python":
            exec(compile(block, "gallery.md", "exec"), namespace)
            continue
        for line in block.splitlines():
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                code = run([*shlex.split(line.removeprefix("$ "))[1:], *more])
            if code != 0:
                msg = f"gallery.md: {line}: {out.getvalue()}"
                raise RuntimeError(msg)


def build(target=FOLDER / "gallery"):
    """Make every picture that the page shows and return where they are."""
    page = PAGE.read_text(encoding="utf-8")
    here = Path.cwd()
    with TemporaryDirectory() as made:
        Path(made, "examples").symlink_to(FOLDER.parent / "examples")
        os.chdir(made)
        try:
            follow(page)
        finally:
            os.chdir(here)
        paths = []
        for name in PICTURE.findall(page):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(made, name), path)
            paths.append(path)
    return paths


if __name__ == "__main__":
    for path in build():
        print(path)
