"""The configuration: `[tool.orderlint]` in `pyproject.toml`, or `orderlint.toml`."""

from __future__ import annotations

from orderlint.config.configuration import Configuration, Selection
from orderlint.config.errors import ConfigError
from orderlint.config.finding import Configurations, load_configuration, role_line

__all__ = ["ConfigError", "Configuration", "Configurations", "Selection", "load_configuration", "role_line"]
