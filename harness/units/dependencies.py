"""The names that a unit uses, the registry and what is declared in; the unit's base out."""

from collections.abc import Iterable, Mapping

from harness.model.project import Project, Reached
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
    project: Project | None = None,
) -> Base:
    """The least base that gives a crate for each name that has one.

    A declared dependency is real, whatever `choice` says. Without a declaration a light crate
    is real and any other is its stub (`auto`), or one side is forced. A name without a crate
    is left out: the compiler will say so. Crates of a Cargo project are real, and come first;
    of what a configuration declares beside a project, the project knows already.
    """
    declared = {name.replace("-", "_"): name for name in configuration.dependencies}
    reach = project.reach if project else {}
    chosen, ambiguous = [], []
    for name in sorted(set(names) - STANDARD):
        meant = reach.get(name, ())
        if len(meant) > 1:
            ambiguous.append(f"{name} is {' or '.join(_told(each) for each in meant)}")
        elif meant:
            chosen.append(_reached(meant[0]))
        elif name in declared:
            key = declared[name]
            chosen.append(declared_crate(name, key, configuration.dependencies[key]))
        elif project is not None and project.cause:
            # What the project would give comes before what the registry has.
            return Base(project=project.manifest)
        elif crate := _undeclared(name, registry, choice):
            chosen.append(crate)
    of_project = project.folder if project and any(crate.id for crate in chosen) else ""
    return Base(tuple(chosen), project=of_project, ambiguous=tuple(ambiguous))


def _told(crate: Reached) -> str:
    return f"{crate.package} {crate.version} ({', '.join(crate.members)})"


def _reached(crate: Reached) -> CrateSpec:
    key = crate.name if dict(crate.table).get("package") else crate.package
    return CrateSpec(crate.name, key, Dependencies.REAL, crate.version, crate.table, crate.id)


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
