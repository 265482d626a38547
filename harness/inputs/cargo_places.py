"""A document's folder and configuration in, the Cargo project and the toolchain file there out."""

from dataclasses import replace
from pathlib import Path

from harness.errors import ConfigurationError, UsageError
from harness.inputs.places import find_upwards, shown
from harness.model.cargo_choice import CargoChoice
from harness.model.settings import Configuration
from harness.packages import MANIFEST


def manifest_around(
    folder: Path, configuration: Configuration, asked: CargoChoice
) -> tuple[Path, CargoChoice] | None:
    """The Cargo.toml of the project that a document lives in, and what is taken of it.

    The nearest one upwards, to the root of the repository, unless one is named.
    """
    choice = asked.over(configuration.cargo)
    if choice.is_off:
        return None
    if choice.manifest is not None:
        named = Path(choice.manifest).resolve()
        manifest = named / MANIFEST if named.is_dir() else named
        if not manifest.is_file():
            message = f"there is no Cargo project at {named}; mend `project`, or --manifest-path"
            error = UsageError if asked.manifest else ConfigurationError
            raise error(message)
        return manifest, replace(choice, manifest=None)
    found = find_upwards(looked_from(folder, configuration), MANIFEST)
    return None if found is None else (found, choice)


def looked_from(folder: Path, configuration: Configuration) -> Path:
    """The folder from which a document's project is looked for, upwards."""
    of_other = configuration.source is not None and configuration.folder
    return (of_other or folder).resolve()


def toolchain_folder(folder: Path, configuration: Configuration, asked: CargoChoice) -> Path:
    """The folder whose toolchain a document states: that of its project, or its own."""
    found = manifest_around(folder, configuration, asked)
    return folder if found is None else found[0].parent


def toolchain_file(folder: Path) -> tuple[str, bytes] | None:
    """The file by which rustup chooses in a folder, and its content."""
    for above in (folder, *folder.parents):
        for name in ("rust-toolchain", "rust-toolchain.toml"):
            if (above / name).is_file():
                return shown(above / name), (above / name).read_bytes()
    return None
