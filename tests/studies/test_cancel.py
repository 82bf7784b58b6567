"""A run stops when another thread says so: little is done afterwards, and nothing is left half-written."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from ringtrue.cancel import Cancel, Cancelled, heeded, heeding
from ringtrue.catalogue.load import load_catalogue
from ringtrue.coverage.audit import audit
from ringtrue.coverage.output import audit_json
from ringtrue.coverage.records import AuditQuestion
from ringtrue.engagement import simulate
from ringtrue.geo import pool, rasters
from ringtrue.geo.elevation import open_model
from ringtrue.scenario.load import load_scenario
from ringtrue.sensing.run import Run, Step
from ringtrue.studies.claims import claims
from ringtrue.studies.compare import compare
from ringtrue.studies.engage import engage
from ringtrue.studies.exposure import exposure
from ringtrue.studies.network import network
from ringtrue.studies.relocation import relocation
from ringtrue.studies.timeline import timeline

CATALOGUE = load_catalogue()
BARE = open_model("none")
QUESTION = AuditQuestion(
    system_id="s-400", latitude_deg=40.0789, longitude_deg=32.5656, targets=("f-16", "srbm"), heights_m=(50.0, 500.0),
    altitudes_m=(3000.0,),
)  # fmt: skip


class Units:
    """Counts blocks of work, and has another thread put up the flag when a given one begins."""

    def __init__(self, cancel: Cancel, at: int | None) -> None:
        self.cancel, self.at, self.lock = cancel, at, threading.Lock()
        self.begun = self.late = 0

    def begin(self) -> None:
        with self.lock:
            self.begun += 1
            self.late += self.cancel.is_set
            if self.begun == self.at:
                other = threading.Thread(target=self.cancel.set)
                other.start()
                other.join()

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Count the blocks of every loop of the pool, under whatever name a module took it."""
        whole = pool.run_blocks

        def counted(function, n_blocks, threads=None):
            def block(i):
                if heeded() is not None:
                    self.begin()
                function(i)

            whole(block, n_blocks, threads)

        import sys

        for module in list(sys.modules.values()):
            if getattr(module, "run_blocks", None) is whole:
                monkeypatch.setattr(module, "run_blocks", counted)


@pytest.fixture(scope="module")
def remembered(tmp_path_factory) -> None:
    """Have this process remember what it does of the model and the place, so that each audit counts as many blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RINGTRUE_CACHE", str(tmp_path_factory.mktemp("before")))
        audit(QUESTION, Run(CATALOGUE, open_model(None), n_draws=60))


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
def test_an_audit_stops_within_a_block_of_each_thread(monkeypatch, tmp_path, threads, share) -> None:
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "whole"))
    model = open_model(None)
    whole = Units(Cancel(), None)
    with monkeypatch.context() as patch:
        whole.watch(patch)
        first = audit_json([audit(QUESTION, Run(CATALOGUE, model, n_draws=60, threads=threads))])
    cancel = Cancel()
    units = Units(cancel, int(share * whole.begun))
    monkeypatch.setenv("RINGTRUE_CACHE", str(tmp_path / "stopped"))
    with monkeypatch.context() as patch:
        units.watch(patch)
        with pytest.raises(Cancelled):
            audit(QUESTION, Run(CATALOGUE, model, n_draws=60, threads=threads, cancel=cancel))
    # each other thread may have passed its check for a block, and that block for one within it
    assert units.late <= 2 * (threads - 1)
    assert audit_json([audit(QUESTION, Run(CATALOGUE, model, n_draws=60, threads=threads))]) == first
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_raid_stops_within_a_block_of_each_thread(monkeypatch, threads) -> None:
    cancel = Cancel()
    units = Units(cancel, 7)
    blocks = simulate.prepared

    def prepared(case, draw):
        units.begin()
        return blocks(case, draw)

    monkeypatch.setattr(simulate, "prepared", prepared)
    run = Run(CATALOGUE, BARE, n_draws=200, threads=threads, cancel=cancel)
    with pytest.raises(Cancelled):
        engage("minimal", run, n_replications=4)
    assert 7 <= units.begun <= 7 + threads - 1
    assert units.late <= threads - 1


def _stopped(study, *question, **options) -> list[Step]:
    """Steps that a study tells when it is cancelled at its first one."""
    cancel, told = Cancel(), []

    def progress(step: Step) -> None:
        told.append(step)
        cancel.set()

    with pytest.raises(Cancelled):
        study(*question, Run(CATALOGUE, BARE, n_draws=4, progress=progress, cancel=cancel, threads=1), **options)
    return told


@pytest.mark.parametrize(
    ("study", "question"),
    [
        (audit, QUESTION), (engage, "minimal"), (claims, None), (compare, "turkey-2019"), (network, "two-bearings"),
        (exposure, "exposure-anatolia"), (relocation, "relocation"), (timeline, "turkey-2019"),
    ],
)  # fmt: skip
def test_every_study_stops_at_the_step_at_which_it_is_told(study, question) -> None:
    is_scenario = isinstance(question, str) and study is not engage
    (step,) = _stopped(study, load_scenario(question) if is_scenario else question)
    assert step.what
    assert step.of >= 1


def test_a_run_that_is_cancelled_before_it_begins_does_nothing() -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        audit(QUESTION, Run(CATALOGUE, BARE, cancel=cancel, progress=lambda _step: pytest.fail("told something")))


def test_a_model_stops_being_read(monkeypatch, tmp_path) -> None:
    import rasterio
    from rasterio.transform import from_origin

    path = tmp_path / "wide.tif"
    altitude_m = np.random.default_rng(1).uniform(10.0, 900.0, (600, 400)).astype(np.float32)
    profile = {"driver": "GTiff", "height": 600, "width": 400, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=from_origin(32.0, 40.0, 0.001, 0.001), **profile) as out:
        out.write(altitude_m, 1)
    key = open_model(path).content_key
    monkeypatch.setattr(rasters, "BAND_BYTES", 8 * 400 * 10)
    for at in (1, 20, 55, 70):  # while bands are read, and while their key is made
        cancel, asked = Cancel(), []

        def look(cancel=cancel, asked=asked, at=at, whole=rasters.stop_if_cancelled) -> None:
            asked.append(cancel.is_set)
            if len(asked) == at:
                threading.Thread(target=cancel.set).start()
                while not cancel.is_set:
                    pass
            whole()

        with monkeypatch.context() as patch:
            patch.setattr(rasters, "stop_if_cancelled", look)
            with heeding(cancel), pytest.raises(Cancelled):
                open_model(path)
        assert len(asked) == at
    assert open_model(path).content_key == key


def test_seconds_left_are_told_by_the_pace(monkeypatch) -> None:
    from ringtrue.sensing import run as module

    now = iter([100.0, 104.0, 110.0, 111.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(now))
    told: list[Step] = []
    run = Run(CATALOGUE, BARE, n_draws=2, progress=told.append)
    for what, done in (("sweeping", 0), ("sweeping", 1), ("sweeping", 2), ("asking", 0)):
        run.tell(what, done, 4)
    assert [step.left_s for step in told] == [None, 12.0, 10.0, None]
