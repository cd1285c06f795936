"""The configuration: `[tool.orderlint]` in `pyproject.toml`, or `orderlint.toml`."""

from __future__ import annotations

from orderlint.config.errors import ConfigError
from orderlint.config.finding import Configurations, load_settings
from orderlint.config.settings import Selection, Settings

__all__ = ["ConfigError", "Configurations", "Selection", "Settings", "load_settings"]
