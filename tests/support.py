"""What several test modules use."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent


class Recorded:
    """Compares text with a recorded file, or records it under `--update-fixtures`."""

    def __init__(self, update: bool) -> None:
        self._update = update

    def __call__(self, path: Path, actual: str) -> None:
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="")
        assert path.is_file(), f"{path} is not recorded yet: run pytest --update-fixtures"
        assert actual == path.read_bytes().decode("utf-8")
