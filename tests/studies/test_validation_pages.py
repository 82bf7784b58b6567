"""The counts printed in README and docs/validation.md are those of the shipped case files."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from ringtrue.studies.verify import run_cases

ROOT = Path(__file__).parents[2]
REFRESH = runpy.run_path(str(ROOT / "docs/refresh_counts.py"))


@pytest.mark.parametrize("name", ["README.md", "docs/validation.md"])
def test_the_counts_are_up_to_date(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert REFRESH["refreshed"](text, REFRESH["PAGES"][name]()) == text, "run: python docs/refresh_counts.py"


def test_the_examples_of_the_page_run(tmp_path: Path) -> None:
    page = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    path = tmp_path / "my-cases.toml"
    path.write_text("\n".join(examples), encoding="utf-8")
    results = run_cases([path])
    assert len(results) == len(examples) == 2
    assert all(result.agrees for result in results)


PICTURES = runpy.run_path(str(ROOT / "docs/build_gallery.py"))["PICTURE"]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("name", [name for name in PAGES if "_build" not in name])
def test_every_link_between_pages_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    made = {f"gallery/{name}" for name in PICTURES.findall(page.read_text(encoding="utf-8"))}  # when Sphinx builds
    lost = [link for link in links if "://" not in link and link not in made and not (page.parent / link).exists()]
    assert lost == []
