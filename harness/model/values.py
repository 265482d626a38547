"""Dataclasses with slots, made at a quarter of what `dataclasses` takes to make one.

There each class gets six methods that are written out as text and compiled when its module is
loaded. A run loads a hundred of them and makes values of few. Here methods are shared, and
`__init__` is compiled when the first value of its class is made.
"""

import dataclasses
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, slots: bool, frozen: bool = False) -> Callable[[type], type]:
        """As that of `dataclasses`, for classes that inherit nothing and state no such method."""
        assert slots
        return partial(_made, is_frozen=frozen)


def _made(plain: type, *, is_frozen: bool) -> type:
    plain.__doc__ = plain.__doc__ or plain.__name__  # else it is made from a signature, at length
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    held = _getter([f.name for f in dataclasses.fields(made) if f.compare])

    def equal(self: object, other: object) -> object:
        return held(self) == held(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(held(self))

    methods: dict[str, object] = {"__init__": _first_init, "__eq__": equal, "__repr__": _shown}
    frozen = {"__hash__": hashed, "__setattr__": _refuse, "__delattr__": _refuse}
    for name, method in (methods | (frozen if is_frozen else {"__hash__": None})).items():
        setattr(made, name, method)
    return made


def _getter(names: list[str]) -> Callable[[object], object]:
    """Gives the tuple of the named attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _shown(self: Any) -> str:
    told = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(told)})"


def _refuse(self: object, name: str, *_: object) -> None:
    message = f"{type(self).__name__}.{name} is frozen"
    raise dataclasses.FrozenInstanceError(message)


def _first_init(self: object, *values: object, **named: object) -> None:
    """Put the compiled `__init__` in this one's place."""
    kind: Any = type(self)
    kind.__init__ = _compiled_init(kind)
    kind.__init__(self, *values, **named)


def _compiled_init(kind: type) -> object:
    """Sets each field in turn, by `object.__setattr__`, since the class refuses."""
    scope: dict[str, Any] = {"__set__": object.__setattr__, "__unset__": object()}
    parameters, body = ["self"], []
    for field in dataclasses.fields(kind):
        name = field.name
        if field.default_factory is not dataclasses.MISSING:
            scope[f"_default_{name}"] = field.default_factory
            parameters.append(f"{name}=__unset__")
            body.append(
                f" __set__(self, {name!r}, _default_{name}() if {name} is __unset__ else {name})"
            )
            continue
        body.append(f" __set__(self, {name!r}, {name})")
        if field.default is not dataclasses.MISSING:
            scope[f"_default_{name}"] = field.default
            name = f"{name}=_default_{name}"
        parameters.append(name)
    text = f"def __init__({', '.join(parameters)}):\n" + "\n".join(body or [" pass"])
    exec(text, scope)  # noqa: S102 - names of fields only, as `dataclasses` does it
    return scope["__init__"]
