"""Write the pages that are made from the program's own declarations: python docs/build_reference.py."""

from pathlib import Path

from ringtrue.catalogue.reference import catalogue_reference
from ringtrue.scenario.describe import reference_page
from ringtrue.studies.file_schemas import claims_reference

ROOT = Path(__file__).parent
PAGES = {
    "reference/catalogue-keys.md": catalogue_reference,
    "reference/claims-measures.md": claims_reference,
    "methods/scenario-files.md": reference_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")
