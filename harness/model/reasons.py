"""The closed table of reasons: each with its outcome, its level, and its explanation."""

from enum import Enum

from harness.model.values import dataclass


class Outcome(Enum):
    """What a verdict comes to."""

    PASS = "PASS"
    FAIL = "FAIL"
    SKIP = "SKIP"
    ERROR = "ERROR"


class Level(Enum):
    """What a reason does to CI: `error` gates, `warning` is shown, `note` is counted."""

    NONE = "none"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return ("none", "note", "warning", "error").index(self.value)


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """What a reason means and what to do about it."""

    outcome: Outcome
    level: Level
    meaning: str
    next_step: str


class Reason(Enum):
    """Why a verdict has its outcome. The values are the names in reports."""

    __hash__ = object.__hash__  # by identity, as they are compared; Enum's is five times as slow

    COMPILES = "compiles"
    COMPILES_WITH_CONTEXT = "compiles-with-context"
    FAILS_AS_STATED = "fails-as-stated"
    RAN = "ran"
    PANICKED_AS_STATED = "panicked-as-stated"
    KEPT = "kept"

    CLAIM_RIGHT = "claim-right"
    MET = "met"

    COMPILE_ERROR = "compile-error"
    NOT_RUST = "not-rust"
    NEEDS_CONTEXT = "needs-context"
    UNKNOWN_CRATE = "unknown-crate"
    FAILED_FOR_ANOTHER_REASON = "failed-for-another-reason"
    COMPILES_THOUGH_IT_SHOULD_FAIL = "compiles-though-it-should-fail"
    COMPILES_ONLY_IF = "compiles-only-if"
    PANICKED = "panicked"
    DID_NOT_PANIC = "did-not-panic"
    FAILED_RUN = "failed-run"
    KILLED_BY_SIGNAL = "killed-by-signal"
    TIME_LIMIT = "time-limit"
    COMPILE_TIME_LIMIT = "compile-time-limit"
    COMPILER_CRASHED = "compiler-crashed"
    OUT_OF_MEMORY = "out-of-memory"
    OUTPUT_LIMIT = "output-limit"
    PROCESS_LIMIT = "process-limit"
    DISK_LIMIT = "disk-limit"
    TAMPERED = "tampered"
    BROKEN_PROMISE = "broken-promise"
    MISSING_INCLUDE = "missing-include"
    UNREADABLE_COMMENT = "unreadable-comment"

    CLAIM_WRONG = "claim-wrong"
    MISSED = "missed"
    REGRESSED = "regressed"
    DIMENSION_ERROR = "dimension-error"
    QUOTE_NOT_FOUND = "quote-not-found"
    UNREADABLE_CLAIM = "unreadable-claim"
    EVIDENCE_NOT_FOUND = "evidence-not-found"
    STALE_EVIDENCE = "stale-evidence"

    NOT_TESTED_BY_RUSTDOC = "not-tested-by-rustdoc"
    MISSPELT_ATTRIBUTE = "misspelt-attribute"
    UNCLOSED_FENCE = "unclosed-fence"
    BIDIRECTIONAL_CONTROL = "bidirectional-control"
    NEEDS_ENVIRONMENT = "needs-environment"
    IGNORED_BUT_COMPILES = "ignored-but-compiles"
    IGNORED_AND_BROKEN = "ignored-and-broken"
    IGNORED_AND_NOT_RUST = "ignored-and-not-rust"
    IGNORED = "ignored"
    NOT_SELECTED_TARGET = "not-selected-target"

    REPORTED = "reported"
    UNDECIDED = "undecided"
    NOT_MEASURABLE = "not-measurable"
    NOT_RUN = "not-run"
    DISPUTED = "disputed"
    EXTERNAL = "external"
    UNACCOUNTED = "unaccounted"

    NO_EVIDENCE = "no-evidence"
    DEPENDENCY_BROKEN = "dependency-broken"
    PROJECT_BROKEN = "project-broken"
    NEEDS_PROJECT = "needs-project"
    AMBIGUOUS_DEPENDENCY = "ambiguous-dependency"
    STUB_LACKS = "stub-lacks"

    @property
    def entry(self) -> ReasonEntry:
        """The row of the table."""
        return TABLE[self]

    @property
    def outcome(self) -> Outcome:
        """The outcome that the reason belongs to."""
        return TABLE[self].outcome

    @property
    def level(self) -> Level:
        """The level before any `--deny` or `--allow`."""
        return TABLE[self].level


def _passes(meaning: str) -> ReasonEntry:
    return ReasonEntry(Outcome.PASS, Level.NONE, meaning, "nothing to do")


def _fails(meaning: str, next_step: str) -> ReasonEntry:
    return ReasonEntry(Outcome.FAIL, Level.ERROR, meaning, next_step)


def _warns(meaning: str, next_step: str) -> ReasonEntry:
    return ReasonEntry(Outcome.SKIP, Level.WARNING, meaning, next_step)


def _notes(meaning: str, next_step: str) -> ReasonEntry:
    return ReasonEntry(Outcome.SKIP, Level.NOTE, meaning, next_step)


def _cannot_tell(meaning: str, next_step: str) -> ReasonEntry:
    return ReasonEntry(Outcome.ERROR, Level.ERROR, meaning, next_step)


TABLE: dict[Reason, ReasonEntry] = {
    Reason.COMPILES: _passes("the compiler accepted the block as it stands"),
    Reason.COMPILES_WITH_CONTEXT: _passes(
        "the compiler accepted the block with context that the basis names"
    ),
    Reason.FAILS_AS_STATED: _passes("a `compile_fail` block fails with the error it states"),
    Reason.RAN: _passes("the block compiled, ran, and ended with success"),
    Reason.PANICKED_AS_STATED: _passes("a `should_panic` block ran and failed"),
    Reason.KEPT: _passes("the contract's test ran and held"),
    Reason.CLAIM_RIGHT: _passes(
        "the stated number is what recomputing it gives, or stands in a computation that holds"
    ),
    Reason.MET: _passes("the bench decided that the measured claim holds"),
    Reason.COMPILE_ERROR: _fails(
        "the compiler refuses the block for a fault of its own",
        "mend the block at the line shown; `harness show ID` prints what was compiled",
    ),
    Reason.NOT_RUST: _fails(
        "the block is not Rust: its brackets or its grammar do not hold",
        "mend it, or label the fence `text`",
    ),
    Reason.NEEDS_CONTEXT: _fails(
        "the only errors are names that neither a crate nor an earlier block defines",
        "define the names in an earlier block or a hidden line, for the whole page in "
        "contexts/PAGE.rs beside it, or for one block in a context file: "
        '`[snippets."ID"] context = "FILE"` in harness.toml',
    ),
    Reason.UNKNOWN_CRATE: _fails(
        "the block uses a crate that was not given",
        "add the crate to `[dependencies]` in harness.toml, or to the dependencies or "
        "dev-dependencies of the Cargo package that the document lives in",
    ),
    Reason.FAILED_FOR_ANOTHER_REASON: _fails(
        "a `compile_fail` block fails, but not with the error code it states",
        "mend the block, or state the code that the compiler reports",
    ),
    Reason.COMPILES_THOUGH_IT_SHOULD_FAIL: _fails(
        "a `compile_fail` block compiles",
        "take `compile_fail` away, or restore the fault that it is to show",
    ),
    Reason.COMPILES_ONLY_IF: _fails(
        "the block compiles only under an assumption that its page does not state",
        "state the assumption on the page, or change the block",
    ),
    Reason.PANICKED: _fails("the block ran and panicked", "mend it, or label it `should_panic`"),
    Reason.DID_NOT_PANIC: _fails(
        "a `should_panic` block ran to its end with success",
        "take `should_panic` away, or restore the panic",
    ),
    Reason.FAILED_RUN: _fails(
        "the block ran and ended with a failing exit status, without a panic",
        "mend it, or label it `no_run`",
    ),
    Reason.KILLED_BY_SIGNAL: _fails("the block ran and was ended by a signal", "mend the block"),
    Reason.TIME_LIMIT: _fails(
        "the block ran longer than `--timeout`",
        "label it `no_run`, or raise the limit: `<!-- harness: timeout = 60 -->`",
    ),
    Reason.COMPILE_TIME_LIMIT: _fails(
        "the compiler needed longer than `--compile-timeout` for the block",
        "make the block's constants or types smaller, or raise the limit",
    ),
    Reason.COMPILER_CRASHED: _fails(
        "the compiler itself crashed on the block",
        "make the block smaller until it compiles; the compiler's bug tracker may know it",
    ),
    Reason.OUT_OF_MEMORY: _fails("the block used more memory than its limit", "make it smaller"),
    Reason.OUTPUT_LIMIT: _fails(
        "the block wrote more output than the limit", "write less, or label it `no_run`"
    ),
    Reason.PROCESS_LIMIT: _fails(
        "the block asked for more processes and threads than its container may have",
        "start fewer, or label it `no_run`",
    ),
    Reason.DISK_LIMIT: _fails(
        "the block filled the space, or the number of files, that its container may have",
        "write less, or label it `no_run`",
    ),
    Reason.TAMPERED: _fails(
        "the program wrote what only the harness may write, so nothing that it says is believed",
        "read the page's code and its bench before you run either again",
    ),
    Reason.BROKEN_PROMISE: _fails(
        "a contract's test failed: the page's code does not do what its prose says",
        "mend the code or the prose",
    ),
    Reason.MISSING_INCLUDE: _fails(
        "an include names a file, a line or an anchor that cannot be read",
        "mend the path or the anchor; includes may reach anywhere inside the repository",
    ),
    Reason.UNREADABLE_COMMENT: _fails(
        "a `harness:` comment is not the TOML that it should be",
        'mend the comment; its keys are those of `[snippets."ID"]` in harness.toml',
    ),
    Reason.CLAIM_WRONG: _fails(
        "recomputing gives another number than the text states",
        "correct the number that the message names, or what it was computed from",
    ),
    Reason.MISSED: _fails(
        "the bench decided that the measured claim does not hold",
        "correct the text, with date and host, or mend the code",
    ),
    Reason.REGRESSED: _fails(
        "a bench is worse than in the saved run that it was compared with",
        "look at what changed since, or save a new run with `--save FILE`",
    ),
    Reason.DIMENSION_ERROR: _fails(
        "a formula adds, compares or states amounts of different dimensions",
        "mend the text, or the units in the formula",
    ),
    Reason.QUOTE_NOT_FOUND: _fails(
        "a bound claim's quote or figure is no longer in the document",
        "bind the claim to what the text says now, or take it out",
    ),
    Reason.UNREADABLE_CLAIM: _fails(
        "a bound claim cannot be understood: its TOML, its formula, or its quote",
        "mend the claim as the message says",
    ),
    Reason.EVIDENCE_NOT_FOUND: _fails(
        "a claim's result file, or the number in it, cannot be read",
        "run the tool that writes the file, or mend `evidence`",
    ),
    Reason.STALE_EVIDENCE: _fails(
        "a claim's result file is older than the code that it measures", "measure again"
    ),
    Reason.NOT_TESTED_BY_RUSTDOC: _warns(
        "the block was meant as Rust, and rustdoc leaves it out without a word",
        "write the info string as the message shows",
    ),
    Reason.MISSPELT_ATTRIBUTE: _warns(
        "rustdoc ignores a word of the info string that looks like a misspelt attribute",
        "write the attribute as the message shows",
    ),
    Reason.UNCLOSED_FENCE: _warns(
        "the fence is never closed, so the block runs to the end of what holds it",
        "close the fence",
    ),
    Reason.BIDIRECTIONAL_CONTROL: _warns(
        "the block holds a character that makes text look different from what it is",
        "write the character as an escape",
    ),
    Reason.NEEDS_ENVIRONMENT: _warns(
        "the block cannot be judged without something outside it, such as a database",
        'give what the message names in harness.toml, for example `schema = "FILE.sql"`',
    ),
    Reason.IGNORED_BUT_COMPILES: _notes(
        "the block is marked `ignore` and compiles", "take `ignore` away"
    ),
    Reason.IGNORED_AND_BROKEN: _notes(
        "the block is marked `ignore` and does not compile", "mend it, then take `ignore` away"
    ),
    Reason.IGNORED_AND_NOT_RUST: _notes(
        "the block is marked `ignore` and is not Rust", "label the fence `text`"
    ),
    Reason.IGNORED: _notes(
        "the block is marked `ignore` and was not looked at", "leave out `--no-ignored`"
    ),
    Reason.NOT_SELECTED_TARGET: _notes(
        "the block is marked `ignore-TARGET` for the target of this run", "nothing to do"
    ),
    Reason.REPORTED: _warns(
        "the number is that of a file that another tool wrote; nothing here measured it",
        "nothing to do; a bench of the harness can decide it",
    ),
    Reason.UNDECIDED: _warns(
        "the measured interval lies on both sides of the stated value", "measure longer"
    ),
    Reason.NOT_MEASURABLE: _notes(
        "the claim cannot be measured here, for the cause that the message names",
        "run it where it can",
    ),
    Reason.NOT_RUN: _notes(
        "the bench, contract or report that decides the number has not been run",
        "run it, then `harness claims --report-from FILE`",
    ),
    Reason.DISPUTED: _notes(
        "the number is a term of a computation that does not hold; the finding is at its outcome",
        "look at the finding that the message names",
    ),
    Reason.EXTERNAL: _notes(
        "the configuration says that nothing here can test the number, and why", "nothing to do"
    ),
    Reason.UNACCOUNTED: _notes(
        "nothing recomputes, measures or explains the number",
        'bind it: `[claims."NAME"]` in harness.toml',
    ),
    Reason.NO_EVIDENCE: _cannot_tell(
        "neither an artifact nor an error came from the compiler",
        "run again with `--verbose`; if it stays, report it as a defect of the harness",
    ),
    Reason.DEPENDENCY_BROKEN: _cannot_tell(
        "a dependency does not resolve or does not build, so the block was not judged",
        "mend the dependency that the message names in `[dependencies]` of harness.toml",
    ),
    Reason.PROJECT_BROKEN: _cannot_tell(
        "the Cargo project around the documents cannot be resolved or does not build",
        "mend the project; if the documents have nothing to do with it, `--no-project`, or "
        "`project = false` in harness.toml",
    ),
    Reason.NEEDS_PROJECT: ReasonEntry(
        Outcome.ERROR,
        Level.NOTE,
        "the block was not judged, because the Cargo project whose crates it needs is broken",
        "mend the project; its own finding, `project-broken`, says what is wrong",
    ),
    Reason.AMBIGUOUS_DEPENDENCY: _cannot_tell(
        "packages of the workspace give a name that the block uses to different crates",
        'say which package the document belongs to: `package = "NAME"` in harness.toml, '
        "or `--package NAME`",
    ),
    Reason.STUB_LACKS: _cannot_tell(
        "the block fails against a stub, which may lack what the real crate has",
        "run it against the real crate: `harness check --deps real PATH`",
    ),
}
