"""Every rule of rustdoc's info strings, and what the harness adds to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.document.fences import read_info
from harness.model.source import Ignore
from tests.parity.cases import INFOS


@pytest.mark.parametrize(
    ("info", "is_tested"),
    INFOS,
)
def test_which_blocks_are_tested(info: str, is_tested: bool) -> None:
    assert read_info(info).is_tested is is_tested


def test_attributes_are_set() -> None:
    read = read_info("should_panic,no_run,test_harness,standalone_crate,edition2018,x")
    assert (read.should_panic, read.no_run, read.test_harness) == (True, True, True)
    assert (read.standalone_crate, read.edition, read.unknown) == (True, "2018", ("x",))
    assert not read.compile_fail


def test_compile_fail_is_not_run() -> None:
    assert read_info("compile_fail").no_run


@pytest.mark.parametrize(
    ("info", "edition"),
    [
        ("edition2015", "2015"),
        ("edition2024", "2024"),
        ("edition2022", None),
        ("edition2021,edition2022", None),
        ("edition2015,edition2018", "2018"),
        ("edition", None),
        ("rust", None),
    ],
)
def test_edition(info: str, edition: str | None) -> None:
    assert read_info(info).edition == edition
    assert read_info(info).is_tested


@pytest.mark.parametrize(
    ("info", "ignore", "targets"),
    [
        ("rust", Ignore.NO, ()),
        ("ignore", Ignore.ALWAYS, ()),
        ("ignore-windows", Ignore.ON_TARGETS, ("windows",)),
        ("ignore-x,ignore-y", Ignore.ON_TARGETS, ("x", "y")),
        ("ignore,ignore-windows", Ignore.ON_TARGETS, ("windows",)),
        ("ignore-windows,ignore", Ignore.ON_TARGETS, ("windows",)),
        ("ignore-", Ignore.ON_TARGETS, ("",)),
    ],
)
def test_ignore(info: str, ignore: Ignore, targets: tuple[str, ...]) -> None:
    assert read_info(info).ignore is ignore
    assert read_info(info).ignored_targets == targets


@pytest.mark.parametrize(
    ("info", "codes"),
    [
        ("compile_fail,E0308", ("E0308",)),
        ("compile_fail,E0308,E0382", ("E0308", "E0382")),
        ("rust,E0308,compile_fail", ("E0308",)),
        ("rust,E0308", ()),
        ("compile_fail,E308,E03O8", ()),
        ("compile_fail,e0308", ()),
    ],
)
def test_codes_belong_to_compile_fail(info: str, codes: tuple[str, ...]) -> None:
    assert read_info(info).codes == codes


def test_codes_are_unknown_words_on_stable() -> None:
    assert read_info("compile_fail,E0308").unknown == ("E0308",)


@pytest.mark.parametrize(
    ("info", "rewrite"),
    [
        ("Rust", "rust"),
        ("RUST,no_run", "rust,no_run"),
        ("rs", "rust"),
        ("RS ignore", "rust,ignore"),
        ("rust:src/main.rs", "rust"),
        ("rust2018", "rust,edition2018"),
        ("rust,ignore=why", "rust,ignore"),
        ('rust,title="x.rs"', "rust"),
        ("rust # c", "rust"),
        ("rust,hidelines=@", "rust"),
        ("rust,editable,no_run", "rust,no_run,editable"),
        ("editable,no_run", "rust,no_run,editable"),
        ("rust,foo,should_panic", "rust,should_panic,foo"),
        ("E0308,compile_fail", "rust,compile_fail,E0308"),
        ("norun", "rust,no_run"),
        ("should-panic", "rust,should_panic"),
        ("rust,foo,norun,ignore", "rust,no_run,ignore,foo"),
        ("rust (open", "rust"),
    ],
)
def test_gap_names_an_info_string_that_is_tested(info: str, rewrite: str) -> None:
    read = read_info(info)
    assert not read.is_tested
    assert read.is_rust_meant
    assert read.gap is not None
    assert read.gap.endswith(f"write `{rewrite}`")
    assert read_info(rewrite).is_tested


def test_a_gap_has_the_attributes_of_its_rewrite() -> None:
    read = read_info("E0308,compile_fail")
    assert (read.compile_fail, read.codes) == (True, ("E0308",))
    assert read_info("rust,ignore=why").ignore is Ignore.ALWAYS


@pytest.mark.parametrize(
    "info",
    """toml toml,ignore foo,no_run foo,should_panic c++ rustc rust-script rusty custom,rust
    editable noplayground text,should-panic console,#x""".split(),  # noqa: SIM905
)
def test_no_gap_where_rust_is_not_meant_or_tested(info: str) -> None:
    assert read_info(info).gap is None


@pytest.mark.parametrize(
    ("word", "attribute"),
    [
        ("norun", "no_run"),
        ("noRun", "no_run"),
        ("no-run", "no_run"),
        ("should-panic", "should_panic"),
        ("should_panics", "should_panic"),
        ("shoud_panic", "should_panic"),
        ("compile-fail", "compile_fail"),
        ("compilefail", "compile_fail"),
        ("complie_fail", "compile_fail"),
        ("compile_fails", "compile_fail"),
        ("ignored", "ignore"),
        ("Ignore", "ignore"),
        ("ingore", "ignore"),
        ("test-harness", "test_harness"),
        ("edition-2021", "edition2021"),
        ("rust2018", "edition2018"),
        ("edition2022", "edition2024"),
    ],
)
def test_misspelt(word: str, attribute: str) -> None:
    assert read_info(f"rust,{word}").misspelt == ((word, attribute),)


@pytest.mark.parametrize(
    "word",
    """editable noplayground noplaypen mdbook-runnable no_run ignore-windows edition2021 E0308
    foo toml does_not_compile panics unsafe ignition""".split(),  # noqa: SIM905
)
def test_not_misspelt(word: str) -> None:
    assert read_info(f"rust,{word}").misspelt == ()


@given(st.text())
def test_no_text_raises(info: str) -> None:
    read = read_info(info)
    assert read == read_info(info)
    assert read.is_rust_meant or not read.is_tested
    if read.gap is not None:
        assert read.is_rust_meant
        assert not read.is_tested


@given(
    st.lists(
        st.sampled_from(["rust", "rs", "ignore", "no_run", "foo", "=", "(", '"', "E0308", "norun"])
    )
)
def test_every_rewrite_is_tested(words: list[str]) -> None:
    gap = read_info(",".join(words)).gap
    if gap is not None:
        assert read_info(gap.rpartition("write `")[2].removesuffix("`")).is_tested
