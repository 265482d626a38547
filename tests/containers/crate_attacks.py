"""Crates that attack whatever builds and links them: macros, and build scripts."""

# ruff: noqa: ISC004 - texts of several lines stand in tuples

MACRO_CRATE = r"""
use proc_macro::TokenStream;
use std::io::Write;
use std::process::Command;

fn shell(script: &str) -> bool {
    Command::new("sh").args(["-c", script]).status().is_ok_and(|end| end.success())
}

fn said(is_right: bool) -> TokenStream {
    if is_right { TokenStream::new() } else { "compile_error!(\"got out\");".parse().unwrap() }
}

#[proc_macro]
pub fn memory(_: TokenStream) -> TokenStream {
    let mut all = Vec::new();
    loop { all.push(vec![1u8; 64 << 20]); }
}

#[proc_macro]
pub fn processes(_: TokenStream) -> TokenStream {
    loop {
        let body = || std::thread::sleep(std::time::Duration::from_secs(60));
        std::thread::Builder::new().stack_size(1 << 16).spawn(body).unwrap();
    }
}

#[proc_macro]
pub fn disk(_: TokenStream) -> TokenStream {
    let mut file = std::fs::File::create("fill").unwrap();
    loop { file.write_all(&[7; 1 << 20]).unwrap(); }
}

#[proc_macro]
pub fn files(_: TokenStream) -> TokenStream {
    for n in 0u64.. { std::fs::File::create(n.to_string()).unwrap(); }
    TokenStream::new()
}

#[proc_macro]
pub fn kill(_: TokenStream) -> TokenStream {
    shell("kill -9 1; kill -STOP 1; kill -9 $PPID");
    TokenStream::new()
}

#[proc_macro]
pub fn output(_: TokenStream) -> TokenStream {
    loop { eprint!("{}", "x".repeat(1 << 16)); }
}

#[proc_macro]
pub fn spin(_: TokenStream) -> TokenStream { loop {} }

#[proc_macro]
pub fn daemon(_: TokenStream) -> TokenStream {
    Command::new("setsid").args(["sleep", "600"]).spawn().unwrap();
    TokenStream::new()
}

#[proc_macro]
pub fn outside(_: TokenStream) -> TokenStream {
    let tries = ["/x", "/toolchain/x", "/bases/x", "/handed/x", "/worker.pl", "/etc/x"];
    let is_held = tries.iter().all(|file| std::fs::write(file, "x").is_err());
    let there = "192.0.2.1:53".parse().unwrap();
    let wait = std::time::Duration::from_secs(2);
    let is_cut = std::net::TcpStream::connect_timeout(&there, wait).unwrap_err().raw_os_error() == Some(101);
    let is_mute = (0..9).all(|fd| {
        std::fs::OpenOptions::new().write(true).open(format!("/proc/1/fd/{fd}")).is_err()
    });
    said(is_held && is_cut && is_mute && !shell("cat /etc/shadow"))
}

#[proc_macro]
pub fn link(_: TokenStream) -> TokenStream {
    shell("rm -f out; ln -s /etc/passwd out; mkfifo program");
    TokenStream::new()
}
"""

MACROS = {
    "memory": "out-of-memory",
    "processes": "process-limit",
    "disk": "disk-limit",
    "files": "disk-limit",
    "kill": "compiler-crashed",
    "output": "output-limit",
    "spin": "compile-time-limit",
    "daemon": "compiles",
    "outside": "compiles",
    "link": None,
}
"""Macro → the reason of a block that calls it; None for any that is no pass on a forged file."""

BUILD_SCRIPTS = {
    "memory": ("let mut all = Vec::new(); loop { all.push(vec![1u8; 64 << 20]); }", "memory"),
    "processes": (
        "loop { std::thread::Builder::new().stack_size(1 << 16)"
        ".spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))).unwrap(); }",
        "processes",
    ),
    "disk": (
        "use std::io::Write;\n"
        'let mut file = std::fs::File::create("/tmp/fill").unwrap();\n'
        "loop { file.write_all(&[7; 1 << 20]).unwrap(); }",
        "space",
    ),
    "files": (
        'for n in 0u64.. { std::fs::File::create(format!("/tmp/{n}")).unwrap(); }',
        "space",
    ),
    "output": ('loop { println!("{}", "x".repeat(1 << 16)); }', "memory"),
    "daemon": (
        "use std::process::{Command, Stdio};\n"
        'Command::new("setsid").args(["sleep", "600"])\n'
        "    .stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();\n"
        'panic!("left one");',
        "left one",
    ),
    "spin": ("loop {}", "--build-timeout"),
    "outside": (
        'for file in ["/x", "/toolchain/x", "/bases/x", "/crates/x", "/sources/0/x"] {\n'
        '    assert!(std::fs::write(file, "x").is_err(), "{file}");\n'
        "}\n"
        'assert!(std::net::TcpStream::connect("192.0.2.1:53").is_err());\n'
        'panic!("held");',
        "held",
    ),
}
"""Body of a build script → what the verdict's message must say."""
