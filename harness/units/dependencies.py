"""The names that a unit uses, the registry and what is declared in; the unit's base out."""

from collections.abc import Iterable, Mapping

from harness.model.registry import Registry, Stub
from harness.model.settings import Configuration, DependencyChoice
from harness.model.unit import Base, CrateSpec
from harness.model.verdict import Dependencies

STANDARD = frozenset({"std", "core", "alloc", "proc_macro", "test"})


def choose_base(
    names: Iterable[str],
    configuration: Configuration,
    registry: Registry,
    choice: DependencyChoice,
) -> Base:
    """The least base that gives a crate for each name that has one.

    A declared dependency is real, whatever `choice` says. Without a declaration a light crate
    is real and any other is its stub (`auto`), or one side is forced. A name without a crate
    is left out: the compiler will say so.
    """
    declared = {name.replace("-", "_"): name for name in configuration.dependencies}
    chosen = []
    for name in sorted(set(names) - STANDARD):
        if name in declared:
            key = declared[name]
            chosen.append(declared_crate(name, key, configuration.dependencies[key]))
        elif crate := _undeclared(name, registry, choice):
            chosen.append(crate)
    return Base(tuple(chosen))


def declared_crate(name: str, key: str, table: Mapping[str, object]) -> CrateSpec:
    """A dependency as a configuration states it."""
    version = table.get("version", table.get("git", table.get("path", "*")))
    return CrateSpec(name, key, Dependencies.REAL, str(version), _frozen(table))


def _undeclared(name: str, registry: Registry, choice: DependencyChoice) -> CrateSpec | None:
    real, stub = registry.real.get(name), registry.stubs.get(name)
    wants_stub = choice is DependencyChoice.STUB or (
        choice is DependencyChoice.AUTO and name not in registry.light
    )
    is_fiction = stub is not None and stub.kind is Dependencies.FICTIONAL
    if choice is DependencyChoice.REAL and is_fiction:
        return None
    if stub is not None and (wants_stub or real is None):
        return _stub_crate(stub, registry)
    if real is None:
        return None
    key, table = real
    return declared_crate(name, key, table)


def _stub_crate(stub: Stub, registry: Registry) -> CrateSpec:
    folder = f"{registry.stub_folder}/{stub.package}"
    return CrateSpec(stub.name, stub.package, stub.kind, stub.version, _frozen({"path": folder}))


def _frozen(table: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(table.items())
    )


def describe(base: Base) -> tuple[str, ...]:
    """`name version kind` of each crate."""
    return tuple(f"{crate.name} {crate.version} {crate.kind.value}" for crate in base.crates)
