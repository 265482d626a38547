"""Blocks that attack whatever compiles and runs them, each with the reason it must end in.

A block that ends in `ran` or `compiles` holds assertions that only hold where it is confined.
"""

# ruff: noqa: ISC004 - texts of several lines stand in tuples

ALLOWED = '["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "PWD"]'

RUNNING = {
    "shells that fork": (
        'let end = std::process::Command::new("sh")\n'
        '    .args(["-c", "f() { f | f & }; f; f; sleep 2; exit 3"]).status().unwrap();\n'
        "std::process::exit(end.code().unwrap_or(9));",
        "process-limit",
    ),
    "threads without end": (
        "loop {\n"
        "    std::thread::Builder::new().stack_size(1 << 16)\n"
        "        .spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))).unwrap();\n"
        "}",
        "process-limit",
    ),
    "memory without end": (
        "let mut all = Vec::new();\nloop { all.push(vec![1u8; 64 << 20]); }",
        "out-of-memory",
    ),
    "memory in children": (
        'let end = std::process::Command::new("sh")\n'
        '    .args(["-c", "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done"]).status().unwrap();\n'
        "assert!(end.success());",
        "out-of-memory",
    ),
    "one file without end": (
        "use std::io::Write;\n"
        'let mut file = std::fs::File::create("fill").unwrap();\n'
        "loop { file.write_all(&[7; 1 << 20]).unwrap(); }",
        "disk-limit",
    ),
    "files without end": (
        'for n in 0u64.. { std::fs::File::create(n.to_string()).expect("a file"); }',
        "disk-limit",
    ),
    "shared memory without end": (
        "use std::io::Write;\n"
        'let mut file = std::fs::File::create("/dev/shm/fill").unwrap();\n'
        "let mut written = 0;\n"
        "while file.write_all(&[7; 1 << 20]).is_ok() { written += 1; }\n"
        "assert!(written < 64);",
        "ran",
    ),
    "lines without end": ('loop { println!("{}", "x".repeat(1 << 10)); }', "output-limit"),
    "one line without end": ('loop { eprint!("{}", "x".repeat(1 << 16)); }', "output-limit"),
    "spins": ("loop {}", "time-limit"),
    "sleeps with a child": (
        'std::process::Command::new("sleep").arg("600").spawn().unwrap();\n'
        "std::thread::sleep(std::time::Duration::from_secs(600));",
        "time-limit",
    ),
    "daemon": (
        'std::process::Command::new("setsid").args(["sleep", "600"]).spawn().unwrap();',
        "ran",
    ),
    "reads secrets": (
        'for file in ["/etc/shadow", "/proc/1/environ", "/proc/1/mem", "/root", "/var/run/docker.sock"] {\n'
        '    assert!(std::fs::File::open(file).is_err(), "{file}");\n'
        "}\n"
        f'for (name, _) in std::env::vars() {{ assert!({ALLOWED}.contains(&name.as_str()), "{{name}}"); }}',
        "ran",
    ),
    "network": (
        "use std::net::{TcpStream, ToSocketAddrs, UdpSocket};\n"
        "use std::time::Duration;\n"
        'let there = "192.0.2.1:53".parse().unwrap();\n'
        "let denied = TcpStream::connect_timeout(&there, Duration::from_secs(2)).unwrap_err();\n"
        'assert_eq!(denied.raw_os_error(), Some(101), "no route at all");\n'
        'assert!(UdpSocket::bind("0.0.0.0:0").unwrap().send_to(b"x", "172.17.0.1:53").is_err());\n'
        'assert!("localhost.example:80".to_socket_addrs().is_err());\n'
        'let names: Vec<_> = std::fs::read_dir("/sys/class/net").unwrap()\n'
        "    .map(|entry| entry.unwrap().file_name()).collect();\n"
        'assert_eq!(names, ["lo"]);',
        "ran",
    ),
    "writes outside": (
        'for file in ["/x", "/etc/x", "/toolchain/x", "/handed/x", "/usr/bin/x", "/worker.pl", "/sys/fs/cgroup/x"] {\n'
        '    assert!(std::fs::write(file, "x").is_err(), "{file}");\n'
        "}\n"
        'assert!(std::fs::remove_file("/handed/program").is_err());',
        "ran",
    ),
    "privileges": (
        'let told = std::fs::read_to_string("/proc/self/status").unwrap();\n'
        'for line in ["CapEff:\\t0000000000000000", "CapBnd:\\t0000000000000000", "NoNewPrivs:\\t1", "Seccomp:\\t2"] {\n'
        '    assert!(told.contains(line), "{line}");\n'
        "}\n"
        'assert!(told.contains("Uid:\\t65534\\t65534"));\n'
        'for words in [["unshare", "-r", "true"], ["unshare", "-m", "true"], ["chroot", "/", "true"], ["mount", "-t", "tmpfs"]] {\n'
        "    let end = std::process::Command::new(words[0]).args(&words[1..]).status();\n"
        '    assert!(!end.is_ok_and(|end| end.success()) || words[0] == "mount", "{words:?}");\n'
        "}",
        "ran",
    ),
    "speaks for the worker": (
        "use std::io::Write;\n"
        "let mut forged = vec![0, 0, 0, 9];\n"
        'forged.extend(b"Xstatus=0");\n'
        "for fd in 0..9 {\n"
        '    let path = format!("/proc/1/fd/{fd}");\n'
        "    assert!(std::fs::OpenOptions::new().write(true).open(path).is_err());\n"
        "}\n"
        "std::io::stdout().write_all(&forged).unwrap();\n"
        'panic!("own end");',
        "panicked",
    ),
    "kills the worker": (
        'std::process::Command::new("sh").args(["-c", "kill -9 1; kill -STOP 1"]).status().unwrap();\n'
        "std::process::exit(7);",
        "failed-run",
    ),
    "odd names": (
        'std::os::unix::fs::symlink("/etc/passwd", "program").unwrap();\n'
        'std::os::unix::fs::symlink("/", "up").unwrap();\n'
        'std::process::Command::new("mkfifo").arg("out").status().unwrap();\n'
        'std::fs::write("a\\nb \\u{202e}", "x").unwrap();\n'
        'for _ in 0..1500 { std::fs::create_dir("deep").unwrap(); std::env::set_current_dir("deep").unwrap(); }',
        "ran",
    ),
    "assembles a secret": (
        'std::arch::global_asm!(".incbin \\"/etc/shadow\\"");\nfn main() {}',
        "compile-error",
    ),
    "claims success by a signal": ("std::process::abort();", "killed-by-signal"),
}

COMPILING = {
    "constant without end": (
        "#![allow(long_running_const_eval)]\n"
        "const N: u64 = { let mut n = 0u64; while n < u64::MAX { n += 1; } n };\n"
        "fn main() { let _ = N; }",
        ("compile-time-limit",),
    ),
    "macro without end": (
        '#![recursion_limit = "100000000"]\n'
        "macro_rules! again { ($($t:tt)*) => { again!($($t)* $($t)* x) } }\n"
        "fn main() { again!(x); }",
        ("compile-time-limit", "out-of-memory", "compiler-crashed"),
    ),
    "type without end": (
        '#![recursion_limit = "100000"]\n'
        "trait Next { type To; }\n"
        "impl<T> Next for (T,) { type To = ((T, T), (T, T)); }\n"
        "struct Z;\n"
        "fn f<T: Default>(n: u64) -> u64 { if n == 0 { 0 } else { f::<(T, T)>(n - 1) } }\n"
        "fn main() { f::<u8>(60); }",
        ("compile-time-limit", "out-of-memory", "compiler-crashed", "compile-error"),
    ),
    "macro that doubles": (
        "macro_rules! twice {\n"
        "    ([] $($t:tt)*) => { $($t)* };\n"
        "    ([$h:tt $($r:tt)*] $($t:tt)*) => { twice!([$($r)*] $($t)* $($t)*); };\n"
        "}\n"
        f"twice!([{'a ' * 28}] const _: () = (););\n"
        "fn main() {}",
        ("compile-time-limit", "out-of-memory", "compiler-crashed"),
    ),
    "a file of this machine": ('include!("@FILE");', ("compile-error",)),
    "a module of this machine": ('#[path = "@FILE"]\nmod other;', ("compile-error",)),
    "includes a secret": ('static S: &[u8] = include_bytes!("/etc/shadow");', ("compile-error",)),
    "includes the environment": (
        'const S: &[u8] = include_bytes!("/proc/1/environ");',
        ("compile-error",),
    ),
    "reads a variable": ('let s = env!("HARNESS_TEST_SECRET");', ("compile-error",)),
    "reads a variable, maybe": (
        'const _: () = assert!(option_env!("HARNESS_TEST_SECRET").is_none());',
        ("compiles",),
    ),
}

NEIGHBOURS = {
    "good": ("let x = 1;\nassert_eq!(x, 1);", "ran", "compiles"),
    "wrong": ("let x: u8 = 1u16;", "compile-error", "compile-error"),
}
