"""Rust tokens → scopes: what each brace encloses, and whether an `impl` is for something foreign.

A name is taken for one of the text's own only where its declaration is what the compiler must
find; wherever tokens leave that open, the answer is "foreign".
"""

from collections.abc import Iterator
from dataclasses import field

from harness.model.values import dataclass
from harness.rust.lexer import Kind, Tokens
from harness.rust.words import KEYWORDS, words

_DECLARES = frozenset({"struct", "enum", "union", "trait"})
_OUTSIDE = -1


@dataclass(slots=True)
class _Scope:
    """What stands directly inside one brace."""

    declared: set[str] = field(default_factory=set)
    """Types and traits."""
    renamed: set[str] = field(default_factory=set)
    """Every word of `use` items, and names of type aliases."""
    is_open: bool = False
    """A glob import or a macro's expansion can put further names here."""


class Scopes:
    """The brackets of a text as a tree; the text itself is bracket -1."""

    def __init__(self, tokens: Tokens, known_macros: frozenset[str]) -> None:
        """`known_macros` are those whose expansion declares nothing and moves nothing."""
        self._tokens = tokens
        self.parent: list[int] = []
        """For each token, the innermost bracket around it."""
        self.modules: dict[int, int] = {_OUTSIDE: 0}
        """For each bracket, how many modules are around what it holds."""
        self.rewritten: dict[int, bool] = {_OUTSIDE: False}
        """For each bracket, whether a macro that is not known may move what it holds."""
        self._is_module: set[int] = {_OUTSIDE}
        self._scopes: dict[int, _Scope] = {}
        self._read(known_macros)
        self._fill(known_macros)

    def foreign_impls(self) -> Iterator[int]:
        """Indices of each `impl … for …` of which neither trait nor type is the text's own."""
        for at, token in enumerate(self._tokens.tokens):
            if token.text != "impl" or token.kind is not Kind.IDENT:
                continue
            if self.rewritten[self.parent[at]]:
                yield at
                continue
            heads = _heads(self._tokens, at + 1)
            if heads and not any(self._is_own(head, self.parent[at]) for head in heads):
                yield at

    def _read(self, known_macros: frozenset[str]) -> None:
        opened = [_OUTSIDE]
        for at, token in enumerate(self._tokens.tokens):
            if token.kind is Kind.CLOSE and len(opened) > 1:
                opened.pop()
            self.parent.append(opened[-1])
            if token.kind is not Kind.OPEN:
                continue
            name = self._macro_before(at)
            is_module = self._is_module_brace(at)
            self.modules[at] = self.modules[opened[-1]] + is_module
            moved = name is not None and name not in known_macros
            self.rewritten[at] = self.rewritten[opened[-1]] or moved
            if is_module:
                self._is_module.add(at)
            opened.append(at)

    def _macro_before(self, at: int) -> str | None:
        """The macro whose tokens the bracket `at` holds; None where it is no macro's."""
        found = self._tokens.tokens
        if at >= 3 and found[at - 2].text == "!" and found[at - 3].text == "macro_rules":
            return "macro_rules"
        if at < 2 or found[at - 1].text != "!" or found[at - 2].kind is not Kind.IDENT:
            return None
        return None if found[at - 2].text in KEYWORDS else found[at - 2].text

    def _is_module_brace(self, at: int) -> bool:
        found = self._tokens.tokens
        return at >= 2 and found[at].text == "{" and found[at - 2].text == "mod"

    def _fill(self, known_macros: frozenset[str]) -> None:
        found = self._tokens.tokens
        for at, token in enumerate(found[:-1]):
            if token.kind is not Kind.IDENT:
                continue
            scope = self._scopes.setdefault(self.parent[at], _Scope())
            following = found[at + 1]
            name = following.text.removeprefix("r#")
            if token.text in _DECLARES and following.kind is Kind.IDENT:
                if not self._may_vanish(at):
                    scope.declared.add(name)
            elif token.text == "type":
                scope.renamed.add(name)
            elif token.text == "use":
                self._add_use(scope, at)
            elif following.text == "!" and token.text not in KEYWORDS | known_macros:
                scope.is_open = scope.is_open or token.text != "macro_rules"

    def _may_vanish(self, at: int) -> bool:
        """Whether `cfg` stands before the declaration whose keyword is at `at`."""
        found = self._tokens.tokens
        before = at - 1
        while before >= 0:
            text = found[before].text
            if text in (")", "]") and self._tokens.partner[before] >= 0:
                opening = self._tokens.partner[before]
                if text == "]" and found[opening + 1].text in ("cfg", "cfg_attr"):
                    return True
                before = opening - 1
            elif text in ("#", "pub", "unsafe", "auto") or found[before].kind is Kind.DOC_OUTER:
                before -= 1
            else:
                return False
        return False

    def _add_use(self, scope: _Scope, at: int) -> None:
        for token in self._tokens.tokens[at : at + _LONGEST]:
            if token.text == ";":
                return
            scope.is_open = scope.is_open or token.text == "*"
            if token.kind is Kind.IDENT:
                scope.renamed.add(token.text.removeprefix("r#"))
        scope.is_open = True  # too long to be looked through: anything may be renamed

    def _is_own(self, name: str, bracket: int) -> bool:
        """Whether a bare name, used directly inside a bracket, is a type of the text."""
        while name:
            scope = self._scopes.get(bracket)
            if scope is not None and name in scope.declared:
                return True
            if scope is not None and (scope.is_open or name in scope.renamed):
                return False
            if bracket in self._is_module:
                return False
            bracket = self.parent[bracket]
        return False


_LONGEST = 200
"""Tokens of one `use` or of one head of an `impl` that are looked through; longer ones are taken
for the worst that they could be, so that no text takes long."""


def _heads(tokens: Tokens, at: int) -> tuple[str, str] | None:
    """The first words of the trait and of the type of `impl … for …`; None for another `impl`.

    A word is empty where what stands there is no bare name.
    """
    stop = min(len(tokens.tokens), at + _LONGEST)
    if words(tokens, at, stop, 1)[0] == "<":
        at = _after_angles(tokens, at, stop)
    trait = at
    angles = 0
    while at < stop:
        text = tokens.tokens[at].text
        if text == "for" and words(tokens, at + 1, stop, 1)[0] != "<" and not angles:
            return _head(tokens, trait), _head(tokens, at + 1)
        if text in ("{", ";", ",", "=", "impl") and not angles:
            return None
        angles += {"<": 1, ">": -1}.get(text, 0)
        if angles < 0 or tokens.tokens[at].kind is Kind.CLOSE:
            return None
        at = tokens.after(at)
    return None if stop == len(tokens.tokens) else ("", "")


def _after_angles(tokens: Tokens, at: int, stop: int) -> int:
    angles = 0
    while at < stop:
        text = tokens.tokens[at].text
        angles += {"<": 1, ">": -1, ">=": -1}.get(text, 0)
        at = tokens.after(at)
        if angles <= 0:
            break
    return at


def _head(tokens: Tokens, at: int) -> str:
    one, two, three = words(tokens, at, len(tokens.tokens), 3)
    if one == "dyn":
        one, two = two, three
    if two in ("::", "!") or at >= len(tokens.tokens):
        return ""
    return one.removeprefix("r#")
