"""A result as a notebook holds it: short to look at, ready to be saved, and open to the study's own answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringtrue.errors import InputError
from ringtrue.face.command import command_line
from ringtrue.face.folder import COMMAND_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas
    import xarray

    from ringtrue.answer import Column
    from ringtrue.face.asked import Asked
    from ringtrue.face.plot import Chart
    from ringtrue.face.table import Study
    from ringtrue.formats.shapes import MapDocument

ENDINGS = (".html", ".json", ".csv", ".parquet")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """What a study answers, and what it was asked.

    Everything of the study's own answer is there as an attribute: ``result.rows``, ``result.header``.

    Attributes
    ----------
    study, asked
        The row of the table of studies; what was given, with the run.
    found
        The answer itself: rows by kind, and what is said about the whole.

    Examples
    --------
    >>> import ringtrue.api as rt
    >>> one = rt.audit("s-400", at="Samsun", targets="fighter", heights="100 m", dem="none", draws=20)
    >>> print(repr(one).splitlines()[0])
    <audit of s-400, 20 draws: 1 row>
    >>> one.to_dataframe()["target"].tolist(), one.draws().engageable_area_km2.dims
    (['f-16'], ('row', 'draw'))
    """

    study: Study
    asked: Asked
    found: Any

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the study's own answer."""
        if name.startswith("__") or name in ("study", "asked", "found"):
            raise AttributeError(name)
        return getattr(self.found, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *(n for n in dir(self.found) if not n.startswith("_"))})

    def __repr__(self) -> str:
        kind, columns = self._shown
        n_rows = len(columns[0].values) if columns else 0
        n_draws = self.asked.values.get("draws")
        drawn = "" if n_draws is None else f", {n_draws:,} draws"
        word = kind if n_rows != 1 else kind.removesuffix("s")
        return f"<{self.study.name} of {self._about}{drawn}: {n_rows:,} {word}>\n{self.sentence}"

    def _repr_html_(self) -> str:
        """Return the answer and the head of its first table, for the cell of a notebook."""
        said: str = self.found._repr_html_()
        return said

    @property
    def sentence(self) -> str:
        """The answer in a sentence or a few."""
        said = getattr(self.found, "answer", None) or getattr(self.found, "answers", None)
        if said is None:
            counted = getattr(self.found, "verdicts", {})
            return ", ".join(f"{n} {verdict}" for verdict, n in counted.items() if n)
        return said if isinstance(said, str) else " ".join(said)

    @property
    def command(self) -> str:
        """The command line that asks this again; empty where a notebook gave a record that no file holds."""
        return command_line(self.study, self.asked.values)

    @property
    def said(self) -> tuple[str, ...]:
        """Sentences that own up to how words of the question were read."""
        return self.asked.said

    @property
    def _shown(self) -> tuple[str, list[Column]]:
        """The kind of row that is looked at first, and its columns."""
        tables = self.found.tables()
        kind = "rows" if "rows" in tables or not tables else next(iter(tables))
        return kind, tables.get(kind, [])

    @property
    def _about(self) -> str:
        given = self.asked.values.get(self.study.options[0].name)
        items = given if isinstance(given, tuple) else (given,)
        return ", ".join(_name_of(item) for item in items if item is not None) or "what is shipped"

    def to_dataframe(self, kind: str = "rows") -> pandas.DataFrame:
        """Return the rows of one kind as a pandas table, a finding as its low, median, high and nominal.

        Parameters
        ----------
        kind : str
            Kind of row, as in the JSON: rows, footprints, differences ...

        Returns
        -------
        pandas.DataFrame
            Units and labels of its columns stand in ``attrs``.

        Raises
        ------
        InputError
            No such kind; pandas is not installed.
        """
        made: pandas.DataFrame = self.found.to_dataframe(kind)
        return made

    def to_xarray(self, kind: str = "rows") -> xarray.Dataset:
        """Return the rows of one kind as arrays: findings (row, quantile), keys and words as coordinates.

        Raises
        ------
        InputError
            No such kind; xarray is not installed.
        """
        made: xarray.Dataset = self.found.to_xarray(kind)
        return made

    def draws(self, kind: str = "rows") -> xarray.Dataset:
        """Return what is behind the findings of one kind, draw by draw, with the ledger beside it.

        Returns
        -------
        xarray.Dataset
            Findings (row, draw) in the unit of their rows, nan where a row has none, and ``drawn`` (figure, draw): the
            drawn figures in SI by address, with label, unit, scale, stream and whether they are assumed as
            coordinates. Draw i of a finding goes with draw i of a figure. Where rows are answered on fewer draws than
            the run has, the figures are left out.

        Raises
        ------
        InputError
            No such kind; xarray is not installed.
        """
        made: xarray.Dataset = self.found.draws(kind)
        figures = list(self.asked.run.ledger.figures.values()) if "run" in vars(self.asked) else []
        if not figures or made.sizes.get("draw") != self.asked.run.n_draws:
            return made
        labels = {
            "figure": [f.address for f in figures],
            **{
                f"figure_{word}": ("figure", [getattr(f, word) for f in figures])
                for word in ("label", "unit", "scale", "stream", "is_assumed")
            },
        }
        about = {"long_name": "Drawn figures, in SI"}
        return made.assign(drawn=(("figure", "draw"), [f.values for f in figures], about)).assign_coords(labels)

    def plot(self, measure: str | None = None, kind: str = "rows") -> Chart:
        """Draw one measure of every row: the median on a line from 5 to 95 %.

        Parameters
        ----------
        measure : str, optional
            Name of a measure with an interval; the first that most rows have.
        kind : str
            Kind of row.

        Returns
        -------
        Chart
            Shown by a notebook as it is; ``.save(path)`` writes it as .svg.

        Raises
        ------
        InputError
            No such kind or measure.
        """
        from ringtrue.face.plot import interval_chart

        return interval_chart(self.found.table_of(kind), measure)

    def save(self, path: str | Path, kind: str = "rows") -> Path:
        """Write the result and return where.

        Parameters
        ----------
        path : str or Path
            Ends in .html (the page), .json (what ``--json`` prints), .csv or .parquet (the rows of one kind, as
            computed); without an ending, a folder as ``--out`` writes it: the page and the files beside it.

        Raises
        ------
        InputError
            Another ending, a study without page, a place that cannot be written.
        """
        from ringtrue.formats.tables import save

        if not isinstance(path, (str, Path)):
            msg = f"path: {path!r} is of type {type(path).__name__}; a path is wanted"
            raise InputError(msg)
        place = Path(path)
        if not place.suffix:
            return self.report(place)
        if place.suffix not in ENDINGS:
            msg = f"{place}: ends in {place.suffix}; save as one of {', '.join(ENDINGS)}, or into a folder"
            raise InputError(msg)
        if place.suffix == ".html":
            place.parent.mkdir(parents=True, exist_ok=True)
            return self.study.page(self, place)
        return save(self.found, place, kind)

    def report(self, folder: Path, formats: Sequence[str] = ()) -> Path:
        """Write the page, the command and the files beside it into a folder, as ``--out`` does, whole or not at all.

        ``formats`` are those of ``--format``, checked.
        """
        from ringtrue.face.files import write_files
        from ringtrue.formats.tables import write_tables
        from ringtrue.whole import whole_folder

        with whole_folder(folder) as part:
            self.study.page(self, part / "report.html")
            self.study.files(self, part)
            write_tables(self.found, part / "tables")
            write_files(self, formats, part)
            self._write_command(part)
        return folder

    def export(self, folder: str | Path, formats: str | Sequence[str]) -> list[Path]:
        """Write files for other programs into a folder, as ``ringtrue export`` does, and return their paths.

        Parameters
        ----------
        formats : str or list of str
            csv, parquet, geopackage and so on, as ``ringtrue export audit --help`` lists them.

        Raises
        ------
        InputError
            An unknown format, one that this study has nothing for, a package that is missing, a place that cannot be
            written.

        Examples
        --------
        >>> import ringtrue.api as rt
        >>> rt.verify("none.toml").export("here", "csv")
        Traceback (most recent call last):
        ringtrue.errors.InputError: ...
        """
        from ringtrue.face.asked import choices, in_keywords
        from ringtrue.face.files import checked_formats, write_files
        from ringtrue.face.table import FORMATS
        from ringtrue.whole import whole_folder

        if not isinstance(folder, (str, Path)):
            msg = f"folder: {folder!r} is of type {type(folder).__name__}; a path is wanted"
            raise InputError(msg)
        with in_keywords(self.study):
            names = checked_formats(self.study, choices(FORMATS, formats), self.asked.values)
        place = Path(folder)
        with whole_folder(place) as part:
            self._write_command(part)
            return [place / path.relative_to(part) for path in write_files(self, names, part)]

    def _write_command(self, folder: Path) -> None:
        from ringtrue.whole import write_whole

        if self.command:
            write_whole(folder / COMMAND_FILE, f"{self.command}\n".encode())

    def map(self) -> MapDocument:
        """Return what the study shows on a map, layer by layer, as `export` writes it."""
        if self.study.map is None:
            msg = f"{self.study.name} shows nothing on a map; export its tables as csv or parquet"
            raise InputError(msg)
        return self.study.map(self)

    def lines(self, report: Path | None = None, *, full: bool = False) -> list[str]:
        """Return what the command prints: lines of at most 80 characters, the path of the report last.

        One screen of at most 45 lines; with ``full``, which is ``--full``, all there is.
        """
        if self.study.brief is not None and not full and getattr(self.found, "trace", None) is None:
            from ringtrue.studies.brief import brief_lines

            tail = [*self.said, *([f"Report: {report}"] if report else [])]
            return brief_lines(self.study.brief(self.found), tail)
        return [*self.said, *self.study.lines(self.found, report)]


def _name_of(item: Any) -> str:
    return item if isinstance(item, str) else str(getattr(item, "name", item))
