"""Text of a Markdown document in, the same without backslash escapes and entities out."""

import re

_ESCAPE = re.compile(
    r"\\([!-/:-@\[-`{-~])|&#([0-9]{1,7});|&#[xX]([0-9A-Fa-f]{1,6});|&([A-Za-z0-9]+;)"
)


def unescaped(text: str) -> str:
    """The text with each escaped punctuation mark and each character reference replaced."""
    return _ESCAPE.sub(_put, text) if "\\" in text or "&" in text else text


def _put(match: re.Match[str]) -> str:
    mark, decimal, hexadecimal, name = match.groups()
    if mark is not None:
        return str(mark)
    if name is not None:
        from html.entities import html5  # noqa: PLC0415 - few pages have one

        return html5.get(name, match.group())
    number = int(decimal) if decimal is not None else int(hexadecimal, 16)
    is_scalar = 0 < number < 0xD800 or 0xDFFF < number < 0x110000
    return chr(number) if is_scalar else "\ufffd"
