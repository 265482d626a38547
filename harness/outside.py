"""The text of a Rust source in, whether it may read what is not its package's own out.

Each rule names what it knows to be inside; a spelling that it does not know counts as outside.
"""

import re

# A path that leads out of the package or into a hidden folder, or that a macro puts together;
# code that is in no `.rs` file is not looked at, so it must not be there.
_INCLUDES = re.compile(
    rb"include\w*\s*!\s*[(\[{][^;]*(?:\.\.|\"[/.]|/\.)"
    rb"|include\w*\s*!\s*[(\[{](?:[^;)\]}]*\$(?!CARGO_MANIFEST_DIR)|\s*r?#*\"[^\"]*\\)"
    rb"|include\s*!\s*[(\[{](?!\s*r?#*\"[^\"]*\.rs\")"
)
_PATHS = re.compile(
    rb"\[[^\]]*\bpath\s*=\s*(?:\$|r?#*\"(?:[./]|[^\"]*(?:\.\.|/\.|\\)))"
    rb"|#\s*\[\s*(?:path\b|cfg_attr\b[^\]]*\bpath)\s*=(?!\s*r?#*\"[^\"]*\.rs\")"
)
# A macro that reads, under a name of its own, or handed on without its exclamation mark.
_RENAMED = re.compile(
    rb"(?:::|[{,])\s*(?:include\w*|(?:option_)?env)\s+as\b"
    rb"|(?<!::)\b(?:include_(?:str|bytes)|option_env)\b(?!\s*!)"
)
# Variables that Cargo sets from the manifest are known; others are anybody's.
_ASKS = re.compile(rb"env\s*!\s*[(\[{]\s*(?!\"CARGO_)")
# What the code of a procedural macro may ask while it expands.
_LOOKS_AROUND = re.compile(
    rb"\b(?:env|fs|net|process)\s*(?:::|\bas\b|[,}])|\bFile\s*::|\bOpenOptions\b|\bCommand\b"
    rb"|\bTcpStream\b|\bSystemTime\b|\bInstant\b|\btracked_(?:env|path)\b"
    rb"|\.\s*(?:(?:try_)?exists|is_(?:file|dir|symlink)|(?:symlink_)?metadata|read_(?:dir|link)"
    rb"|canonicalize)\s*\("
)
_PROSE = re.compile(rb"include\w*\s*!\s*[(\[{][^;]*\.(?:md|markdown)\b", re.IGNORECASE)
_BY_WORD = {
    b"include": (_INCLUDES, _RENAMED),
    b"path": (_PATHS,),
    b"env": (_RENAMED, _ASKS),
}


def may_read_outside(source: bytes) -> bool:
    """Whether compiling it may read files or variables that no file of the package tells."""
    return any(
        rule.search(source)
        for word, rules in _BY_WORD.items()
        if word in source  # most sources have none, and a rule costs more than to look for a word
        for rule in rules
    )


def may_look_around(source: bytes) -> bool:
    """Whether running it may ask more than it is given: files, variables, programs, the clock."""
    return _LOOKS_AROUND.search(source) is not None


def reads_prose(source: bytes) -> bool:
    """Whether it includes Markdown."""
    return b"include" in source and _PROSE.search(source) is not None
