"""The inputs of a case: written into its folder as the command gets them, and as rows for the checks."""

from collections.abc import Mapping
from pathlib import Path

from .cases import Input, within
from .judging import Judge
from .rows import Row, read, write


class Given:
    """One input. Its rows are made when somebody asks: most checks look at few inputs, and many inputs lie there as they are."""

    def __init__(self, spec: Input, root: Path, folder: Path, judge: Judge) -> None:
        self.spec, self.root, self.judge = spec, root, judge
        self.folder = folder
        self._rows: list[Row] | None = None

    @property
    def rows(self) -> list[Row]:
        if self._rows is None:
            self._rows = self._made()
        return self._rows

    def place(self) -> str:
        """Where the command finds it; written now unless it lies there already."""
        spec = self.spec
        if spec.files is not None:
            return self._pages(spec.files)
        if not spec.is_shaped:
            assert spec.path is not None
            return str(within(self.root, spec.path))
        path = self.folder / f"{spec.name}.{spec.write or 'jsonl'}"
        write(self.rows, path)
        if spec.write == "csv":  # what the command gets is text
            self._rows = read(path)
        return str(path)

    def count(self) -> int | None:
        """Rows, where that is known without reading them."""
        return None if self.spec.files is not None else len(self.rows)

    def _pages(self, files: Mapping[str, str]) -> str:
        for name, text in files.items():
            path = within(self.folder, f"{self.spec.name}/{name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode(self.spec.encoding))
        return f"{self.folder / self.spec.name}/"

    def _made(self) -> list[Row]:
        spec = self.spec
        if spec.files is not None:
            return []
        if spec.select is not None:
            files = {"src": spec.path, "extra": spec.extra}
            found = self.judge.shaped(spec.select, {name: within(self.root, path) for name, path in files.items() if path is not None})
        elif spec.rows is not None:
            found = [dict(row) for row in spec.rows]
        else:
            found = read(within(self.root, str(spec.path)), spec.limit)
        return [*found[: spec.limit], *(dict(row) for row in spec.append)]
