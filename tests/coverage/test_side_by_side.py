"""Jobs side by side answer what they answer one after the other."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.geo import layers
from ringtrue.geo.elevation import open_model
from ringtrue.sensing.run import Run


def test_an_audit_does_not_depend_on_its_threads() -> None:
    """One thread asks row after row; three take targets and variants as jobs, sixteen none, for there are too few."""
    catalogue, model = load_catalogue(), open_model("none")
    answers = []
    stages: Counter[str] = Counter()
    for threads in (1, 3, 16):
        question = AuditQuestion(
            system_id="s-400", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm", "cruise-missile"),
            heights_m=(100.0,), altitudes_m=(3000.0,),
        )  # fmt: skip
        told = lambda step: stages.update([step.what])  # noqa: E731
        result = audit(question, Run(catalogue, model, n_draws=30, threads=threads, progress=told))
        answers.append((audit_json([result]), [layer.lowest_height_m for layer in result.layers]))
    first, rasters = answers[0]
    for other, other_rasters in answers[1:]:
        assert other == first
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(rasters, other_rasters, strict=True))
    assert stages["asking every draw"] % 3 == 0


def test_names_of_countries_stand_where_their_cells_say() -> None:
    """Names are read without geometry, cells were burnt with it: capitals must fall into their countries."""
    capitals = {"Turkey": (39.93, 32.86), "Greece": (37.98, 23.73), "Bulgaria": (42.70, 23.32), "Iran": (35.69, 51.39)}
    for name, (latitude, longitude) in capitals.items():
        assert layers.country_names()[int(layers.country_ids(latitude, longitude)) - 1] == name
