"""Cargo projects that attack whatever reads and builds them, each with what must be said of it."""

import os
import subprocess
from dataclasses import dataclass, field

ALLOW = "--allow-sources"
_WITH_CRATE = '[dependencies]\nitoa = "1"\n'


@dataclass(frozen=True)
class Hostile:
    """A repository with one package, called `own`, and a page that uses it.

    In files `{mark}` is a file of this machine that nothing may write, `{url}` a server that
    nothing may ask, `{outside}` a package beside the repository.
    """

    files: dict[str, str] = field(default_factory=dict)
    told: str = ""
    """What the one finding of the project says; empty where it builds."""
    noted: str = ""
    """What the report's note says is not in force."""
    here: str = ""
    """What shows where nothing confines it: `mark`, `asked` or `outside`; empty for no harm."""
    links: dict[str, str] = field(default_factory=dict)


def settings(text, manifest="", **more):
    return {".cargo/config.toml": text, "manifest": manifest} | more


SETTINGS = {
    "wrappers": Hostile(
        settings('[build]\nrustc-wrapper = "{program}"\nrustc-workspace-wrapper = "{program}"\n'),
        noted="build.rustc-wrapper, build.rustc-workspace-wrapper",
        here="mark",
    ),
    "linker and runner": Hostile(
        settings('[target.{triple}]\nlinker = "{program}"\nrunner = "{program}"\n')
        | {"build.rs": "fn main() {}"},
        noted="target.{triple}.linker, target.{triple}.runner",
        here="mark",
    ),
    "alias": Hostile(
        settings('[alias]\nmetadata = "version"\nbuild = "version"\nfetch = "version"\n'),
        noted="alias",
    ),
    "replaced source": Hostile(
        settings(
            '[source.crates-io]\nreplace-with = "mine"\n'
            '[source.mine]\nregistry = "sparse+{url}/replaced/"\n',
            _WITH_CRATE,
        ),
        noted="source",
        here="asked",
    ),
    "patch of settings": Hostile(
        settings('[patch.crates-io]\nitoa = { path = "{outside}" }\n', _WITH_CRATE),
        noted="patch",
    ),
    "variables": Hostile(
        settings(
            '[env]\nPATH = "/nowhere"\nRUSTC_WRAPPER = "{program}"\nLD_PRELOAD = "{program}"\n'
        ),
    ),
}
"""Files of settings: Cargo takes them from the folder that it is called in."""

ALL_SETTINGS = {
    "all settings at once": Hostile(
        settings(
            "".join(each.files[".cargo/config.toml"] for each in SETTINGS.values()), _WITH_CRATE
        )
        | {"build.rs": "fn main() {}"},
        noted=", ".join(each.noted for each in SETTINGS.values() if each.noted),
    ),
    "settings that lead out": Hostile(
        links={".cargo/config.toml": "{outside}/Cargo.toml"},
        noted="it leads out of the repository",
    ),
}

ORIGINS = {
    "credential provider": Hostile(
        settings(
            '[registry]\nglobal-credential-providers = ["{program}"]\n'
            '[registries.mine]\nindex = "sparse+{url}/index/"\ncredential-provider = ["{program}"]\n',
            '[dependencies]\nsecret = { version = "1", registry = "mine" }\n',
        ),
        told=ALLOW,
        here="mark",
    ),
    "path": Hostile(
        {"manifest": '[dependencies]\noutside = { path = "../outside" }\n'},
        told="the path dependency ../outside leaves the repository",
        here="outside",
    ),
    "link": Hostile(
        {"manifest": '[dependencies]\noutside = { path = "linked" }\n'},
        links={"linked": "{outside}"},
        told="the path dependency linked leaves the repository",
        here="outside",
    ),
    "path of a path": Hostile(
        {
            "manifest": '[dependencies]\nvia = { path = "via" }\n',
            "via/Cargo.toml": '[package]\nname = "via"\nversion = "0.1.0"\n'
            '[dependencies]\noutside = { path = "../../outside" }\n',
            "via/src/lib.rs": "",
        },
        told="the path dependency ../outside leaves the repository",
    ),
    "patch": Hostile(
        {"manifest": _WITH_CRATE + '[patch.crates-io]\nitoa = { path = "../outside" }\n'},
        told="the path dependency ../outside leaves the repository",
    ),
    "member": Hostile(
        {"manifest": '[workspace]\nmembers = ["linked"]\n'},
        links={"linked": "{outside}"},  # Cargo looks past a member that is not there
    ),
    "git": Hostile(
        {"manifest": '[dependencies]\nfar = { git = "{url}/git/far" }\n'},
        told=ALLOW,
        here="asked",
    ),
    "git of a build script": Hostile(
        {
            "manifest": '[dependencies]\nvia = { path = "via" }\n',
            "via/Cargo.toml": '[package]\nname = "via"\nversion = "0.1.0"\nedition = "2018"\n'
            '[build_dependencies]\nfar = { git = "{url}/git/far" }\n',
            "via/src/lib.rs": "",
            "via/build.rs": "fn main() {}",
        },
        told=ALLOW,
    ),
    "git of a lock": Hostile(
        {
            "manifest": _WITH_CRATE,
            "Cargo.lock": 'version = 4\n[[package]]\nname = "own"\nversion = "0.1.0"\n'
            'dependencies = ["itoa"]\n[[package]]\nname = "itoa"\nversion = "1.0.0"\n'
            'source = "git+{url}/git/far#0123456789012345678901234567890123456789"\n',
        },
    ),
    "lock of another shape": Hostile(
        {"manifest": _WITH_CRATE, "Cargo.lock": "version = 4\npackage = [1]\n"},
        told="Cargo.lock cannot be read",
    ),
    "huge manifest": Hostile(
        {"manifest": '[dependencies]\nitoa = "1"\n' + "#" + "x" * (80 << 20)},
        told="MiB",
    ),
    "huge lock": Hostile(
        {"manifest": _WITH_CRATE, "Cargo.lock": "version = 4\n#" + "x" * (80 << 20)},
        told="Cargo.lock has more than",
    ),
    "deep manifest": Hostile(
        {"manifest": "x = " + "[" * 200_000 + "\n"},
        told="Cargo.toml",
    ),
    "pipe for a lock": Hostile({"manifest": _WITH_CRATE, "pipe": "Cargo.lock"}),
    "device for a lock": Hostile({"manifest": _WITH_CRATE}, links={"Cargo.lock": "/dev/zero"}),
}
"""Manifests and locks: where crates come from, and how large a file can be."""

_HELD = (
    'for file in ["/x", "/toolchain/x", "/bases/x", "/crates/x", "/sources/0/x", "{mark}"] {\n'
    '    assert!(std::fs::write(file, "x").is_err(), "{file}");\n'
    "}\n"
    'for file in ["/etc/shadow", "{outside}/Cargo.toml", "/proc/1/mem", "/sources/0/.git/config"] {\n'
    '    assert!(std::fs::read(file).is_err(), "{file}");\n'
    "}\n"
    'let there: std::net::SocketAddr = "{url}"["http://".len()..].parse().unwrap();\n'
    "assert!(std::net::TcpStream::connect(there).is_err());\n"
)
_FORGED = (
    'let tree = "[".repeat(1 << 20);\n'
    'for file in ["messages", "metadata", "Cargo.lock", "handed.tar"] {\n'
    '    std::fs::write(format!("/room/base/{file}"), format!("{{\\"reason\\": {tree}")).unwrap();\n'
    "}\n"
    'std::process::Command::new("sh").args(["-c", "kill -9 -1"]).status().unwrap();\n'
)
CODE = {
    "build script that tries": Hostile(
        {"build.rs": f'fn main() {{ {_HELD} panic!("all is held"); }}'}, told="all is held"
    ),
    "build script that forks": Hostile(
        {
            "build.rs": "fn main() { loop { std::thread::Builder::new().stack_size(1 << 16)"
            ".spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))).unwrap(); } }"
        },
        told="more processes than the limit",
    ),
    "build script that forges": Hostile(
        {"build.rs": f"fn main() {{ {_FORGED} }}"},
        told="no archive",
    ),
    "macro that tries": Hostile(
        {
            "manifest": '[dependencies]\nmacros = { path = "macros" }\n',
            "macros/Cargo.toml": '[package]\nname = "macros"\nversion = "0.1.0"\nedition = "2021"\n'
            "[lib]\nproc-macro = true\n",
            "macros/src/lib.rs": "#[proc_macro]\n"
            "pub fn tries(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n"
            f"{_HELD}proc_macro::TokenStream::new() }}\n",
            "src/lib.rs": "macros::tries!();\npub struct Thing;\n",
        },
    ),
}
"""What Cargo runs of a project; a macro is tried when its crate is built, and in a block."""


def triple():
    """The target of this machine's compiler."""
    told = subprocess.run(["rustc", "-vV"], capture_output=True, check=True, text=True).stdout
    return next(line[6:] for line in told.splitlines() if line.startswith("host: "))


def filled(text, names):
    """A text with each name in braces replaced."""
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def write_project(root, hostile, url):
    """One repository on disk; what it must not reach stands beside it."""
    mark, outside = root.parent / "marks" / root.name, root.parent / "outside"
    program = root.parent / "programs" / root.name
    for place in (root / ".git", root / "src", mark.parent, program.parent):
        place.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\nexit 1\n")
    program.chmod(0o755)
    names = {"mark": mark, "outside": outside, "program": program, "url": url, "triple": triple()}
    files = {key: filled(text, names) for key, text in hostile.files.items()}
    package = '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n'
    lib = "pub struct Thing;\n"
    written = {"src/lib.rs": lib, "Cargo.toml": package + files.pop("manifest", "")}
    (root / ".git" / "config").write_text("token")
    if pipe := files.pop("pipe", ""):
        os.mkfifo(root / pipe)
    for path, text in (written | files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for path, to in hostile.links.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(filled(to, names))


def write_outside(folder):
    """A package that is no repository's."""
    (folder / "outside" / "src").mkdir(parents=True)
    (folder / "outside" / "src" / "lib.rs").write_text("pub struct Secret;\n")
    (folder / "outside" / "Cargo.toml").write_text(
        '[package]\nname = "outside"\nversion = "0.1.0"\n'
    )
