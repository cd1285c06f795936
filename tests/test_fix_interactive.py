"""`orderlint fix --interactive` and `--check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_fix import CHANGED, CHANGES, DROP, END, EQUIVALENT, HEAD, NORM, RELU, SAME, SAME_FIXED, Here, here

__all__ = ["here"]

TWICE = HEAD + DROP + NORM + "    x = layers.Dense(8)(x)\n" + DROP + NORM + END


def test_each_repair_is_shown_and_asked_about(here: Here) -> None:
    """With its place, title, kind and diff; "yes" makes it."""
    path = here.write("net.py", SAME)
    result = here.fix("--interactive", stdin=b"y\n")
    assert result.status == 0
    assert "net.py:7:9: ORD002 move `Dropout` after `BatchNormalization`" in result.err
    assert "same-inference: old weights give the same predictions" in result.err
    assert "-    x = layers.BatchNormalization()(x)\n" in result.err
    assert "[y]es, [n]o, [a]ll of ORD002, [q]uit" in result.err
    assert path.read_text() == SAME_FIXED


@pytest.mark.parametrize("answer", [b"n\n", b"NO\n", b"q\n", b"quit\n", b""])
def test_what_is_not_wanted_is_left_with_that_reason(here: Here, answer: bytes) -> None:
    """Answers "no" and "quit", and the end of the input; the run fails since findings remain."""
    path = here.write("net.py", SAME)
    result = here.fix("-i", stdin=answer)
    assert result.status == 1
    assert path.read_text() == SAME
    why = "you declined it" if answer.lower().startswith(b"n") else "you quit before this question"
    assert f"1 finding left: {why}" in result.text


def test_what_is_no_answer_is_asked_again(here: Here) -> None:
    """It does not mean "yes"."""
    path = here.write("net.py", SAME)
    result = here.fix("-i", stdin=b"maybe\nyes\n")
    assert "'maybe' is not an answer" in result.err
    assert path.read_text() == SAME_FIXED


def test_all_of_a_rule_are_repaired_without_further_questions(here: Here) -> None:
    """In this and the following files; other rules still need an answer."""
    paths = [here.write("a.py", TWICE), here.write("b.py", SAME)]
    other = here.write("c.py", EQUIVALENT)
    result = here.fix("-i", stdin=b"a\nn\n")
    assert result.err.count("Repair it?") == 2
    assert here.run("check", "a.py", "b.py").status == 0
    assert paths[1].read_text() == SAME_FIXED
    assert other.read_text() == EQUIVALENT


def test_quitting_keeps_what_was_answered_before(here: Here) -> None:
    """The repairs made so far are written in all files."""
    first, second = here.write("a.py", SAME), here.write("b.py", SAME)
    result = here.fix("-i", stdin=b"y\nq\n")
    assert result.status == 1
    assert (first.read_text(), second.read_text()) == (SAME_FIXED, SAME)


def test_repairs_are_asked_about_one_at_a_time(here: Here) -> None:
    """The second diff is relative to the text after the first answer; each can be accepted alone."""
    path = here.write("net.py", TWICE)
    result = here.fix("-i", stdin=b"n\ny\n")
    assert result.err.count("Repair it?") == 2
    assert path.read_text() == HEAD + DROP + NORM + "    x = layers.Dense(8)(x)\n" + NORM + DROP + END


def test_cells_of_notebooks_are_shown(here: Here) -> None:
    """Each changed cell has a diff."""
    from tests.test_fix import notebook

    path = here.write("net.ipynb", notebook(SAME.splitlines(keepends=True)))
    result = here.fix("-i", stdin=b"y\n")
    assert "--- net.ipynb:cell 1" in result.err
    assert path.read_text() == notebook(SAME_FIXED.splitlines(keepends=True))


@pytest.mark.parametrize("option", ["--diff", "--check", "-"])
def test_asking_is_for_files_that_are_written(here: Here, option: str) -> None:
    """With `--diff` or standard input there are no questions."""
    assert here.fix("-i", option, stdin=SAME.encode()).status == 2


def test_what_is_asked_is_what_would_be_made(here: Here) -> None:
    """Repairs of kinds that are not requested are not offered."""
    path = here.write("net.py", CHANGES)
    result = here.fix("-i", "--only", "same-inference", stdin=b"y\n")
    assert "Repair it?" not in result.err
    assert path.read_text() == CHANGES


# Dry runs for CI


@pytest.mark.parametrize("option", ["--check", "--diff"])
@pytest.mark.parametrize(("text", "status"), [(SAME, 1), (SAME_FIXED, 0)])
def test_a_dry_run_fails_where_files_would_change(here: Here, option: str, text: str, status: int) -> None:
    """It writes nothing."""
    path = here.write("net.py", text)
    result = here.fix(option)
    assert result.status == status
    assert path.read_text() == text
    assert ("Would repair 1 finding" in result.text + result.err) is (status == 1)


def test_a_check_shows_no_diff(here: Here) -> None:
    """Standard output has only the report."""
    here.write("net.py", SAME)
    result = here.fix("--check")
    assert result.text.startswith("net.py: 1 to repair\n")
    assert "---" not in result.text
    assert here.fix("--check", "--exit-zero").status == 0


def test_a_check_of_standard_input_hands_nothing_back(here: Here) -> None:
    """The report says what would be repaired, and the text is not written."""
    result = here.fix("--check", "-", stdin=SAME.encode())
    assert result.status == 1
    assert "Would repair 1 finding" in result.text
    assert "Dense" not in result.text


def test_the_api_of_the_repairer_asks_too(tmp_path: Path) -> None:
    """A function can give the answers."""
    from orderlint.repair import fix_text
    from orderlint.repair.results import Answer, Question
    from orderlint.text.files import source_from_text
    from tests.judged import standards

    seen: list[Question] = []

    def ask(question: Question) -> Answer:
        seen.append(question)
        return Answer.YES

    result = fix_text(source_from_text(CHANGES, "net.py"), standards(), ask=ask)
    assert result.text == CHANGED
    assert [change.new for question in seen for change in question.changes] == [CHANGED]
    assert RELU in seen[0].changes[0].old
