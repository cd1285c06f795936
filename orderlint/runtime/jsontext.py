"""Parses JSON from untrusted files. The size, the nesting and the number of values are limited."""

from __future__ import annotations

import json
from typing import Any

from orderlint.json_words import json_kind, too_many_digits
from orderlint.runtime.errors import FileReadError

__all__ = ["MAX_BYTES", "parse"]

MAX_BYTES = 64 * 2**20
"""The most bytes of JSON that are read. The largest model of `keras.applications` has 1.3 MB."""

_MAX_VALUES = 4_000_000
"""The most values, because one byte of `[[[[` becomes about sixty bytes of objects."""


def parse(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `data`.

    Args:
        data: The text in UTF-8, with or without a byte order mark.
        what: A name for it in messages (`config.json`).

    Raises:
        FileReadError: It is too large, is nested too deeply, or is not a JSON object.
    """
    if len(data) > MAX_BYTES:
        raise FileReadError(f"{what} has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    if data.count(b",") + data.count(b"[") + data.count(b"{") > _MAX_VALUES:
        raise FileReadError(f"{what} contains more than {_MAX_VALUES:,} values")
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise FileReadError(f"{what} is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise FileReadError(f"{what} is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        if not data.strip():
            raise FileReadError(f"{what} is empty") from None
        where = f"line {error.lineno}, column {error.colno}"
        raise FileReadError(f"{what} is not valid JSON in {where}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except ValueError as error:  # a number with more digits than Python converts
        raise FileReadError(f"{what} is not JSON that can be read: {too_many_digits(error)}") from None
    if not isinstance(value, dict):
        raise FileReadError(f"{what} contains {json_kind(value)}, expected an object with the model")
    return value
