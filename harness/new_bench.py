"""A document and a quote of its in, a bench to fill in and the claim's entry out."""

import re
from pathlib import Path

from harness import toml_text
from harness.claims import ClaimSettings, read_settings
from harness.claims.measured import measured_claims
from harness.claims.stated import Unreadable
from harness.errors import ConfigurationError, UsageError
from harness.files import write_atomically
from harness.inputs.corpus import Source, read_corpus
from harness.inputs.places import CONFIGURATION, shown
from harness.manifests import write_toml
from harness.model.bench import Dimension, Stated
from harness.model.values import dataclass

_STATISTIC = re.compile(r"\bp(50|90|95|99(?:\.9)?)\b")
_CALLS = """    // What the page defines is in scope. What the call needs is made here, untimed.
    bench.calls(|| {
        todo!("the call that the figure is about")
    });
"""
_RATE = """    // Each core has a thread with a state of its own; a step returns its operations.
    bench.rate(
        |_thread| todo!("what a thread needs"),
        |_state: &mut ()| 1,
    );
"""
_SHARE = """    // Draw random input from `bench.seed()`, so that launches differ.
    let (hits, trials) = todo!("count");
    bench.share(hits, trials);
"""
_BODIES = {Dimension.TIME: _CALLS, Dimension.RATE: _RATE, Dimension.PLAIN: _SHARE}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, for the reader to open."""

    bench: Path
    configuration: Path
    name: str

    @property
    def text(self) -> str:
        """In words, with the next step."""
        return (
            f"wrote {shown(self.bench)}: fill in `fn {self.name}`\n"
            f"wrote {shown(self.configuration)}: the claim\n"
            "next  harness bench\n"
        )


def new_bench(quote: str, path: Path, max_bytes: int, config: Path | None) -> Written:
    """Write a bench for a figure of one document: its file and its entry, and nothing else."""
    sources = read_corpus((path,), max_bytes, config, ()).sources
    if not path.is_file() or len(sources) != 1:
        message = "--new: name one document"
        raise UsageError(message)
    source = sources[0]
    configuration = source.configuration.path or source.folder / CONFIGURATION
    entry = _entry(quote, source, configuration)
    stated = _stated(quote, source, entry)
    name = _name(quote)
    bench = source.folder / "benches" / f"{source.file.stem}.rs"
    known = bench.read_text(encoding="utf-8") if bench.is_file() else ""
    if re.search(rf"\bfn\s+{name}\b", known):
        message = f"--new: {shown(bench)} has a bench `{name}` already"
        raise UsageError(message)
    old = configuration.read_text(encoding="utf-8") if configuration.is_file() else ""
    added = write_toml({"claims": {quote: entry | {"bench": name}}})
    text = f"{old.rstrip()}\n\n{added}".lstrip()
    toml_text.parse(text)
    write_atomically(bench, known + _bench(name, quote, stated, is_first=not known))
    write_atomically(configuration, text)
    return Written(bench, configuration, name)


def _entry(quote: str, source: Source, configuration: Path) -> dict[str, object]:
    if quote in source.configuration.claims:
        message = f'--new: {shown(configuration)} has [claims."{quote}"] already'
        raise UsageError(message)
    entry: dict[str, object] = {"document": source.file.stem, "quote": quote}
    if found := _STATISTIC.search(quote):
        entry["statistic"] = found[0]
    return entry


def _stated(quote: str, source: Source, entry: dict[str, object]) -> Stated:
    """The figure in the quote; a UsageError where there is none, or not just one."""
    table = {key: value for key, value in entry.items() if key != "document"}
    found = _held(quote, source, table)
    if isinstance(found, Unreadable):  # a plain number has no side of its own
        entry["side"] = "at most"
        found = _held(quote, source, table | {"side": "at most"})
    if isinstance(found, Stated):
        return found
    message = f"--new: {found.message}; quote the words around one figure as the document has them"
    raise UsageError(message)


def _held(quote: str, source: Source, table: dict[str, object]) -> Stated | Unreadable:
    try:
        settings = read_settings({quote: table | {"bench": "new"}})
    except ConfigurationError as error:
        message = f"--new: {error}"
        raise UsageError(message) from error
    document = source.document
    return measured_claims(document.path, document.text, ClaimSettings(settings.claims))[0]


def _name(quote: str) -> str:
    words = re.findall(r"[a-z][a-z0-9]+", quote.lower())
    return "_".join(words[:5]) or "figure"


def _bench(name: str, quote: str, stated: Stated, *, is_first: bool) -> str:
    head = "use super::*;\nuse probe::Bench;\n" if is_first else ""
    told = " ".join(quote.split())
    return f"{head}\n/// {told}\nfn {name}(bench: &mut Bench) {{\n{_BODIES[stated.dimension]}}}\n"
