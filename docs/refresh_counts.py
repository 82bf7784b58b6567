"""Write the counts of the verification into docs/validation.md and README.md: ``python docs/refresh_counts.py``."""

from collections import Counter
from pathlib import Path

from ringtrue.studies.case_files import load_cases, shipped_files

ROOT = Path(__file__).parent.parent
COLUMNS = ("PUB", "PUB+CF", "PUB+PKG", "CF", "PKG", "RECALLED")


def table_lines():
    """Return the table: one line per file, one column per kind of source."""
    cases = load_cases(shipped_files())
    lines = [
        "| file | cases | printed elsewhere | closed form | package | recalled | simulated |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for file in [*dict.fromkeys(c.file for c in cases), "all"]:
        some = [c for c in cases if file in (c.file, "all")]
        kinds = Counter(c.kind for c in some)
        printed = sum(c.is_printed_elsewhere for c in some)
        simulated = sum(c.simulation is not None for c in some)
        name = f"`{file}`" if file != "all" else "**all**"
        numbers = (len(some), printed, kinds["CF"], kinds["PKG"], kinds["RECALLED"], simulated)
        lines.append(f"| {name} | " + " | ".join(str(n) for n in numbers) + " |")
    return lines


def sentence():
    """Return the one line that the README quotes."""
    cases = load_cases(shipped_files())
    printed = sum(c.is_printed_elsewhere for c in cases)
    simulated = sum(c.simulation is not None for c in cases)
    return (
        f"`ringtrue verify` recomputes **{len(cases) - simulated}** numbers by formula, {printed} of them printed in "
        "somebody else's public document, the others from a closed form or an independent package; "
        f"and **{simulated}** of them a second time through the raid simulation."
    )


def refreshed(text, lines):
    """Return the text with the lines between the two count markers."""
    begin, _, rest = text.partition("<!-- counts: begin")
    head, _, rest = rest.partition("-->\n")
    _, end, tail = rest.partition("<!-- counts: end -->")
    return f"{begin}<!-- counts: begin{head}-->\n" + "\n".join(lines) + f"\n{end}{tail}"


PAGES = {"docs/validation.md": table_lines, "README.md": lambda: [sentence()]}

if __name__ == "__main__":
    for name, lines in PAGES.items():
        path = ROOT / name
        path.write_text(refreshed(path.read_text(encoding="utf-8"), lines()), encoding="utf-8")
