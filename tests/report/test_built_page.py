"""The built front end in the package belongs to the sources beside it."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "ringtrue" / "report" / "static"
MANIFEST = json.loads((STATIC / "sources.json").read_text(encoding="utf-8"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", sorted(MANIFEST["outputs"]))
def test_built_files_are_those_that_were_built(name):
    assert digest(STATIC / name) == MANIFEST["outputs"][name], f"{name} was edited by hand; run 'npm run build' in web/"


def test_sources_have_not_changed_since():
    now = {path: digest(ROOT / "web" / path) for path in MANIFEST["inputs"]}
    changed = [path for path, value in now.items() if value != MANIFEST["inputs"][path]]
    assert not changed, f"{changed} changed after the build; run 'npm ci && npm run build' in web/"
    sources = {f"src/{path.name}" for path in (ROOT / "web" / "src").iterdir()}
    assert sources == {path for path in MANIFEST["inputs"] if path.startswith("src/")}


def test_versions_are_exact_and_the_lock_names_no_registry():
    package = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert tuple(map(int, package["dependencies"]["maplibre-gl"].split("."))) >= (6, 17, 0)
