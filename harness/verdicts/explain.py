"""The name of a reason or of a compiler's error in, what it means out."""

import difflib

from harness.errors import UsageError
from harness.model.reasons import Reason

_WIDTH = max(len(reason.value) for reason in Reason)


def explain(name: str | None) -> str:
    """What a reason means and what to do; the whole table where no name is given."""
    if name is None:
        return _table()
    if name[:1] == "E" and name[1:].isdigit():
        return (
            f"{name} is an error of the compiler: `rustc --explain {name}` tells about it.\n"
            "The harness reports it as `compile-error`, and demands it of a block marked "
            f"`compile_fail,{name}`.\n"
        )
    try:
        reason = Reason(name)
    except ValueError:
        near = difflib.get_close_matches(name, [r.value for r in Reason], n=1)
        hint = f"; did you mean `{near[0]}`" if near else "; `harness explain` lists all"
        message = f"there is no reason `{name}`{hint}"
        raise UsageError(message) from None
    entry = reason.entry
    return (
        f"{reason.value}  ({entry.outcome.value}, level {entry.level.value})\n\n"
        f"{entry.meaning[0].upper()}{entry.meaning[1:]}.\n"
        f"Next: {entry.next_step}.\n"
    )


def _table() -> str:
    rows = [
        f"{e.outcome.value:<5} {e.level.value:<8} {r.value:<{_WIDTH}}  {e.meaning}"
        for r, e in ((reason, reason.entry) for reason in Reason)
    ]
    return "\n".join(rows) + "\n"
