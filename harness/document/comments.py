"""HTML of a document in, the text of the harness comment in it out."""

import re

_COMMENT = re.compile(r"<!--\s*harness:(.*?)-->", re.DOTALL)


def harness_comment(html: str) -> str | None:
    """The text of the `<!-- harness: … -->` that an HTML block ends with; None without one."""
    if "harness:" not in html:
        return None
    found = list(_COMMENT.finditer(html))
    if not found or html[found[-1].end() :].strip():
        return None
    return found[-1].group(1).strip()
