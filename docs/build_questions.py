"""Write docs/tutorial/which-command.md from docs/questions.toml, with the numbers of the commands that it names.

``python docs/build_questions.py`` runs every command as it stands; that takes two minutes of processor time.
"""

import io
import json
import shlex
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from ringtrue.cli import run

FOLDER = Path(__file__).parent
PAGE = FOLDER / "tutorial" / "which-command.md"
VERDICTS = ("answered", "partly", "cannot yet")
QUESTIONS = tomllib.loads((FOLDER / "questions.toml").read_text(encoding="utf-8"))["question"]


def asked(command, *more):
    """Run a command and return its JSON."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run([*shlex.split(command), *more, "--json"])
    assert code == 0, command
    return json.loads(out.getvalue())


def picked(question, *more):
    """Return low, median and high of each pick of a question, in the unit of its answer."""
    if not question.get("pick"):
        return []
    answer = asked(question["commands"][0], *more)
    found = []
    for pick in question["pick"]:
        rows = [row for row in answer[pick["table"]] if all(row[key] == value for key, value in pick["where"].items())]
        assert len(rows) == 1, (question["n"], pick)
        per = pick.get("per", 1.0)
        low, median, high = (rows[0][pick["measure"]][end] / per for end in ("low", "median", "high"))
        found.append((min(low, high), median, max(low, high)))
    return found


def figure(value):
    """Return a number in at most three digits.

    >>> figure(0.01234), figure(123.4), figure(1234.0), figure(0.0)
    ('0.012', '123', '1,234', '0')
    """
    digits = 2 if abs(value) < 10 else 3
    rounded = float(f"{value:.{digits}g}") if value else 0.0
    return f"{rounded:,.0f}" if abs(rounded) >= 100 or rounded == int(rounded) else f"{rounded:g}"


def section(question, values):
    """Return a question as Markdown."""
    texts = [f"{figure(median)} ({figure(low)} to {figure(high)})" for low, median, high in values]
    answer = question.get("answer", "").format(*texts)
    where = f" ([asked here]({question['at']}))" if "at" in question else ""
    lines = [f"\n## {question['n']}. {question['asked']}\n"]
    lines.append(f"**{question['verdict'].capitalize()}.** {answer}".rstrip() + where)
    if "missing" in question:
        lines.append(f"\nMissing: {question['missing']}.")
    if "commands" in question:
        lines += ["\n```console", *(f"$ ringtrue {command}" for command in question["commands"]), "```"]
    return "\n".join(lines)


HEAD = """# Which command for which question

<!-- written by docs/build_questions.py from docs/questions.toml and the commands' answers: do not edit by hand -->

Twenty-five questions that people asked in public from 2019 to 2026, the command for each, and its answer: the middle
value, and in brackets 5 to 95 % of the draws. Sites are city centres and airports named in the press. Where the program
cannot answer, it says what is missing. {} are answered, {} in part, {} not yet.

| you ask | command |
|---|---|
| does a printed ring hold here, against this target? | `ringtrue audit SYSTEM --at PLACE --target TARGET` |
| how much of a raid gets through, and for want of what? | `ringtrue engage SCENARIO` |
| which offer protects more, when, for how much? | `ringtrue compare SCENARIO` |
| what does it cost that two systems do not talk? | `ringtrue network SCENARIO` |
| what could a radar observe of our flights? | `ringtrue exposure SCENARIO` |
| what is gained there and lost here if a system moves? | `ringtrue relocation SCENARIO` |
| is a sentence of a report supported by public figures? | `ringtrue claims FILE` |
| which unknown moves an answer, and does it hang on one source? | `ringtrue sensitivity SCENARIO --finding MEASURE` |
| what would an inspection tell, and would it change the choice? | `ringtrue worth SCENARIO` |
| are the formulas right? | `ringtrue verify` |
| how do I begin a scenario, or a system of my own? | `ringtrue new`, `ringtrue catalogue new` |
| how do I open an answer in another program? | `ringtrue export STUDY ... --format FORMAT` |"""


def page(values):
    """Return the page, given the values of the picks of each question by its number."""
    verdicts = [question["verdict"] for question in QUESTIONS]
    head = HEAD.format(*(verdicts.count(verdict) for verdict in VERDICTS))
    return "\n".join([head, *(section(question, values[question["n"]]) for question in QUESTIONS)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page({question["n"]: picked(question) for question in QUESTIONS}), encoding="utf-8")
