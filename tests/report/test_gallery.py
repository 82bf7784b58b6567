"""The gallery of the documentation: what stands above each picture makes it."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]


def _module():
    spec = spec_from_file_location("build_gallery", ROOT / "docs" / "build_gallery.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = _module()
PAGE = GALLERY.PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_picture_is_made_by_what_stands_above_it(tmp_path, monkeypatch):
    fewer = re.sub(r"draws=\d+", "draws=5", re.sub(r"--draws \d+", "--draws 5", PAGE))
    monkeypatch.setattr(GALLERY, "PAGE", tmp_path / "gallery.md")
    GALLERY.PAGE.write_text(fewer, encoding="utf-8")
    here = Path.cwd()
    paths = GALLERY.build(tmp_path / "made")
    assert Path.cwd() == here
    assert len(paths) == len(set(paths)) == PAGE.count("![") >= 6
    for path in paths:
        if path.suffix == ".png":
            with Image.open(path) as picture:
                assert min(picture.size) > 300
                assert len(picture.convert("RGB").getcolors(2**24)) > 20
        else:
            text = path.read_text(encoding="utf-8")
            assert text.startswith(("<svg", "<?xml"))
            assert text.count("<text") + text.count("<path") > 10


def test_pictures_follow_blocks_and_are_not_kept():
    sections = PAGE.split("\n## ")[1:]
    for section in sections:
        assert section.index("```") < section.index("![")
        assert section.count("![") == 1
    assert "docs/gallery/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_block_that_fails_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError, match="system 'no-such' is not"):
        GALLERY.follow("```console\n$ ringtrue audit no-such --dem none\n```\n")
    assert list(tmp_path.iterdir()) == []
