"""Words that users write: suggestions for mistyped words, and the codes that a word selects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from itertools import takewhile

__all__ = ["hint", "is_beginning", "likely", "meant", "near_path", "nearest", "nearest_rule"]

_WORTH = 4  # letters; shorter words are contained in other words by chance
_MOST_BESIDE = 1000  # the most files in a folder that are compared with a missing path
_CODE = re.compile(r"[A-Z]+(\d{3})")
_LEAST = 2  # the fewest letters of the beginning of a word
_MOST_BEGUN = 3  # the most options that a message suggests
_ALIKE = 0.6  # the least ratio of similar words; the default of `difflib.get_close_matches`
_ABOUT = 0.1  # the largest difference of ratios that count as equal


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The most similar known word, or the first of several; `None` if none is similar. Case does not matter.

    The only known word that begins with the given one has priority, and then a known word that the given one contains,
    such as `norm` in `normalization`.

    >>> nearest("ORD0001", ["ORD001", "ORD002"]), nearest("E501", ["ORD001"])
    ('ORD001', None)
    >>> nearest("BatchNormalization", ["activation", "norm"])
    'norm'
    >>> nearest("re", ["rule", "recalibrate"])
    'recalibrate'
    """
    from difflib import SequenceMatcher  # slow to import, and most users make no mistakes

    known = list(known)
    begun = _begun(given, known)
    if len(begun) == 1:
        return begun[0]
    within = [word for word in known if len(word) >= _WORTH and word.lower() in given.lower()]
    if within:
        return max(within, key=len)
    matcher = SequenceMatcher(b=given.lower())
    best, likeness = None, 0.0
    for word in known:
        matcher.set_seq1(word.lower())
        if (ratio := matcher.ratio()) > likeness:
            best, likeness = word, ratio
    return best if likeness >= _ALIKE else None


def likely(given: str, options: Iterable[str]) -> list[str]:
    """The options that begin with the given text, or else those that are nearly as similar as the best one.

    Their dashes do not count.

    >>> likely("--selct", ["--extend-select", "--help", "--select"]), likely("--baseline", ["--select"])
    (['--select'], [])
    >>> likely("--ad", ["--add-ignores", "--select"])
    ['--add-ignores']
    """
    from difflib import SequenceMatcher

    options = list(options)
    begun = [option for option in _begun(given, options) if option.startswith("--")]
    if 0 < len(begun) <= _MOST_BEGUN:
        return begun
    words = {option: SequenceMatcher(None, given.strip("-"), option.strip("-")).ratio() for option in options}
    least = max(_ALIKE, max(words.values(), default=0) - _ABOUT)
    return [option for option, likeness in words.items() if likeness >= least]


def _begun(given: str, known: Iterable[str]) -> list[str]:
    """The known words that begin with a given one, if it has enough letters."""
    enough = len(given.strip("-")) >= _LEAST
    return [word for word in known if enough and word.lower().startswith(given.lower())]


def nearest_rule(given: str, rules: Mapping[str, str]) -> str | None:
    """The code or name of the rule that was probably meant; `None` if there is none, as for a code that does not exist.

    Args:
        given: A code or a name.
        rules: The names of the rules, by code.

    >>> rules = {"ORD001": "norm-after-activation", "ORD109": "dropout-ahead-of-norm"}
    >>> nearest_rule("ORD01", rules), nearest_rule("ODR001", rules), nearest_rule("norm-activation", rules)
    ('ORD001', 'ORD001', 'norm-after-activation')
    >>> nearest_rule("ORD999", rules), nearest_rule("ORD9999", rules), nearest_rule("ORD99", rules)
    (None, None, None)
    """
    code = _CODE.fullmatch(given.upper())
    alike = [one for one in rules if code is None or one.endswith(code[1])]  # another number is not a typing error
    near = next((one for one in alike if _is_slip(given.upper(), one)), None)
    return near or nearest(given, rules.values())


def _is_slip(given: str, word: str) -> bool:
    """Whether a word has one character too many, one too few, a wrong one, or two that are swapped.

    >>> [_is_slip(given, "ORD001") for given in ("ORD0001", "ORD01", "OED001", "ODR001", "ORD9999")]
    [True, True, True, True, False]
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(given, word, strict=False)))
    left, right = given[same:], word[same:]
    return left[1:] in (right, right[1:]) or left == right[1:] or (left[1::-1], left[2:]) == (right[:2], right[2:])


def near_path(path: str) -> str:
    """The end of a message about a missing path: a similar path in the same folder, if there is one."""
    from pathlib import Path

    folder, name = os.path.split(path.rstrip(os.sep))
    try:
        beside = sorted(
            one.name for one in Path(folder or ".").iterdir() if one.name != name
        )  # a broken symbolic link is there
    except OSError:
        return ""
    return hint(name, beside) if len(beside) <= _MOST_BESIDE else ""


def hint(given: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """The end of a message about an unknown word.

    Args:
        given: The word.
        known: The known words.
        otherwise: The end of the message if no known word is similar.

    >>> hint("noqa", ["ignore"], otherwise="; known is ignore"), hint("ignor", ["ignore"])
    ('; known is ignore', '; did you mean `ignore`?')
    """
    return meant(nearest(given, known), otherwise=otherwise)


def meant(near: str | None, *, otherwise: str = "") -> str:
    """The end of a message that suggests a word; `otherwise` if there is none.

    >>> meant("ignore"), meant(None)
    ('; did you mean `ignore`?', '')
    """
    return otherwise if near is None else f"; did you mean `{near}`?"


def is_beginning(text: str, code: str) -> bool:
    """Whether a text is a code or the beginning of one: its letters and some of its digits.

    >>> is_beginning("ORD1", "ORD101"), is_beginning("OR", "ORD101"), is_beginning("ORD0", "ORD101")
    (True, False, False)
    """
    return code.startswith(text) and len(text) >= len(code.rstrip("0123456789"))
