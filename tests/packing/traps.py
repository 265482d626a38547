"""Snippets that try to be seen by others, or to see them: what packing must not be fooled by.

Each trap is a list of blocks of one page. A block's name begins with `good` where rustdoc accepts
it alone, and with `bad` where it refuses it; the test checks both, so a trap cannot rot.
"""

from typing import NamedTuple


class Block(NamedTuple):
    """One block of a trap."""

    name: str
    code: str
    info: str = ""


class Trap(NamedTuple):
    """Blocks that share a page, and the channel that they try."""

    channel: str
    blocks: tuple[Block, ...]


def _trap(channel, **blocks):
    """A trap of blocks without attributes."""
    return Trap(channel, tuple(Block(name, code.strip("\n")) for name, code in blocks.items()))


_NEED = "fn need<T: Default>(_: T) where {bound} {{}} need(Default::default());"


_STD_TYPES = iter(
    """
    std::ffi::OsString std::path::PathBuf std::ffi::CString std::time::Instant
    std::time::SystemTime std::net::Ipv4Addr std::net::Ipv6Addr std::net::IpAddr
    std::net::SocketAddr std::net::SocketAddrV4 std::net::SocketAddrV6 std::net::TcpStream
    std::net::UdpSocket std::net::TcpListener std::thread::Thread std::thread::ThreadId
    std::process::Command std::process::Child std::process::Output std::fs::File
    std::fs::Metadata std::fs::DirEntry std::io::Empty std::io::Sink std::io::Error
    """.split()  # noqa: SIM905
)


def _with_a_type_of_its_own(code, bound):
    """Both texts with a type of std instead of `String` that no other trap has.

    With one type for all, what the blocks settle for each other would be ambiguous again.
    """
    if "String" not in code:
        return code, bound
    path = next(_STD_TYPES)
    short = path.rpartition("::")[2]
    code = code.replace("std::string::String", "PATH")
    head = f"use {path};\n" if "String" in code else ""
    code = head + code.replace("String", short).replace("PATH", path)
    return code, bound.replace("String", path)


def _foreign(name, implementation, bound, *, local="#[derive(Default)] pub struct L;"):
    """An impl for something foreign that settles what another block leaves open."""
    implementation, bound = _with_a_type_of_its_own(implementation, bound)
    return _trap(
        "traits",
        **{
            f"good_{name}": f"{local}\n{implementation}",
            f"bad_{name}": _NEED.format(bound=bound),
        },
    )


_MUL = "impl std::ops::Mul<L> for {head} {{ type Output = (); fn mul(self, _: L) {{}} }}"

TRAITS = (
    _foreign("string", _MUL.format(head="String"), "String: std::ops::Mul<T>"),
    _foreign("str", _MUL.format(head="&str"), "&'static str: std::ops::Mul<T>"),
    _foreign("vector", _MUL.format(head="Vec<u8>"), "Vec<u8>: std::ops::Mul<T>"),
    _foreign("unit", _MUL.format(head="()"), "(): std::ops::Mul<T>"),
    _foreign("array", _MUL.format(head="[u8; 3]"), "[u8; 3]: std::ops::Mul<T>"),
    _foreign("function", _MUL.format(head="fn()"), "fn(): std::ops::Mul<T>"),
    _foreign("pointer", _MUL.format(head="*const u8"), "*const u8: std::ops::Mul<T>"),
    _foreign("path", _MUL.format(head="std::string::String"), "String: std::ops::Mul<T>"),
    _foreign("alias", "type A = String;\n" + _MUL.format(head="A"), "String: std::ops::Mul<T>"),
    _foreign(
        "renamed",
        "use std::string::String as A;\n" + _MUL.format(head="A"),
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "like_a_local",
        "mod m { pub struct String; }\n" + _MUL.format(head="String"),
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "like_a_local_trait",
        "mod m { pub trait Mul {} }\nuse std::ops::Mul;\n"
        "impl Mul<L> for String { type Output = (); fn mul(self, _: L) {} }",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "taken_away",
        "#[cfg(any())] pub struct String;\n" + _MUL.format(head="String"),
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "taken_away_below_more",
        "#[cfg(any())] #[allow(dead_code)] /// text\npub struct String;\n"
        + _MUL.format(head="String"),
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "never_made",
        "macro_rules! m { () => { struct String; } }\n" + _MUL.format(head="String"),
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "inner_use",
        "struct Word;\nfn f() { use std::string::String as Word;\n"
        + _MUL.format(head="Word")
        + " }",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "inner_glob",
        "struct HashSet;\nmod m { pub use std::collections::HashSet; }\n"
        "fn f() { use m::*; impl From<L> for HashSet<u8> { fn from(_: L) -> Self { todo!() } } }",
        "std::collections::HashSet<u8>: From<T>",
    ),
    _foreign(
        "inner_alias",
        "struct Word;\nfn f() { type Word = String;\n" + _MUL.format(head="Word") + " }",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "inner_macro",
        "struct Word;\nmacro_rules! m { () => { use std::string::String as Word; } }\n"
        "fn f() { m!();\n" + _MUL.format(head="Word") + " }",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "by_macro",
        "macro_rules! m { ($t:ty) => { " + _MUL.format(head="$t") + " } }\nm!(String);",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "by_macro_with_names",
        "struct Own;\nmacro_rules! m { ($o:ident) => { impl From<L> for $o "
        "{ fn from(_: L) -> Self { todo!() } } } }\nm!(String);",
        "String: From<T>",
    ),
    _foreign(
        "by_macro_of_tokens",
        "macro_rules! m { ($($t:tt)*) => { $($t)* } }\nm! { " + _MUL.format(head="String") + " }",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "by_macro_elsewhere",
        "struct Word;\nmacro_rules! m { () => { " + _MUL.format(head="Word") + " } }\n"
        "mod inner { use super::L; use std::string::String as Word; m!(); }\nfn main() {}",
        "String: std::ops::Mul<T>",
    ),
    _foreign(
        "boxed",
        "impl PartialEq<u8> for Box<L> { fn eq(&self, _: &u8) -> bool { true } }",
        "Box<T>: PartialEq<u8>",
    ),
    _foreign(
        "pinned",
        "impl AsRef<u8> for std::pin::Pin<L> { fn as_ref(&self) -> &u8 { todo!() } }",
        "std::pin::Pin<T>: AsRef<u8>",
    ),
    _foreign(
        "reference",
        "impl PartialEq<u8> for &L { fn eq(&self, _: &u8) -> bool { true } }",
        "for<'a> &'a T: PartialEq<u8>",
    ),
    _foreign(
        "generic_head",
        "impl<X> From<L> for Vec<X> { fn from(_: L) -> Self { vec![] } }",
        "Vec<u8>: From<T>, T: Copy",
        local="#[derive(Default, Clone, Copy)] pub struct L;",
    ),
    _foreign("integer", _MUL.format(head="u64"), "u64: std::ops::Mul<T>, T: std::fmt::Write"),
    _foreign(
        "compared",
        "impl PartialEq<L> for String { fn eq(&self, _: &L) -> bool { true } }",
        "String: PartialEq<T>, T: Copy",
        local="#[derive(Default, Clone, Copy)] pub struct L;",
    ),
    _foreign(
        "extended",
        "impl Extend<L> for String { fn extend<I: IntoIterator<Item = L>>(&mut self, _: I) {} }",
        "String: Extend<T>, T: PartialEq<u8>",
        local="#[derive(Default)] pub struct L;\n"
        "impl PartialEq<u8> for L { fn eq(&self, _: &u8) -> bool { true } }",
    ),
    _trap(
        "traits",
        good_ext="pub trait Ext { fn twice(&self) -> u8 { 2 } }\nimpl Ext for u8 {}\n1u8.twice();",
        bad_ext="1u8.twice();",
    ),
    _trap(
        "traits",
        good_blanket="pub trait Ext { fn twice(&self) {} }\nimpl<T> Ext for T {}\n().twice();",
        bad_blanket="().twice();",
    ),
    _trap(
        "traits",
        good_own="struct A; impl Default for A { fn default() -> A { A } }\nlet _: A = Default::default();",
        bad_own="let x = Default::default();",
    ),
    _trap(
        "traits",
        good_into="struct A; impl From<A> for u8 { fn from(_: A) -> u8 { 1 } }\nlet _: u8 = A.into();",
        bad_into="let x = A.into();",
        bad_sum="let x: u8 = [1u8, 2].into_iter().map(Into::into).sum();",
    ),
    _trap(
        "traits",
        good_first="trait T {} impl T for u8 {}",
        good_second="trait T {} impl T for u8 {}",
        good_third="struct S; impl std::fmt::Display for S { fn fmt(&self, _: &mut "
        "std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }",
        good_fourth="struct S; impl std::fmt::Display for S { fn fmt(&self, _: &mut "
        "std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }",
        bad_twice="struct S; impl Clone for S { fn clone(&self) -> S { S } }\n"
        "impl Clone for S { fn clone(&self) -> S { S } }",
    ),
)

NAMES = (
    _trap("names", good_item="pub struct Shared; pub fn shared() {}", bad_item="shared();"),
    _trap("names", good_type="pub struct Shared;", bad_type="let _: Shared;"),
    _trap(
        "names",
        good_root="fn main() { crate::f() }\npub fn f() {}",
        bad_root="fn main() { crate::f() }",
        bad_use="use crate::f;\nfn main() {}",
        bad_wrapped="fn f() {}\ncrate::f();",
    ),
    _trap(
        "names",
        bad_above="use super::*;\nfn main() {}",
        bad_above_twice="mod m { use super::super::*; }\nfn main() {}",
        bad_above_tree="mod m { use super::{super::*}; }\nfn main() {}",
        bad_above_self="use self::super::*;\nfn main() {}",
        bad_above_visible="pub(super) fn f() {}\nfn main() {}",
        bad_above_in="pub(in super) fn f() {}\nfn main() {}",
        bad_above_macro="macro_rules! m { () => { use super::*; } }\nm!();\nfn main() {}",
        bad_above_argument="macro_rules! m { ($p:path) => { use $p as x; } }\n"
        "m!(super::main);\nfn main() {}",
        bad_above_wrapped="use super::*;",
        bad_above_value="fn main() { let _ = super::main; }",
        good_inside="mod m { pub fn f() { super::g(); } }\nfn g() {}\nfn main() { m::f() }",
        good_inside_twice="mod m { pub mod n { pub fn f() { super::super::g(); } } }\nfn g() {}\n"
        "fn main() { m::n::f() }",
    ),
    _trap(
        "names",
        good_dollar="#[macro_export]\nmacro_rules! m { () => { $crate::f() } }\npub fn f() {}\n"
        "fn main() { m!() }",
        bad_dollar="macro_rules! m { () => { $crate::f() } }\nfn main() { m!() }",
        bad_exported="fn main() { m!() }",
        bad_exported_path="fn main() { crate::m!() }",
    ),
    _trap(
        "names",
        good_macro="macro_rules! local { () => { 1 } }\nlet _ = local!();",
        bad_macro="let _ = local!();",
    ),
    _trap(
        "names",
        good_macro_use="#[macro_use]\nmod m { macro_rules! inner { () => { 1 } } }\n"
        "fn main() { inner!(); }",
        bad_macro_use="fn main() { inner!(); }",
    ),
    _trap(
        "names",
        bad_whole_macro_use="#![macro_use]\nmacro_rules! leaked { () => { 1 } }\nfn main() { x }",
        good_whole_macro_use="#![cfg_attr(all(), macro_use)]\nmacro_rules! leaked { () => { 1 } }\n"
        "fn main() {}",
        bad_leaked="fn main() { leaked!(); }",
    ),
    _trap(
        "names",
        good_extern="extern crate alloc;\nfn main() { let _ = alloc::vec::Vec::<u8>::new(); }",
        bad_extern="fn main() { let _ = alloc::vec::Vec::<u8>::new(); }",
        good_extern_as="extern crate std as other;\nfn main() { other::mem::drop(1) }",
        bad_extern_as="fn main() { other::mem::drop(1) }",
        good_extern_self="extern crate self as me;\npub fn f() {}\nfn main() { me::f() }",
        bad_extern_self="fn main() { me::f() }",
    ),
    _trap(
        "names",
        bad_file="mod missing;\nfn main() {}",
        bad_file_of_root='#[path = "harness_crate.rs"]\nmod root;\nfn main() {}',
        bad_include='include!("harness_crate.rs");',
        bad_include_text='const T: &str = include_str!("harness_crate.rs");',
    ),
    _trap("names", bad_closed="}\npub fn x() {", good_beside="fn x() {}\nx();"),
    _trap("names", bad_open="fn f() {", bad_comment="/* open", bad_string='let x = "open;'),
    _trap("names", good_raw='fn r#main() { println!("1") }', bad_raw="fn r#main() { x }"),
)

WHOLE_CRATE = (
    _trap(
        "crate",
        good_recursion='#![recursion_limit = "512"]\nfn main() {}',
        bad_recursion="macro_rules! m { () => {}; ($x:tt $($r:tt)*) => { m!($($r)*) } }\n"
        "fn main() { m!(" + "a " * 200 + "); }",
    ),
    _trap(
        "crate",
        bad_feature="#![feature(never_type)]\nfn main() { let _: !; }",
        good_no_prelude="#![no_implicit_prelude]\nfn main() {}",
        bad_prelude="#![no_implicit_prelude]\nfn main() { let _ = Some(1); }",
        good_prelude="let _ = Some(1);",
    ),
    _trap(
        "crate",
        bad_missing_docs="#![deny(missing_docs)]\npub fn f() {}\nfn main() {}",
        bad_missing_docs_inside="//! text\n#![deny(missing_docs)]\n/// text\npub mod m "
        "{ pub fn f() {} }\nfn main() {}",
        bad_forbid="#![forbid(unsafe_code)]\nunsafe fn f() {}\nfn main() { unsafe { f() } }",
        good_allow="#![allow(unsafe_code)]\nfn main() { unsafe { f() } }\nunsafe fn f() {}",
        bad_deny="#![deny(unused_variables)]\nlet x = 1;",
        bad_deny_item="#[deny(dead_code)]\nfn unused() {}",
        good_deny_item="#[deny(dead_code)]\nfn used() {}\nused();",
        bad_deny_warnings="#![deny(warnings)]\nfn main() { let Snake = 1; drop(Snake); }",
        bad_expect="#![deny(unfulfilled_lint_expectations)]\n#[expect(dead_code)]\nfn used() {}\n"
        "fn main() { used() }",
    ),
    _trap(
        "crate",
        bad_debug="#![deny(missing_debug_implementations)]\npub struct S;\nfn main() {}",
        good_unreachable="#![deny(unreachable_pub)]\npub fn f() {}\nfn main() { f() }",
        good_unit="let _ = 1;",
    ),
    _trap(
        "crate",
        bad_script="#![deny(mixed_script_confusables)]\nfn main() { let \u0440 = 1; drop(\u0440); }",
        good_script="let \u043f\u0440\u0438\u0432\u0435\u0442 = 1;",
    ),
    _trap(
        "crate",
        good_attribute='#![crate_name = "mine"]\nfn main() {}',
        good_kind='#![crate_type = "bin"]\nfn main() {}',
        bad_std="#![no_std]\nfn main() { let _ = Vec::<u8>::new(); }",
        good_vector="let _ = Vec::<u8>::new();",
    ),
)

SYMBOLS = (
    _trap(
        "symbols",
        good_exported='#[unsafe(no_mangle)]\npub extern "C" fn shared_symbol() {}\nfn main() {}',
        good_exported_again='#[unsafe(no_mangle)]\npub extern "C" fn shared_symbol() {}\nfn main() {}',
        bad_imported='unsafe extern "C" { fn shared_symbol(); }\nfn main() '
        "{ unsafe { shared_symbol() } }",
        bad_imported_otherwise='unsafe extern "C" { #[link_name = "shared_symbol"] fn f(); }\n'
        "fn main() { unsafe { f() } }",
    ),
    _trap(
        "symbols",
        good_named='#[unsafe(export_name = "other_symbol")]\npub extern "C" fn f() {}\nfn main() {}',
        bad_named='unsafe extern "C" { fn other_symbol(); }\nfn main() { unsafe { other_symbol() } }',
        good_assembled='std::arch::global_asm!(".globl made_symbol", "made_symbol: ret");\n'
        "fn main() {}",
        bad_assembled='unsafe extern "C" { fn made_symbol(); }\nfn main() { unsafe { made_symbol() } }',
    ),
    _trap(
        "symbols",
        good_allocator="use std::alloc::System;\n#[global_allocator]\nstatic A: System = System;\n"
        "fn main() {}",
        good_allocator_again="use std::alloc::System;\n#[global_allocator]\nstatic A: System = "
        "System;\nfn main() {}",
    ),
)

MAINS = (
    _trap(
        "main",
        good_plain="fn main() {}",
        good_result="fn main() -> Result<(), String> { Ok(()) }",
        bad_result='fn main() -> Result<(), String> { Err("no".into()) }',
        good_code="fn main() -> std::process::ExitCode { std::process::ExitCode::SUCCESS }",
        bad_code="fn main() -> std::process::ExitCode { 3.into() }",
        bad_value="fn main() -> u8 { 0 }",
        bad_generic="fn main<T>() {}",
        bad_parameter="fn main(_: u8) {}",
        bad_async="async fn main() {}",
        bad_where="fn main() where String: Copy {}",
        bad_two="fn main() {}\nfn main() {}",
        bad_gone="#[cfg(any())]\nfn main() {}\npub fn f() {}",
        bad_impl="fn main() -> impl Sized {}",
        bad_tracked="#[track_caller]\nfn main() {}",
        good_imported_main="mod m { pub fn main() {} }\nuse m::main;\nmacro_rules! fun "
        "{ () => { fn main() {} } }",
        bad_extern='extern "C" fn main() {}',
        bad_unsafe="unsafe fn main() {}",
        good_public="pub fn main() {}",
        good_never="fn main() -> ! { std::process::exit(0) }",
        bad_never='fn main() -> ! { panic!("never") }',
    ),
    _trap("main", bad_const="const fn main() -> u8 { 1 }", good_const="const fn main() {}"),
)

RUNS = (
    _trap(
        "runs",
        good_environment="for (name, _) in std::env::vars_os() "
        "{ assert!(!name.to_string_lossy().starts_with('U') || name == \"USER\"); }",
        good_arguments="assert_eq!(std::env::args().count(), 1);",
        good_folder='assert_eq!(std::fs::read_dir(".").unwrap().count(), 0);',
        good_leaves='std::fs::write("left", "x").unwrap();',
        good_once='assert_eq!(std::fs::read_dir(".").unwrap().count(), 0); let again = 1;',
        good_module='assert!(module_path!().starts_with("rust_out"));',
        good_type='struct S;\nassert!(std::any::type_name::<S>().starts_with("rust_out::"));',
        bad_type='struct S;\nassert!(!std::any::type_name::<S>().starts_with("rust_out::main"));',
        good_thread='assert_eq!(std::thread::current().name(), Some("main"));',
        good_static="use std::sync::atomic::*;\nstatic N: AtomicU8 = AtomicU8::new(0);\n"
        "assert_eq!(N.fetch_add(1, Ordering::SeqCst), 0);",
        good_static_again="use std::sync::atomic::*;\nstatic N: AtomicU8 = AtomicU8::new(0);\n"
        "assert_eq!(N.fetch_add(1, Ordering::SeqCst), 0);",
        bad_exit="std::process::exit(3);",
        bad_abort="std::process::abort();",
        bad_overflow="fn f(n: u64) -> u64 { if n == u64::MAX { 0 } else { 1 + f(n + 1) } }\n"
        'println!("{}", f(1));',
        bad_thread="std::thread::spawn(|| panic!()).join().unwrap();",
        bad_index='let v: Vec<u8> = vec![];\nlet i = v.len();\nprintln!("{}", v[i]);',
        good_itself="let me = std::env::current_exe().unwrap();\n"
        'if std::env::args().count() == 1 { assert!(std::process::Command::new(me).arg("x")'
        ".status().unwrap().success()); }",
    ),
    Trap(
        "runs",
        (
            Block("good_panics", 'panic!("as said");', "should_panic"),
            Block("bad_panics", "let x = 1;", "should_panic"),
            Block("good_refused", "let x: u8 = true;", "compile_fail"),
            Block("bad_refused", "let x: u8 = 1;", "compile_fail"),
            Block("good_late_refused", "const { assert!(1 > 2) }", "compile_fail"),
            Block("good_not_run", "loop {}", "no_run"),
            Block(
                "good_not_generated",
                "fn f<const N: u8>() { const { assert!(N > 3) } }\nf::<1>()",
                "no_run",
            ),
        ),
    ),
)

GENERATED = (
    _trap(
        "generated",
        bad_assertion="fn f<const N: usize>() { const { assert!(N > 3) } }\nf::<1>();",
        good_assertion="fn f<const N: usize>() { const { assert!(N > 3) } }\nf::<4>();",
        good_uncalled="fn f<const N: usize>() { const { assert!(N > 3) } }\n"
        "fn unused() { f::<1>(); }",
        bad_index="let a = [1, 2, 3];\nlet b = a[3];",
        bad_shift="let x = 255u8 + 1;",
        bad_borrow="let s = String::new(); let t = s; drop(s);",
        bad_const="const X: u8 = [1u8][1]; let y = X;",
    ),
)

EVERY = (*TRAITS, *NAMES, *WHOLE_CRATE, *SYMBOLS, *MAINS, *RUNS, *GENERATED)
