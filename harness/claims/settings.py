"""The `[claims]` table as a dictionary in, the bound claims out."""

import difflib
import re
from collections.abc import Mapping
from fractions import Fraction

from harness.claims.bindings import Binding, ClaimSettings, Count, FigureName
from harness.claims.values import ClaimKind
from harness.errors import ConfigurationError
from harness.model.bench import STATISTICS, Side

_KINDS = {kind.value: kind for kind in ClaimKind if kind is not ClaimKind.NONE}
_COUNT_KEYS = (
    "headings",
    "lines",
    "distinct",
    "blocks",
    "sections",
    "with",
    "without",
    "under",
    "words",
)
_FIGURE = re.compile(
    r"(?:(?P<question>[^:]+?):: *)?(?P<text>.+?)(?:@(?P<which>\d+(?:,\d+)*|\*))?\Z", re.DOTALL
)


def read_settings(table: Mapping[str, object], source: str = "harness.toml") -> ClaimSettings:
    """The settings that a `[claims]` table holds; ConfigurationError names the key at fault."""
    blocks: tuple[str, ...] = ()
    claims: list[Binding] = []
    for name, value in table.items():
        if name == "read-blocks":
            blocks = _texts(value, f"{source}: claims.read-blocks")
        elif isinstance(value, Mapping):
            claims.append(read_binding(name, value, f'{source}: claims."{name}"'))
        else:
            raise ConfigurationError(
                f'{source}: claims."{name}" must be a table, or `read-blocks` a list of headings'
            )
    return ClaimSettings(tuple(claims), blocks)


_KEYS_TEXT = (
    "quote question sha256 figure occurrence figures same formula with count counts kind "
    "bench contract evidence code unit reason part times unsigned "
    "statistic cores side tolerance"
)
_KEYS = _KEYS_TEXT.split()


def read_binding(name: str, table: Mapping[str, object], where: str, line: int = 0) -> Binding:
    """One bound claim from its table."""
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(_KEYS)}"
            raise ConfigurationError(f"{where}: unknown key `{key}`{hint}")
    texts = {
        key: _text(table, key, where)
        for key in (
            "quote",
            "question",
            "sha256",
            "formula",
            "unit",
            "bench",
            "contract",
            "evidence",
            "reason",
            "statistic",
            "side",
        )
    }
    _refuse_unknown_choice(texts, where)
    counts = _counts(table, where)
    figures = _figures(table, where)
    binding = Binding(
        name,
        _kind(table, texts, bool(counts), where),
        figures=figures,
        given=tuple((key, figure_name(text, where)) for key, text in _pairs(table, "with", where)),
        counts=counts,
        is_same="same" in table,
        is_unsigned=_truth(table, "unsigned", where),
        part=_number(table, "part", where) or 0,
        times=_number(table, "times", where),
        cores=_cores(table, where),
        tolerance=_tolerance(table, where),
        code=_texts(table.get("code", ()), f"{where}.code"),
        line=line,
        **texts,
    )
    if binding.code and not binding.evidence:
        raise ConfigurationError(f"{where}.code is for claims with `evidence`")
    if not (binding.quote or binding.figures):
        raise ConfigurationError(f"{where}: needs a `quote`, a `figure`, or `figures`")
    return binding


def _cores(table: Mapping[str, object], where: str) -> int:
    cores = _number(table, "cores", where)
    if cores == 0:
        raise ConfigurationError(f"{where}.cores must be at least 1")
    return 1 if cores is None else cores


def _tolerance(table: Mapping[str, object], where: str) -> Fraction | None:
    text = _text(table, "tolerance", where)
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", text)
    if text and (match is None or Fraction(match[1]) >= 100):
        raise ConfigurationError(f"{where}.tolerance must be written as in `10 %`")
    return Fraction(match[1]) / 100 if match else None


_CHOICES = {
    "side": tuple(side.value for side in Side),
    "statistic": STATISTICS,
}


def _refuse_unknown_choice(texts: Mapping[str, str], where: str) -> None:
    for key, known in _CHOICES.items():
        if texts[key] and texts[key] not in known:
            told = ", ".join(known)
            raise ConfigurationError(f"{where}.{key}: `{texts[key]}` is none of {told}")
    for key in _CHOICES:
        if texts[key] and not texts["bench"]:
            raise ConfigurationError(f"{where}.{key} is for claims with a `bench`")


def _kind(
    table: Mapping[str, object], texts: Mapping[str, str], counted: bool, where: str
) -> ClaimKind:
    """The stated kind, else the one that the keys imply."""
    stated = _text(table, "kind", where)
    if stated:
        if stated not in _KINDS:
            raise ConfigurationError(f"{where}: kind `{stated}` is none of {', '.join(_KINDS)}")
        kind = _KINDS[stated]
    elif counted:
        kind = ClaimKind.COUNT
    elif "same" in table:
        kind = ClaimKind.CONSISTENCY
    elif texts["evidence"]:
        kind = ClaimKind.REPORTED
    elif texts["bench"]:
        kind = ClaimKind.MEASURED
    elif texts["contract"]:
        kind = ClaimKind.BEHAVIOUR
    elif texts["formula"]:
        kind = ClaimKind.LIMIT if re.search(r"[<>≤≥]", texts["formula"]) else ClaimKind.SUM
    else:
        kind = ClaimKind.EXTERNAL
    if kind is ClaimKind.EXTERNAL and not texts["reason"]:
        raise ConfigurationError(f"{where}: an external claim needs a `reason`")
    return kind


def _figures(table: Mapping[str, object], where: str) -> tuple[FigureName, ...]:
    names = [
        figure_name(text, where)
        for key in ("figures", "same")
        if key in table
        for text in _texts(table[key], f"{where}.{key}")
    ]
    figure = _text(table, "figure", where)
    if figure:
        which = _number(table, "occurrence", where)
        name = figure_name(figure, where)
        names.insert(0, FigureName(name.text, (which,), name.question) if which else name)
    return tuple(names)


def figure_name(text: str, where: str) -> FigureName:
    """A figure's name from its spelling."""
    match = _FIGURE.match(text)
    if match is None:
        raise ConfigurationError(f"{where}: `{text}` names no figure")
    which = match["which"]
    if which == "*":
        numbers: tuple[int, ...] = ()
    else:
        numbers = tuple(int(n) for n in which.split(",")) if which else (1,)
    return FigureName(match["text"], numbers, match["question"] or "")


def _counts(table: Mapping[str, object], where: str) -> tuple[tuple[str, Count], ...]:
    found: list[tuple[str, Count]] = []
    if "count" in table:
        found.append(("count", _count(table["count"], f"{where}.count")))
    more = table.get("counts", {})
    if not isinstance(more, Mapping):
        raise ConfigurationError(f"{where}.counts must be a table")
    found.extend((key, _count(value, f"{where}.counts.{key}")) for key, value in more.items())
    return tuple(found)


def _count(value: object, where: str) -> Count:
    if not isinstance(value, Mapping) or not all(key in _COUNT_KEYS for key in value):
        raise ConfigurationError(f"{where} must be a table with keys of {', '.join(_COUNT_KEYS)}")
    what = next(
        (key for key in ("sections", "headings", "lines", "distinct", "blocks") if key in value), ""
    )
    if not what:
        raise ConfigurationError(
            f"{where}: needs one of sections, headings, lines, distinct, blocks"
        )
    texts = {key: _text(value, key, where) for key in _COUNT_KEYS}
    for key in (what, "with", "without"):
        try:
            re.compile(texts[key])
        except re.error as error:
            raise ConfigurationError(f"{where}.{key}: no regular expression: {error}") from error
    span = re.fullmatch(r"(\d{1,9})-(\d{1,9})", texts["words"])
    if texts["words"] and span is None:
        raise ConfigurationError(f"{where}.words must be written as in `150-300`")
    words = (int(span[1]), int(span[2])) if span else None
    return Count(what, texts[what], texts["with"], texts["without"], texts["under"], words)


def _text(table: Mapping[str, object], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ConfigurationError(f"{where}.{key} must be text")
    return value


def _number(table: Mapping[str, object], key: str, where: str) -> int | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise ConfigurationError(f"{where}.{key} must be a number")
    return value


def _truth(table: Mapping[str, object], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ConfigurationError(f"{where}.{key} must be true or false")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise ConfigurationError(f"{where} must be a list of texts")
    return tuple(value)


def _pairs(table: Mapping[str, object], key: str, where: str) -> list[tuple[str, str]]:
    value = table.get(key, {})
    if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
        raise ConfigurationError(f"{where}.{key} must be a table of texts")
    return [(str(name), str(text)) for name, text in value.items()]
