"""How two runs stand to the baselines in, how both together do out."""

from collections.abc import Iterable
from dataclasses import replace

from harness.model.baseline import BaselineState


def join_states(
    first: Iterable[BaselineState], second: Iterable[BaselineState]
) -> tuple[BaselineState, ...]:
    """How two runs that follow each other, with different verbs, stand to the same baselines."""
    states = {state.path: state for state in first}
    for state in second:
        before = states.get(state.path)
        states[state.path] = state if before is None else _joined(before, state)
    return tuple(states[path] for path in sorted(states))


def _joined(first: BaselineState, second: BaselineState) -> BaselineState:
    judged = first.known + first.changed + len(first.gone) + first.not_found
    if first.update:  # what is gone has been taken away before the second run looked
        judged -= len(first.gone)
    return replace(
        second,
        known=first.known + second.known,
        changed=first.changed + second.changed,
        new=first.new + second.new,
        gone=(*first.gone, *second.gone),
        not_found=first.not_found + second.not_found,
        not_judged=max(0, second.not_judged - judged),
        update=", then ".join(filter(None, (first.update, second.update))),
    )
