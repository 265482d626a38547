"""The text of a harness.toml, or of a `harness:` comment, in; settings out."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from harness import toml_text
from harness.errors import ConfigurationError
from harness.model.cargo_choice import CargoChoice
from harness.model.reasons import Reason
from harness.model.settings import Configuration, SnippetSettings

if TYPE_CHECKING:
    from harness.model.fault import Fault

_T = TypeVar("_T")

EDITIONS = ("2015", "2018", "2021", "2024")

_SNIPPET_KEYS = {field.name.replace("_", "-"): field.name for field in fields(SnippetSettings)}
_TOP_KEYS = (
    "source",
    "edition",
    "exclude",
    "project",
    "package",
    "features",
    "all-features",
    "default-features",
    "stubs",
    "locks",
    "dependencies",
    "snippets",
    "claims",
    "deny",
    "allow",
)


def parse_configuration(text: str, path: Path) -> Configuration:
    """Read a harness.toml; an unknown or wrong key is a `ConfigurationError` with its path."""
    at = f"{path}"
    try:
        table = toml_text.parse(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{at}: not TOML: {error}"
        raise ConfigurationError(message) from None
    _refuse_unknown(table, _TOP_KEYS, at, "")
    return Configuration(
        path=path,
        claims=_get(table, "claims", _table, at) or {},
        source=_get(table, "source", _string, at),
        edition=_get(table, "edition", _edition, at),
        exclude=_get(table, "exclude", _strings, at) or (),
        cargo=_cargo(table, path.parent, at),
        stubs_checked=_get(table, "stubs", _stubs, at) or False,
        locks=_get(table, "locks", _string, at),
        dependencies=_beside(_get(table, "dependencies", _dependencies, at) or {}, path.parent),
        snippets=_get(table, "snippets", _snippets, at) or {},
        deny=_get(table, "deny", _reasons, at) or (),
        allow=_get(table, "allow", _reasons, at) or (),
    )


def _cargo(table: Mapping[str, Any], folder: Path, at: str) -> CargoChoice:
    project = _get(table, "project", _project, at)
    package = _get(table, "package", _string, at)
    default = _get(table, "default-features", _boolean, at)
    return CargoChoice(
        is_off=project is False,
        manifest=str((folder / project).resolve()) if isinstance(project, str) else None,
        packages=(package,) if package else (),
        features=_get(table, "features", _strings, at) or (),
        all_features=_get(table, "all-features", _boolean, at) or False,
        no_default_features=default is False,
    )


def parse_comment(text: str) -> SnippetSettings:
    """Read what stands in a `<!-- harness: … -->` comment; wrong text is a `ConfigurationError`."""
    try:
        table = toml_text.parse(text)
    except tomllib.TOMLDecodeError as error:
        message = f"not TOML: {error}"
        raise ConfigurationError(message) from None
    return _snippet(table, "comment", "")


def parse_faults(text: str, path: Path) -> "tuple[Fault, ...]":
    """Read a contract's seeded faults: `[[fault]]` with line, test, find, replace and why."""
    from harness.model.fault import Fault  # noqa: PLC0415 - few pages have any

    try:
        table = toml_text.parse(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not TOML: {error}"
        raise ConfigurationError(message) from None
    _refuse_unknown(table, ("fault",), str(path), "")
    keys = ("line", "test", "find", "replace", "why")
    faults = []
    for number, entry in enumerate(table.get("fault", []), 1):
        _refuse_unknown(entry, keys, str(path), f"fault[{number}].")
        for key in keys:
            if not isinstance(entry.get(key), str):
                raise _wrong(str(path), f"fault[{number}].{key}", "a string", entry.get(key))
        faults.append(Fault(*(entry[key] for key in keys)))
    return tuple(faults)


def merge_settings(base: SnippetSettings, over: SnippetSettings) -> SnippetSettings:
    """The settings of `base`, replaced by those that `over` states."""
    default = SnippetSettings()
    stated = {
        field.name: value
        for field in fields(SnippetSettings)
        if (value := getattr(over, field.name)) != getattr(default, field.name)
    }
    kept = {field.name: getattr(base, field.name) for field in fields(SnippetSettings)}
    return SnippetSettings(**(kept | stated))


def _get(
    table: Mapping[str, Any], key: str, read: Callable[[Any, str, str], _T], at: str
) -> _T | None:
    return read(table[key], at, key) if key in table else None


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], at: str, prefix: str) -> None:
    for key in table:
        if key not in known:
            near = nearest(key, known)
            hint = f"; did you mean `{near[0]}`" if near else f"; known are {', '.join(known)}"
            message = f"{at}: unknown key `{prefix}{key}`{hint}"
            raise ConfigurationError(message)


def nearest(word: str, known: Sequence[str]) -> list[str]:
    """The known word that is meant, if one is near."""
    import difflib  # noqa: PLC0415 - for mistakes only

    return difflib.get_close_matches(word, known, n=1)


def _wrong(at: str, key: str, wanted: str, value: object) -> ConfigurationError:
    kinds = ((dict, "a table"), (list, "an array"), (str, "a string"))
    kind = next((word for each, word in kinds if isinstance(value, each)), repr(value))
    return ConfigurationError(f"{at}: `{key}` must be {wanted}, not {kind}")


def _string(value: Any, at: str, key: str) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise _wrong(at, key, "a string with something in it", value)
    return value


def _strings(value: Any, at: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(at, key, "an array of strings", value)
    return tuple(_string(item, at, f"{key}[{index}]") for index, item in enumerate(value))


def _table(value: Any, at: str, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(at, key, "a table", value)
    return value


def _boolean(value: Any, at: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(at, key, "true or false", value)
    return value


def _project(value: Any, at: str, key: str) -> str | bool:
    if value is False:
        return False
    if not isinstance(value, str) or not value or "\0" in value:
        raise _wrong(at, key, "false, or the path of a Cargo project", value)
    return value


def _reasons(value: Any, at: str, key: str) -> tuple[str, ...]:
    known = [reason.value for reason in Reason]
    names = _strings(value, at, key)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean `{near[0]}`" if near else "`harness explain` lists them"
            message = f"{at}: `{key}`: there is no reason `{name}`; {hint}"
            raise ConfigurationError(message)
    return names


def _edition(value: Any, at: str, key: str) -> str:
    if value not in EDITIONS:
        message = f"{at}: `{key}` must be one of {', '.join(EDITIONS)}, not {value!r}"
        raise ConfigurationError(message)
    return str(value)


def _stubs(value: Any, at: str, key: str) -> bool:
    if value != "checked":
        message = f'{at}: `{key}` must be "checked", not {value!r}'
        raise ConfigurationError(message)
    return True


def _seconds(value: Any, at: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 86_400:
        raise _wrong(at, key, "a number of seconds, above 0 and at most 86400", value)
    return float(value)


def _dependencies(value: Any, at: str, key: str) -> Mapping[str, Mapping[str, object]]:
    if not isinstance(value, dict):
        raise _wrong(at, key, "a table, as in Cargo.toml", value)
    return {
        _crate_name(name, at, key): _dependency(table, at, f"{key}.{name}")
        for name, table in value.items()
    }


def _beside(
    tables: Mapping[str, Mapping[str, object]], folder: Path
) -> Mapping[str, Mapping[str, object]]:
    """The dependencies with paths that do not depend on who reads them."""
    return {
        name: {
            key: str((folder / value).resolve())
            if key == "path" and isinstance(value, str)
            else value
            for key, value in table.items()
        }
        for name, table in tables.items()
    }


def _dependency(value: Any, at: str, key: str) -> Mapping[str, object]:
    if isinstance(value, str):
        return {"version": value}
    if not isinstance(value, dict):
        raise _wrong(at, key, "a version or a table, as in Cargo.toml", value)
    for name, item in value.items():
        if isinstance(item, list):
            _strings(item, at, f"{key}.{name}")
        elif not isinstance(item, str | bool):
            raise _wrong(at, f"{key}.{name}", "a string, a boolean or an array of strings", item)
    return dict(value)


def _crate_name(name: str, at: str, key: str) -> str:
    plain = name.replace("-", "_")
    if not (plain.isascii() and plain.isidentifier() and len(name) <= 64):
        message = f"{at}: `{key}.{name}` is not the name of a crate"
        raise ConfigurationError(message)
    return name


def _crate_type(value: Any, at: str, key: str) -> str:
    known = ("bin", "lib", "proc-macro")
    if value not in known:
        message = f"{at}: `{key}` must be one of {', '.join(known)}, not {value!r}"
        raise ConfigurationError(message)
    return str(value)


def _snippets(value: Any, at: str, key: str) -> Mapping[str, SnippetSettings]:
    if not isinstance(value, dict):
        raise _wrong(at, key, 'a table of tables: [snippets."ID"]', value)
    return {name: _snippet(table, at, f"{key}.{name}.") for name, table in value.items()}


_READERS: Mapping[str, Callable[[Any, str, str], object]] = {
    "dependencies": _strings,
    "timeout": _seconds,
    "compile-timeout": _seconds,
    "edition": _edition,
    "crate-type": _crate_type,
}


def _snippet(value: Any, at: str, prefix: str) -> SnippetSettings:
    if not isinstance(value, dict):
        raise _wrong(at, prefix.rstrip("."), "a table", value)
    _refuse_unknown(value, tuple(_SNIPPET_KEYS), at, prefix)
    read: dict[str, Any] = {
        _SNIPPET_KEYS[key]: _READERS.get(key, _string)(item, at, prefix + key)
        for key, item in value.items()
    }
    return SnippetSettings(**read)
