"""Macros of other crates of which it is known that what they make stays inside the unit.

Any macro can make any item, so a unit that uses one goes alone, unless the macro is listed here,
the crate behind its name is the one of crates.io, in a version no newer than the one that was
looked at, and the name cannot mean anything else. What is relied on: derives make impls for the
type that they stand on; attributes keep the item that they stand on, its name and its head; what
is called like a function makes an expression. None keeps anything from one use to the next.
docs/packing.md says for which crates that was read in the source, and for which it rests on what
the crate documents.

In a unit without crates none of these names can mean a macro at all, so the unit can only fail.
"""

import re
from collections.abc import Iterable, Mapping

from harness.model.unit import Base
from harness.model.values import dataclass
from harness.model.verdict import Dependencies
from harness.rust.lexer import Kind, Token, Tokens

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnownCrate:
    """The macros of one crate."""

    versions: tuple[tuple[Version, Version], ...] = ()
    """Of each line the oldest and the newest that are taken, the newest being the one that was
    looked at.

    Without any, the crate's macros are known only where it is absent, or a stub of ours."""
    derives: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    """Attributes that only a derive of the crate reads."""
    calls: frozenset[str] = frozenset()
    inner: tuple[str, ...] = ()
    """The packages that hold the macros where the crate only hands them on."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KNOWN_CRATES: Mapping[str, KnownCrate] = {
    "anyhow": KnownCrate((((1, 0, 75), (1, 0, 104)),), calls=_names("anyhow bail ensure")),
    "async_trait": KnownCrate((((0, 1, 74), (0, 1, 92)),), attributes=_names("async_trait")),
    "serde": KnownCrate(
        (((1, 0, 190), (1, 0, 229)),),
        derives=_names("Deserialize Serialize"),
        helpers=_names("serde"),
        inner=("serde_derive",),
    ),
    "serde_json": KnownCrate((((1, 0, 100), (1, 0, 154)),), calls=_names("json")),
    "thiserror": KnownCrate(
        (((1, 0, 50), (1, 0, 69)), ((2, 0, 0), (2, 0, 21))),
        derives=_names("Error"),
        helpers=_names("backtrace error from source"),
        inner=("thiserror-impl",),
    ),
    "tokio": KnownCrate(
        (((1, 30, 0), (1, 54, 1)),),
        attributes=_names("main test"),
        calls=_names("join pin select try_join"),
        inner=("tokio-macros",),
    ),
    "tracing": KnownCrate(
        attributes=_names("instrument"), calls=_names("debug error info trace warn")
    ),
    "tract_onnx": KnownCrate(calls=_names("tvec")),
    "utoipa": KnownCrate(
        derives=_names("OpenApi ToSchema"),
        attributes=_names("path"),
        helpers=_names("openapi schema"),
    ),
    "zeroize": KnownCrate(
        (((1, 6, 0), (1, 9, 2)),),
        derives=_names("Zeroize ZeroizeOnDrop"),
        helpers=_names("zeroize"),
        inner=("zeroize_derive",),
    ),
}

_ONLY_WITH_ITS_CRATE = frozenset({"main", "path", "test"})
"""Attributes that are known as `tokio::main`, never as `main`."""
_REGISTERED = re.compile(
    r"registry\+https://github\.com/rust-lang/crates\.io-index#([\w-]+)@(\d+)\.(\d+)\.(\d+)$"
)
_MAKERS = "|".join(sorted(maker for known in KNOWN_CRATES.values() for maker in known.inner))
_MAKER = re.compile(rf"[/#](?:{_MAKERS})(?:[#@?]|$)")
# Derives read paths from strings; these must not lead out of the unit.
_LEADS_OUT = re.compile(r"::|\b(?:crate|super|self|Self)\b|\\|[^\x20-\x7e]")
_FREE_TEXT = frozenset({"error"})
"""Helpers whose strings are formats, which name nothing but fields."""


def trusted_crates(base: Base, packages: Mapping[str, str], built: Iterable[str]) -> frozenset[str]:
    """The names in a base behind which the known crates are.

    `packages` says for a name what Cargo calls its package, `built` names all packages that
    Cargo built: where one that holds macros comes from elsewhere, nothing is trusted.
    """
    if any(_MAKER.search(package) and not _REGISTERED.match(package) for package in built):
        return frozenset()
    return frozenset(
        crate.name
        for crate in base.crates
        if (known := KNOWN_CRATES.get(crate.name)) is not None
        and (
            not known.versions
            if crate.kind is not Dependencies.REAL
            else _is_registered(crate.name, packages.get(crate.name, ""), known)
        )
    )


def _is_registered(name: str, package: str, known: KnownCrate) -> bool:
    found = _REGISTERED.match(package)
    if found is None or found[1].replace("-", "_") != name:
        return False
    version = tuple(int(part) for part in found.groups()[1:])
    return any(oldest <= version <= newest for oldest, newest in known.versions)


class ForeignMacros:
    """What the names of macros mean in one unit."""

    def __init__(self, tokens: Tokens, base: Base, trusted: frozenset[str]) -> None:
        """`trusted` are the names of the unit's crates behind which the known ones are."""
        self._is_bare = not base.crates
        self._crates = frozenset(KNOWN_CRATES) if self._is_bare else trusted
        self._roots = _roots_of_uses(tokens)

    def knows_derives(self, inside: Iterable[Token], standard: frozenset[str]) -> bool:
        """Whether each trait of `derive(…)` is one of std's or of a known crate."""
        path: list[str] = []
        for token in inside:
            if token.text in ("(", ",", ")"):
                if path and not self._knows_derive(path, standard):
                    return False
                path = []
            else:
                path.append(token.text)
        return not path or self._knows_derive(path, standard)

    def _knows_derive(self, path: list[str], standard: frozenset[str]) -> bool:
        if len(path) == 1 and path[0] in standard:
            return self.is_standard(path[0])
        return self._knows("".join(path), "derives")

    def knows_attribute(self, path: str, inside: Iterable[Token]) -> bool:
        """Whether an attribute that is not the compiler's is a known crate's, or a helper."""
        if path not in _FREE_TEXT and self._leads_out(inside):
            return False
        if path in _ONLY_WITH_ITS_CRATE:
            return False
        return self._knows(path, "attributes") or self._knows(path, "helpers")

    def _leads_out(self, inside: Iterable[Token]) -> bool:
        strings = (token.text for token in inside if token.kind is Kind.STRING)
        return any(map(_LEADS_OUT.search, strings))

    def knows_call(self, path: str) -> bool:
        """Whether a macro that is called is a known crate's."""
        return self._knows(path, "calls")

    def is_standard(self, name: str) -> bool:
        """Whether a name of std's can mean nothing else: no `use` brings it from a crate."""
        return self._is_bare or self._roots.get(name, set()) <= {"std", "core"}

    def _knows(self, path: str, kind: str) -> bool:
        crate, colons, name = path.removeprefix("::").rpartition("::")
        if colons:
            return crate in self._crates and name in getattr(KNOWN_CRATES[crate], kind)
        found = {c for c in self._crates if name in getattr(KNOWN_CRATES[c], kind)}
        return bool(found) and (self._is_bare or self._roots.get(name, set()) <= found)


def _roots_of_uses(tokens: Tokens) -> dict[str, set[str]]:
    """For each word of a `use`, where those paths begin; `as` counts as an unknown beginning."""
    roots: dict[str, set[str]] = {}
    root = ""
    is_use = False
    found = tokens.tokens
    for at, token in enumerate(found):
        if token.text == "use" and token.kind is Kind.IDENT:
            first = at + 1 + (at + 1 < len(found) and found[at + 1].text == "::")
            is_use, root = True, found[first].text if first < len(found) else ""
        elif token.text == ";":
            is_use = False
        elif is_use and token.kind is Kind.IDENT:
            is_renamed = found[at - 1].text == "as"
            roots.setdefault(token.text, set()).add("as" if is_renamed else root)
    return roots
