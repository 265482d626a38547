"""Info strings and documents made of the pieces that matter to rustdoc, for hypothesis."""

from hypothesis import strategies as st

WORDS = """rust ignore no_run should_panic compile_fail foo toml edition2021 edition2022 edition2018
test_harness standalone_crate custom ignore-windows ignore-linux ignore- ignore-x.y Rust rs norun
should-panic {.cls} {class=x} {key="v"} (c) "rust" "" = #x a=b { } ( ) " .a {.a {a} {"a"="b"}
rust{.x} text{.x} \\, &#44; &comma; é rust:src/main.rs E mdbook-runnable rust(x) foo"a" {=a} rust}
{} {a=} {.} {.a(b)} E123 - _ : ! ignore-\\,x ignore+ *a hidelines=@ # \\_""".split()
CODES = ["E0308", "E9999", "E03O8", "E+123", "E00001"]

ATOMS = """``` ```rust ~~~ ```` ~~~rust ```toml text #\u00a0H ## === --- *** - 1. 2. 10) * + > >> <div>
</div> <!-- --> <pre> </pre> <details> <a> <?x ?> |a| |---|---| a|b --|-- |-| | [^1]: [^n]:\u00a0t
[x]: [x]:/u /u "t" 't - [\u00a0] [x] # #x ### \\ `a é <script> </script> <x <![CDATA[ ]]> <!A ***a
-- _ &nbsp; *a $$ : +++ [a [^a\\]: (""".split()
ATOMS = [atom.replace("\u00a0", " ") for atom in ATOMS] + [
    *("", "", "", " ", "  ", "    ", "        ", "\t", "    code", "\tcode", "  \tx", "\u2028"),
    *("``` ignore", "``` `", "- a", "- ", "- ```", "> ```", "1. ```rust", "-     code", "-\tcode"),
    *("# x", "   # y", "    # z", "#[a]", "- - - a", "> - ", "- > ", "- [ ] ", "- [x] ```", "\xa0"),
    *("<t>\u2028", "- ---", "-\t```", "  \t```", "-  \t- a", "[^1]: ```", "    ```", "     ```"),
]
INDENTS = ["", "", "", "  ", "    ", "> ", "- ", "   ", "\t", ">", "1. "]

_separators = st.sampled_from([",", " ", "\t", ", ", "", ",,"])
_endings = st.sampled_from(["```", "~~~", ""])


def infos(words: list[str]) -> st.SearchStrategy[str]:
    """Documents of one fence whose info string is made of the words."""
    pairs = st.tuples(st.sampled_from(words), _separators).map("".join)
    info = st.lists(pairs, max_size=5).map("".join)
    return st.tuples(st.sampled_from(["```", "~~~"]), info).map(
        lambda pair: f"{pair[0]}{pair[1]}\nlet a;\n{pair[0]}\n"
    )


def documents() -> st.SearchStrategy[str]:
    """Documents of a few lines, each made of an indentation and one or two pieces."""
    atom = st.sampled_from(ATOMS)
    line = st.tuples(st.sampled_from(INDENTS), atom, st.just("") | atom).map("".join)
    return st.lists(line, min_size=1, max_size=9).map(lambda lines: "\n".join(lines) + "\n\nz\n")
