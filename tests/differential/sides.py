"""The two sides: the findings in a program's source, and in the models that Keras builds from it."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Iterable
from typing import Any

import keras  # before a recorder is active, since it records imports

from orderlint.graph import LayerCall, LayerGraph, units_of
from orderlint.judging import DEFAULT_ORDER
from orderlint.runtime.models import read_model
from orderlint.runtime.sources import SourceRecorder
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.differential.programs import Program
from tests.differential.quick import quickly
from tests.judged import RULES

__all__ = ["CODES", "NotBuilt", "built_findings", "models_of", "source_findings"]

Findings = frozenset[tuple[str, int]]
"""Codes, each with the line in which the layer is constructed, or the function is applied."""

CODES = ("ORD001", "ORD002", "ORD003", "ORD102", "ORD103", "ORD105", "ORD106", "ORD107")
PATH = "program.py"


class NotBuilt(Exception):
    """The program builds no model."""


def findings(graphs: Iterable[LayerGraph]) -> Findings:
    """The violations of the rules, before those at one place are joined."""
    units = [unit for graph in graphs for unit in units_of(graph)]
    return frozenset((code, _line(found.at)) for code in CODES for found in RULES[code].check(units, DEFAULT_ORDER))


def _line(call: LayerCall) -> int:
    return (call.constructed or call.applied).location().line


def source_findings(program: Program) -> Findings:
    """The findings in the source, which is not run."""
    return findings(analyze(source_from_text(program.text, PATH)))


def built_findings(program: Program) -> Findings:
    """The findings in all models that the program builds.

    Raises:
        NotBuilt: Keras refused a model of the random program.
    """
    linecache.cache[PATH] = (len(program.text), None, program.text.splitlines(keepends=True), PATH)
    code = compile(program.text, PATH, "exec")
    recorder = SourceRecorder()
    with quickly():
        with recorder.watching(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from numbers that overflow
            models = list(_models(code, program.uses))
        if not models:
            raise NotBuilt
        return findings(graph for model in models for graph in read_model(model, sources=recorder).graphs)


def models_of(program: Program) -> list[Any]:
    """All models that the program builds. Names are counted from the start.

    Raises:
        NotBuilt: As for `built_findings`.
    """
    keras.utils.clear_session()
    with quickly(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = list(_models(compile(program.text, PATH, "exec"), program.uses))
    if not models:
        raise NotBuilt
    return models


def _models(code: Any, uses: Iterable[str]) -> Iterable[Any]:
    names: dict[str, Any] = {"__name__": "program"}
    try:
        exec(code, names)
    except Exception:  # Keras may refuse a random program
        raise NotBuilt from None
    yield from _outermost([value for value in names.values() if isinstance(value, keras.Model)])
    for use in uses:
        try:
            # compiled first: if Python is interrupted while it evaluates a string, it exits with another status
            yield eval(compile(f"build({use})", "<string>", "eval"), names)
        except Exception as error:
            if str(error) != "refused":
                raise NotBuilt from None  # the findings of this use are unknown


def _outermost(models: list[Any]) -> Iterable[Any]:
    """The models that are not part of another one. A model inside another one is checked where it is used."""
    inner = {id(layer) for model in models for layer in model._flatten_layers(include_self=False)}
    return [model for model in models if id(model) not in inner]
