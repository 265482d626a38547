"""Info string of a fence in, its meaning for stable rustdoc out."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import NoReturn

from harness.document.spelling import MDBOOK_WORDS, near_attribute
from harness.model.source import Attributes, Ignore
from harness.model.values import dataclass

EDITIONS = ("2015", "2018", "2021", "2024")

_SEPARATORS = " \t,"
_WORD = re.compile(r"[A-Za-z0-9_:-][A-Za-z0-9_:.!#$%&*+/;<>?@^|~-]*")
_WORD_REST = re.compile(r"[A-Za-z0-9_:.!#$%&*+/;<>?@^|~-]*")
_CODE = re.compile(r"E[0-9]{4}\Z")
_RUST_FIRST = re.compile(r"[\s,{(.\"]*(?:rust(?:20[0-9]{2})?|rs)(?![A-Za-z0-9_+-])", re.IGNORECASE)
_ATTRIBUTES = ("should_panic", "no_run", "compile_fail", "test_harness", "standalone_crate")
# These two leave the Rust flag alone once it is set; the other attributes can take it back.
_KEEPS_RUST = ("compile_fail", "test_harness", "standalone_crate")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of an info string up to its first grammar error, and that error in words."""

    words: tuple[str, ...]
    error: str | None


class _GrammarError(Exception):
    """The info string breaks rustdoc's grammar; the text says where."""


@lru_cache(maxsize=4096)
def read_info(info: str) -> Attributes:
    """The meaning of an info string (escapes already resolved), exactly as stable rustdoc's.

    For a block that rustdoc leaves out although Rust was meant, `gap` says why and which info
    string would be tested, and the attributes are those of that other info string.
    """
    read = _split(info.strip(" \t\n\r\f"))
    attributes = _weigh(read)
    misspelt = _misspelt(read.words)
    if attributes.is_tested:
        return replace(attributes, misspelt=misspelt)
    if not _is_rust_meant(info, read, attributes):
        return attributes
    rewrite = rewritten(info)
    meant = _weigh(_split(rewrite))
    return replace(
        meant,
        is_tested=False,
        unknown=attributes.unknown,
        misspelt=misspelt,
        gap=f"{_reason(info, read)}; write `{rewrite}`",
    )


def rewritten(info: str) -> str:
    """An info string near this one that rustdoc tests: `rust`, attributes, then other words."""
    attributes: list[str] = []
    others: list[str] = []
    is_broken = _split(info.strip()).error is not None
    for piece in re.split(r"[\s,(){}]+", re.sub(r'"[^"]*"?', "", info)):
        word = piece.split("=")[0].strip(".")
        if not word or (word != piece and not _is_attribute(word)):
            continue
        near = near_attribute(word)
        if _is_attribute(word):
            attributes.append(word)
        elif near is not None:
            attributes.append(near)
        elif _RUST_FIRST.match(word):
            continue
        elif _CODE.match(word) or (_WORD.fullmatch(word) and not is_broken):
            others.append(word)
    return ",".join(dict.fromkeys(["rust", *attributes, *others]))


def _split(info: str) -> _Words:
    """The words of an info string; comments and attribute blocks give none."""
    words: list[str] = []
    at = 0
    try:
        while at < len(info):
            if info[at] in _SEPARATORS:
                at += 1
            elif info[at] == "{":
                at = _skip_braces(info, at + 1)
            elif info[at] == "(":
                at = _skip_comment(info, at)
            elif info[at] == '"':
                at = _read_quote(info, at, words)
            else:
                at = _read_word(info, at, words)
    except _GrammarError as error:
        return _Words(tuple(words), str(error))
    return _Words(tuple(words), None)


def _fail(reason: str) -> NoReturn:
    raise _GrammarError(reason)


def _read_quote(info: str, at: int, words: list[str]) -> int:
    """Read the quoted word that begins here; the place after it."""
    end = _end_of_quote(info, at)
    if info[end : end + 1] not in ("", "{", "(", *_SEPARATORS):
        _fail(f"`{info[end]}` cannot follow a quote")
    words.append(info[at + 1 : end - 1])
    return end


def _read_word(info: str, at: int, words: list[str]) -> int:
    """Read the word that begins here; the place after it."""
    match = _WORD.match(info, at)
    if match is None:
        _fail(f"`{info[at]}` cannot begin a word")
    end = match.end()
    follows = info[end : end + 1]
    if follows == "(":
        end = _skip_comment(info, end)
    elif follows == "{":
        # rustdoc forgets a word that an attribute block follows without a separator.
        return end
    elif follows not in ("", *_SEPARATORS):
        _fail(f"`{follows}` cannot stand in a word")
    words.append(match.group())
    return end


def _skip_comment(info: str, at: int) -> int:
    end = info.find(")", at)
    if end < 0:
        _fail("a `(` is never closed")
    return end + 1


def _end_of_quote(info: str, at: int) -> int:
    end = info.find('"', at + 1)
    if end < 0:
        _fail("a quote is never closed")
    return end + 1


def _skip_braces(info: str, at: int) -> int:
    """Skip an attribute block, `{.class key=value}`, from after its brace."""
    while at < len(info):
        character = info[at]
        if character == "}":
            return at + 1
        if character in _SEPARATORS:
            at += 1
            continue
        if character == ".":
            end = _rest(info, at + 1)
            if end == at + 1:
                _fail("a `.` without a class name")
        else:
            end = _skip_pair(info, at)
        if info[end : end + 1] not in ("", "}", "(", *_SEPARATORS):
            _fail(f"`{info[end]}` cannot stand in an attribute block")
        at = end
    _fail("a `{` is never closed")


def _skip_pair(info: str, at: int) -> int:
    """Skip `key=value` in an attribute block; either may be quoted, neither may be empty."""
    if info[at] == '"':
        end = _end_of_quote(info, at)
        if end == at + 2:
            _fail("an empty key in an attribute block")
    elif _WORD.match(info, at):
        end = _rest(info, at)
    else:
        _fail(f"`{info[at]}` cannot stand in an attribute block")
    if info[end : end + 1] != "=":
        _fail("a key without `=` in an attribute block")
    value = end + 1
    if info[value : value + 1] == '"':
        end = _end_of_quote(info, value)
        empty = end == value + 2
    else:
        end = _rest(info, value)
        empty = end == value
    if empty:
        _fail("a key without a value in an attribute block")
    return end


def _rest(info: str, at: int) -> int:
    match = _WORD_REST.match(info, at)
    return match.end() if match else at


def _weigh(read: _Words) -> Attributes:
    """Rustdoc's reading of the words, from left to right."""
    flags: set[str] = set()
    unknown: list[str] = []
    targets: list[str] = []
    edition: str | None = None
    seen_rust = seen_other = False
    for word in read.words:
        if word == "rust":
            seen_rust = True
        elif word == "custom":
            flags.add(word)
        elif word in _KEEPS_RUST:
            flags.add(word)
            seen_rust = seen_rust or not seen_other
        elif word in _ATTRIBUTES or word == "ignore":
            flags.add(word)
            seen_rust = not seen_other
        elif word.startswith("ignore-"):
            targets.append(word.removeprefix("ignore-"))
            seen_rust = not seen_other
        elif word.startswith("edition"):
            year = word.removeprefix("edition")
            edition = year if year in EDITIONS else None
        else:
            unknown.append(word)
            seen_other = True
    is_tested = "custom" not in flags and (seen_rust or not seen_other) and read.error is None
    ignore = Ignore.ALWAYS if "ignore" in flags else Ignore.NO
    codes = tuple(word for word in unknown if _CODE.match(word))
    return Attributes(
        is_tested=is_tested,
        is_rust_meant=is_tested,
        ignore=Ignore.ON_TARGETS if targets else ignore,
        ignored_targets=tuple(targets),
        should_panic="should_panic" in flags,
        no_run="no_run" in flags or "compile_fail" in flags,
        compile_fail="compile_fail" in flags,
        test_harness="test_harness" in flags,
        standalone_crate="standalone_crate" in flags,
        edition=edition,
        codes=codes if "compile_fail" in flags else (),
        unknown=tuple(unknown),
    )


def _is_attribute(word: str) -> bool:
    return (
        word in _ATTRIBUTES
        or word == "ignore"
        or word.startswith("ignore-")
        or (word.removeprefix("edition") in EDITIONS and word.startswith("edition"))
    )


def _is_rust_meant(info: str, read: _Words, attributes: Attributes) -> bool:
    """Whether the author of a block that is not tested meant Rust.

    So it is if the first word says rust or rs; or if there are words for a Rust block and no
    word that could be the name of another language.
    """
    if "custom" in read.words:
        return False
    if _RUST_FIRST.match(info):
        return True
    foreign = [w for w in attributes.unknown if not _is_near_rust(w) and w not in MDBOOK_WORDS]
    return not foreign and any(_is_attribute(w) or _is_near_rust(w) for w in read.words)


def _is_near_rust(word: str) -> bool:
    return _CODE.match(word) is not None or near_attribute(word) is not None


def _misspelt(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    near = ((word, near_attribute(word)) for word in words if not _is_attribute(word))
    return tuple((word, attribute) for word, attribute in near if attribute is not None)


def _reason(info: str, read: _Words) -> str:
    """Why rustdoc does not test a block that is meant to be Rust."""
    if read.error is not None:
        return f"the info string breaks rustdoc's grammar ({read.error})"
    first = read.words[0] if read.words else ""
    if "rust" in read.words:
        other = next(w for w in read.words if w != "rust" and not _is_attribute(w))
        return f"an attribute that follows the unknown word `{other}` takes the `rust` back"
    if _RUST_FIRST.match(info):
        return f"rustdoc does not know `{first}`, only `rust`"
    if _CODE.match(first):
        return f"stable rustdoc takes `{first}` for the name of another language"
    return f"rustdoc takes the unknown word `{first}` for the name of another language"
