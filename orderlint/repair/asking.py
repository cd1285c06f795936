"""Asks the user about repairs one by one, and stores the answers."""

from __future__ import annotations

from orderlint.judging import Rule, Violation
from orderlint.repair.results import Answer, Ask, Question

__all__ = ["Asking"]

DECLINED = "you declined it"
NOT_ASKED = "you quit before this question"


class Asking:
    """The answers to questions about repairs.

    Args:
        ask: Asks the user. If it is `None`, every repair is wanted.
    """

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask
        self._declined: set[Violation] = set()
        self._rules: set[Rule] = set()
        self._has_quit = False

    @property
    def asks(self) -> bool:
        """Whether questions are asked, so that repairs are made one at a time."""
        return self._ask is not None

    def is_open(self, origin: Violation) -> bool:
        """Whether the user has neither declined the repair of a finding nor quit."""
        return not self._has_quit and origin not in self._declined

    def reason(self, origin: Violation) -> str | None:
        """Why a finding that could be repaired was not; `None` if the user did not decline."""
        if origin in self._declined:
            return DECLINED
        return NOT_ASKED if self._has_quit else None

    def wants(self, origins: list[Violation], question: Question) -> bool:
        """Whether the user wants a repair.

        Args:
            origins: The findings that it repairs, in the original text.
            question: The question to ask.
        """
        if self._ask is None or all(origin.rule in self._rules for origin in origins):
            return True
        answer = self._ask(question)
        if answer is Answer.ALL:
            self._rules |= {origin.rule for origin in origins}
        elif answer is Answer.QUIT:
            self._has_quit = True
        elif answer is Answer.NO:
            self._declined |= set(origins)
        return answer in (Answer.YES, Answer.ALL)
