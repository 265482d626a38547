"""A file of a crate as this machine has it in, the same as any machine would call it out."""

import re

# Cargo's sources of a registry, its checkouts of git, and our stubs: each below a hash.
_PLACES = (
    r"registry/src/[^/]+-HASH/(?P<crate>[^/]+-\d+\.\d+\.\d+[^/]*)/(?P<file>.+)",
    r"git/checkouts/(?P<crate>[^/]+)-HASH/(?P<commit>[0-9a-f]{7,40})/(?P<file>.+)",
    r"(?P<crate>stubs)/HASH/(?P<file>.+)",
)
_KNOWN = tuple(
    re.compile(r"(?:^|/)" + place.replace("HASH", "[0-9a-f]{16}") + r"\Z") for place in _PLACES
)


def portable(place: str) -> str:
    """The crate with its version, and the file in it; a place of any other kind as it is.

    What such a file is called in full hangs on the user's home, or on the container's.
    """
    for known in _KNOWN:
        found = known.search(place.replace("\\", "/"))
        if found is not None:
            told = found.groupdict()
            crate = "-".join(filter(None, (told["crate"], told.get("commit"))))
            return f"{crate}/{told['file']}"
    return place
