"""A text, its setting and the texts above it → a program that holds the text unchanged.

Where rustdoc's frame does not fit what a text is (methods, `?`, `.await`, a value at the end),
another one may. Every line keeps its way back to the text that it comes from.
"""

from collections.abc import Sequence
from enum import Enum

from harness.model.values import dataclass
from harness.rust.program import ALLOW_UNUSED, Frame, Piece, Program, Writer
from harness.rust.shape import Content, Shape, shape_of

_RESULT = "::std::result::Result<{value}, ::std::boxed::Box<dyn ::std::error::Error>>"
_OPTION = "::std::option::Option<{value}>"


class Asks(Enum):
    """What the operator `?` returns from the function around a text."""

    NOTHING = "nothing"
    RESULT = "result"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text is put into."""

    at_top: bool = False
    """Its items stand at the top level, so that `crate::` and `super::` reach them; else the
    text is the body of a function."""
    is_method: bool = False
    """It stands in an `impl`; without `at_top`, as the body of a method with `&mut self`."""
    is_async: bool = False
    asks: Asks = Asks.NOTHING
    drops_value: bool = False
    """The text is a block whose value is not used: `let _ = { … };`."""
    returns_tail: bool = False
    """The last expression is what the function returns, an `Ok(…)` or `Some(…)`."""
    receiver: str = ""
    """The type that methods belong to, declared above the text; empty for one of our own."""


def setting_for(shape: Shape) -> Setting | None:
    """The least setting that a text's shape asks for.

    None for a text that is not Rust, or that has a main function.
    """
    if shape.content is Content.UNREADABLE or is_with_main(shape):
        return None
    if shape.content is Content.METHODS:
        return Setting(at_top=True, is_method=True)
    if shape.content in (Content.ITEMS, Content.NOTHING):
        return Setting(at_top=True)
    tail = shape.tokens.text[slice(*shape.tail)]
    is_ok = tail.startswith(("Ok(", "Ok::", "Err(")) and tail.endswith(")")
    is_some = tail.startswith("Some(") and tail.endswith(")") and shape.asks
    asks = Asks.OPTION if is_some else Asks.RESULT if shape.asks or is_ok else Asks.NOTHING
    return Setting(
        is_method=shape.uses_self,
        is_async=shape.awaits,
        asks=asks,
        drops_value=shape.has_tail and not (is_ok or is_some),
        returns_tail=is_ok or is_some,
    )


def is_with_main(shape: Shape) -> bool:
    """Whether the text is a program already: a main function and only items beside it."""
    return shape.has_main and shape.content is Content.ITEMS


def shaped(
    code: str, edition: str, setting: Setting, *, above: Sequence[str] = ()
) -> Program | None:
    """The program with `code` in `setting`, below the items of the texts `above`.

    None where a text has brackets without a partner, because it could end the setting early.
    An origin's `text` is 0 for the code and n for the n-th text above. Leading inner attributes
    and `extern crate` items go to the top, as in rustdoc's programs.
    """
    shapes = [shape_of(text, edition) for text in (code, *above)]
    if any(shape.tokens.imbalance is not None for shape in shapes):
        return None
    writer = Writer(code, *above)
    writer.add(ALLOW_UNUSED)
    hoisted = [_hoisted(shape) for shape in shapes]
    for kind in range(3):
        for text, pieces in enumerate(hoisted):
            for piece in pieces[kind]:
                writer.take(piece, text)
    for text in range(1, len(shapes)):
        writer.take_all(_flat(hoisted[text]), text)
    before, after = _around(setting, _receiver(setting, shapes))
    for line in before:
        writer.add(line)
    writer.take_all(_flat(hoisted[0]))
    for line in after:
        writer.add(line)
    main = _main(setting, [is_with_main(shape) for shape in shapes])
    if main:
        writer.add(main)
    return writer.program(Frame.SHAPED)


def _hoisted(shape: Shape) -> tuple[tuple[Piece, ...], ...]:
    attributes = shape.inner_attributes
    return (
        tuple(Piece(a.start, a.end) for a in attributes if not a.is_lint and a.name != "doc"),
        tuple(Piece(a.start, a.end) for a in attributes if a.is_lint),
        tuple(Piece(d.start, d.end) for d in shape.definitions if d.kind == "extern crate"),
    )


def _flat(pieces: tuple[tuple[Piece, ...], ...]) -> tuple[Piece, ...]:
    return tuple(piece for group in pieces for piece in group)


def _receiver(setting: Setting, shapes: Sequence[Shape]) -> tuple[str, str]:
    """The type that methods belong to, and its declaration where it needs one."""
    if not setting.is_method or setting.receiver:
        return setting.receiver, ""
    taken = frozenset[str]().union(*(shape.idents for shape in shapes))
    name = "Context"
    while name in taken:
        name += "_"
    return name, f"struct {name};"


def _around(setting: Setting, receiver: tuple[str, str]) -> tuple[list[str], list[str]]:
    """The lines before and after the text."""
    name, declaration = receiver
    before = [declaration] if declaration else []
    after: list[str] = []
    if setting.is_method:
        before.append(f"impl {name} {{")
        after.insert(0, "}")
    if setting.at_top:
        return before, after
    head = "async fn" if setting.is_async else "fn"
    parameters = "(&mut self)" if setting.is_method else "()"
    before.append(f"{head} _snippet{parameters}{_returns(setting)} {{")
    after.insert(0, "}")
    if setting.drops_value:
        before.append("let _ = {")
    end = {Asks.RESULT: "Ok(())", Asks.OPTION: "Some(())"}.get(setting.asks, "")
    closing = "};" if setting.drops_value else ""
    if end and not setting.returns_tail:
        # The text may end without its semicolon only where it is returned or dropped.
        closing = f"{closing} ::std::{_ENDS[setting.asks]}".strip()
    if closing:
        after.insert(0, closing)
    return before, after


_ENDS = {Asks.RESULT: "result::Result::Ok(())", Asks.OPTION: "option::Option::Some(())"}


def _returns(setting: Setting) -> str:
    if setting.asks is Asks.NOTHING:
        return ""
    form = _RESULT if setting.asks is Asks.RESULT else _OPTION
    return " -> " + form.format(value="impl Sized" if setting.returns_tail else "()")


def _main(setting: Setting, with_main: list[bool]) -> str:
    """The main function for a program that has none."""
    if any(with_main[1:]) or (with_main[0] and setting.at_top and not setting.is_method):
        return ""
    if setting.at_top or setting.is_method or setting.is_async:
        return "fn main() {}"
    if setting.asks is Asks.NOTHING:
        return "fn main() { _snippet() }"
    return "fn main() { let _ = _snippet().unwrap(); }"
