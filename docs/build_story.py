"""Write docs/explanation/the-story.md and its pictures from the program's own answers: python docs/build_story.py."""

from pathlib import Path

from ringtrue.catalogue.load import load_catalogue
from ringtrue.geo.elevation import open_model
from ringtrue.report.story_page import story_markdown, story_svg
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run
from ringtrue.studies import story
from ringtrue.studies.claims import claims
from ringtrue.studies.compare import compare
from ringtrue.studies.exposure import exposure
from ringtrue.studies.relocation import relocation

FOLDER = Path(__file__).parent / "explanation"
N_DRAWS = 200  # as `ringtrue compare` and the demo draw, so that they print the sentences of the page


def told():
    """Run the studies behind the page and return its questions, in order."""
    run = Run(load_catalogue(), open_model(None), n_draws=N_DRAWS)
    compared = compare(load_scenario("turkey-2019"), run)
    (row,) = claims(None, run, ids=(story.INSPECTION,)).rows
    found = (
        story.as_well_for_the_capital(compared),
        story.moved_abroad(relocation(load_scenario("relocation"), run)),
        story.at_their_base(exposure(load_scenario("exposure-anatolia"), run)),
        story.inspected(row, run.catalogue, run.n_draws, run.seed),
        story.as_good_and_when(compared),
        story.not_compatible(compared),
    )
    return [one for one in found if one is not None]


def files():
    """Return the text of every file of the page by its path in the folder."""
    questions = told()
    pictures = {f"the-story/{one.id}.svg": story_svg(one) for one in questions}
    return {"the-story.md": story_markdown(questions, "the-story"), **pictures}


if __name__ == "__main__":
    for name, text in files().items():
        path = FOLDER / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
