"""Hand-made Rust and near-Rust texts that try the rules from text to program."""

# ruff: noqa: RUF001 - odd characters are what some of the texts are for

STATEMENTS = r"""
let x = 1;
%%
let x = 1
%%
x
%%
x;
%%
;
%%
fn main(){};
%%
fn main() {}
%%
fn r#main() {}
%%
pub fn main() {}
%%
pub(crate) fn main() {}
%%
async fn main() {}
%%
unsafe fn main() {}
%%
extern "C" fn main() {}
%%
const fn main() {}
%%
pub async unsafe extern "C" fn main() {}
%%
fn main<T>() {}
%%
fn main();
%%
#[tokio::main] async fn main() {}
%%
#[cfg(any())] fn main() {}
%%
mod a { fn main() {} }
%%
struct S; impl S { fn main() {} }
%%
fn f() { fn main() {} }
%%
fn main() {} let x = 1;
%%
let x = 1; fn main() {}
%%
fn main() {} 1 + 1;
%%
fn main() {} if true {}
%%
fn main() {} println!("a");
%%
fn main() {} println!("a")
%%
fn main() {} println!{"a"}
%%
fn main() {} println!{"a"};
%%
fn main() {} vec![1].len();
%%
fn main() {} vec!{1}.len();
%%
fn main() {} vec!{1}?;
%%
fn main() {} m!{} + 1;
%%
wrap! { fn main() {} }
%%
wrap!(fn main() {});
%%
wrap!(fn main() {})
%%
wrap! { { fn main() {} } }
%%
wrap! { fn r#main() {} }
%%
wrap! { pub fn main() -> u8 {} }
%%
wrap! { fn main {} }
%%
wrap! { fn fn main() {} }
%%
wrap! { fn main<T>() {} }
%%
a::b::wrap! { fn main() {} }
%%
::a::wrap! { fn main() {} }
%%
self::wrap! { fn main() {} }
%%
crate::wrap! { fn main() {} }
%%
wrap! { fn main() {} }.x;
%%
macro_rules! wrap { () => { fn main() {} } }
%%
macro_rules! wrap ( () => { fn main() {} } );
%%
macro_rules! wrap [ () => { fn main() {} } ];
%%
macro_rules! wrap ( () => { fn main() {} } )
%%
macro_rules! main { () => { } } main!{}
%%
macro_rules! fn_ { ($($t:tt)*) => { $($t)* } } fn_!{ fn main() {} }
%%
macro wrap() { fn main() {} }
%%
macro wrap { () => { fn main() {} } }
%%
#![allow(dead_code)]
%%
#![allow(dead_code)] fn main() {}
%%
#![allow(dead_code)] #![feature(x)]
%%
#![feature(x)] #![allow(dead_code)]
%%
#![allow(a)] /* c */ #![feature(x)] // d
#![deny(b)]
//! doc
let x = 1;
%%
#![allow(internal_features)] #![warn(x)]
%%
#![warn(internal_features)] #![feature(x)]
%%
#![allow(a, internal_features)] #![feature(x)]
%%
#![allow(a(internal_features))] #![feature(x)]
%%
#![allow(a = "internal_features")] #![feature(x)]
%%
#![allow] #![feature(x)]
%%
#![allow = "x"] #![feature(x)]
%%
#![allow{x}] #![feature(x)]
%%
#![allow[x]] #![feature(x)]
%%
#![allow::x] #![feature(x)]
%%
#![clippy::allow(x)] #![feature(x)]
%%
#![cfg_attr(all(), allow(x))] #![feature(x)] #![allow(y)]
%%
#![unsafe(no_mangle)] #![feature(x)] #![allow(y)]
%%
#![forbid(a)] #![expect(b)] #![feature(x)]
%%
#! [allow(a)] #! [feature(x)]
%%
#! /* c */ [allow(a)] # /* d */ ! [feature(x)]
%%
#![no_std] let x = 1;
%%
#![no_std]
%%
#	![no_std] let x = 1;
%%
#![ no_std ] let x = 1;
%%
// #![no_std]
#![feature(x)]
let x = 1;
%%
#![feature(x)]
// #![no_std]
let x = 1;
%%
// #![no_std]
let x = 1;
%%
let x = "#![no_std]";
%%
// #![no_std]
extern crate foo;
let x = 1;
%%
extern crate foo;
// #![no_std]
extern crate bar;
let x = 1;
%%
let x = 1;
// #![no_std]
extern crate bar;
let x = 1;
%%
#![doc = "![no_std]"] let x = 1;
%%
#![cfg_attr(any(), no_std)] let x = 1;
%%
#![cfg_attr(any(), doc = "#![no_std]")] let x = 1;
%%
let s = "#![allow(x)]";
%%
let s = r#"
#![allow(x)]
"#;
%%
/* #![allow(x)] */ #![feature(y)] /* z */ fn f() {}
%%
//! a
//! b
fn f() {}
%%
/*! a */ #![allow(x)] fn f() {}
%%
/// a
fn f() {}
%%
/// a
%%
let a = 1; /// b
%%
#[a]
%%
let a = 1; #[a]
%%
let a = 1; #[a] // c
%%
let a = 1; // c
%%
let a = 1; /* c
*/
%%
// c
%%
/* c */
%%
#[a] let x = 1;
%%
#[a] /// b
#[c] let x = 1;
%%
#[a] ;
%%
/// b
;
%%
#[a] x
%%
#[a] { }
%%
#[a] if x {}
%%
#![a] #[b] fn f() {}
%%
#[b] #![a] fn f() {}
%%
fn f() {} #![a]
%%
fn f() {} #![a] fn g() {}
%%
fn f() {} //! a
fn g() {}
%%
#[a] extern crate foo;
%%
#[macro_use] extern crate foo; let x = 1;
%%
pub extern crate foo as bar;
%%
extern crate self as me; fn main() {}
%%
extern crate foo; extern crate bar;
%%
let x = 1; extern crate foo; let y = 2; extern crate bar; Ok::<(), ()>(())
%%
#![feature(a)] extern crate foo; let x = 1; extern crate bar;
%%
#![allow(a)]
// c1
let x = 1; // c2
extern crate foo; // c3
%%
extern crate foo
%%
extern crate r#foo; r#foo::x();
%%
{ extern crate foo; }
%%
/// doc
extern crate foo;
%%
Ok(())
%%
Ok(()) // c
%%
Ok(())
/* c */
%%
Ok(( ))
%%
Ok( () )
%%
Ok::<(), ()>(())
%%
Ok(());
%%
f(())
%%
f((), ())
%%
x.f(())
%%
let x = f(())
%%
return Ok(())
%%
foo!(())
%%
{ Ok(()) }
%%
if x { Ok(()) } else { Ok(()) }
%%
fn f() -> R { Ok(()) }
%%
type T = Box<(())
%%
Some(Ok(()))
%%
#![no_std] Ok(())
%%
fn main() { } Ok(())
%%
fn main() -> R { Ok(()) }
%%
extern crate foo; Ok(())
%%
Ok(()) extern crate foo;
%%
Ok(())
extern crate foo;
%%
((()))
%%
(())
%%
()
%%
Ok((/* x */))
%%
macro_rules! m { () => (()) } m!()
%%
use x; Ok(())
%%
Ok(()) #[a]
%%
Ok(()) /// a
%%
Ok(()) }  fn g() {
%%
} fn g() {
%%
let a = 1; } fn g() { let b = 2;
%%
fn main() {} } fn g() {
%%
} pub fn x() {}
%%
} {
%%
} { {
%%
} } { {
%%
( } ) {
%%
} ( {
%%
{ } } mod m {
%%
}
%%
{
%%
(
%%
)
%%
(]
%%
fn f() {
%%
fn f() }
%%
"abc
%%
'abc
%%
'
%%
b'
%%
r"abc
%%
r#"abc"
%%
r##abc
%%
r#
%%
/* abc
%%
/* /* */
%%
"\
%%
'\
%%
// }
%%
/* } */
%%
/** } */ fn f() {}
%%
"}"; '}'; b'}'; r"}"; r#"}"#; b"}"; br"}";
%%
'a'; 'static; 'a
%%
'a: loop { break 'a; }
%%
'a: { }
%%
'a: for x in y { } x
%%
'a: x
%%
let x = '\''; let y = '"'; let z = "'";
%%
let x = '\u{41}'; let y = b'\x41';
%%
let x: &'static str = "a"; let y: &'a u8;
%%
1..2; 1..=2; 1.foo(); 1.0.foo(); 1.; 1.e5; 1e5; 1e; 0x1F; 0b12; 1_u8; 1f32
%%
x.0.1; x.0 .1; x.0.1.2;
%%
1.0e+5; 1e-5; 2.5E5f64;
%%
c"abc";
%%
cr"abc";
%%
cr#"a"b"#;
%%
z"abc";
%%
z'a';
%%
z#a;
%%
m!(z"abc");
%%
m!(z "abc");
%%
m!('r#a);
%%
m!(#"abc"#);
%%
m!(##);
%%
f#"abc"#;
%%
é(); let ñ = 1; let 日本 = 2;
%%
let 😀 = 1;
%%
let x = “abc”;
%%
let x = 1；
%%
x → y
%%
let e\u{301} = 1;
%%
$x
%%
`x`
%%
\
%%
a \ b
%%
x @ y
%%
~x
%%
@x
%%
#!/bin/sh
fn main() {}
%%
#!/bin/sh
[x]
%%
#!
[allow(x)]
fn main() {}
%%
#! /* c */ [allow(x)]
%%
#!// c
[allow(x)]
%%
---
a = 1
---
fn main() {}
%%
---
5
---
6;
%%
if x {} y
%%
if x {} else {} y
%%
if x {} else if y {} else {} z
%%
if x {}.y()
%%
if x {} + 1
%%
if x {} else {} .y();
%%
match x {}
%%
match x {}.y
%%
match x {}? ; z
%%
match x { A => {} B => {} } y
%%
match (x) { _ => {} } y
%%
match x as Vec<u8> { _ => {} } fn main() {}
%%
match { x } { _ => {} } y
%%
match match x { _ => y } { _ => {} } z
%%
match if a { b } else { c } { _ => {} } z
%%
match unsafe { f() } { _ => {} } z
%%
match x { _ if { true } => {} } z
%%
match loop {} { } z
%%
if let Some(x) = y {} z
%%
if let S { a, b } = y {} z
%%
if let S { a, b } = y && let T { c } = d {} z
%%
if let A | B { .. } = match x { _ => y } {} z
%%
if { x } {} z
%%
if x == { y } {} z
%%
if !{ x } {} z
%%
if (S { a: 1 }).b {} z
%%
if x.map(|y| { y }) {} z
%%
if f::<{ 1 }>() {} z
%%
if a < b {} z
%%
if a > b {} z
%%
if a >= b {} z
%%
if a < b && c > d {} z
%%
if x? {} z
%%
if x.await {} z
%%
if vec![1] == x {} z
%%
if m!{} {} z
%%
while let Some(S { a }) = x.pop() {} z
%%
while x {} y
%%
while { x } {} y
%%
for i in 0.. {} y
%%
for i in 0..10 {} y
%%
for i in 0..=n {} y
%%
for S { a } in x {} y
%%
for (i, x) in y.iter().enumerate() {} z
%%
for i in { x } {} y
%%
for<'a> |x: &'a u8| x
%%
loop {} x
%%
loop { break; } x
%%
loop {}.x()
%%
unsafe {} x
%%
unsafe { f() } - 1
%%
const { 1 } x
%%
const { 1 }; x
%%
async { 1 } x
%%
async { 1 }.await
%%
async move { 1 }; x
%%
async fn f() {} x
%%
try { 1 } x
%%
{ 1 } x
%%
{ 1 } * x;
%%
{ 1 }.x()
%%
{}; {}; x
%%
return
%%
return x;
%%
return; fn main() {}
%%
break; continue;
%%
|x| x + 1
%%
|x| { x }
%%
|| {}; fn main() {}
%%
move || x
%%
static || x
%%
static move || x
%%
async || x
%%
async move || x
%%
const || x
%%
static X: u8 = 1;
%%
static mut X: u8 = 1;
%%
const X: u8 = { 1 };
%%
const _: () = { fn main() {} };
%%
const fn f() {}
%%
const unsafe fn f() {}
%%
const unsafe extern "C" fn f() {}
%%
unsafe impl A for B {}
%%
unsafe trait A {}
%%
unsafe extern "C" { fn f(); }
%%
unsafe extern { fn f(); }
%%
extern "C" { fn f(); }
%%
extern { fn main(); }
%%
extern fn main() {}
%%
extern r"C" fn main() {}
%%
unsafe mod m {}
%%
impl A {}
%%
impl<T> A<T> for B where T: C<{ 1 }> { fn f() {} }
%%
impl A<{ 1 }> for B { } x
%%
impl !Send for A {}
%%
default impl A for B {}
%%
default fn f() {}
%%
auto trait A {}
%%
unsafe auto trait A {}
%%
trait A: B + C where D: E { fn f(); }
%%
trait A = B;
%%
union U { a: u8 }
%%
union = 1;
%%
union(x);
%%
let union = 1; union
%%
auto();
%%
default();
%%
let default = 1; default + 1
%%
struct S;
%%
struct S(u8);
%%
struct S(u8) where u8: Copy;
%%
struct S { a: u8 } x
%%
struct S<const N: usize = { 1 }> { a: [u8; N] } x
%%
struct S<T> where T: X<{ 2 }> { a: T } fn main() {}
%%
struct S
%%
struct S { a: u8, } impl S { }
%%
enum E { A, B { c: u8 }, D = { 1 } } x
%%
enum E {}
%%
type T = u8;
%%
type T<U> where U: V = u8;
%%
use a::{b, c}; x
%%
use a::{b, c}
%%
use a
%%
pub use a::*;
%%
pub(in a::b) use c;
%%
pub(super) struct S(u8);
%%
pub (u8) x
%%
pub
%%
crate::f();
%%
crate::S { a: 1 };
%%
self::f();
%%
super::f();
%%
Self::f();
%%
self.x
%%
<T as U>::f();
%%
<T>::f()
%%
::f();
%%
*x = 1;
%%
&x;
%%
&&x;
%%
!x;
%%
-x;
%%
..;
%%
..x
%%
..=x
%%
x..
%%
S { a: 1 }
%%
S { a: 1 };
%%
S { a: 1 }.b
%%
(1, 2);
%%
[1, 2];
%%
[1; 2]
%%
let x = if a { b } else { c }; y
%%
let Some(x) = y else { return; };
%%
let S { a, .. } = y;
%%
let x: [u8; { 1 }] = y;
%%
let x = || { 1 };
%%
let x;
%%
let (mut a, ref b) = c;
%%
let x = match y { _ => 1, };
%%
let x = 1
let y = 2
%%
let
%%
let x
%%
let x =
%%
let = 1;
%%
a b
%%
a b c
%%
a, b
%%
a: u8
%%
a: u8,
%%
"a" "b"
%%
1 2
%%
(a) b
%%
(a)(b)
%%
(a) (b) c
%%
[a] [b]
%%
a[b]
%%
[a] b
%%
f() g()
%%
f()
g();
%%
x +
%%
x.
%%
+ x
%%
.x
%%
= x
%%
?
%%
x?
%%
x??.y()?;
%%
x as u8
%%
x as
%%
x as &'a u8;
%%
a < b
%%
a < b > c
%%
a::<b>::c
%%
f::<Vec<Vec<u8>>>();
%%
Vec<u8>
%%
Vec<u8>::new();
%%
HashMap<String, u8>
%%
&mut T
%%
&'a T
%%
&mut x
%%
dyn T
%%
impl T
%%
fn
%%
fn f
%%
fn f()
%%
fn f() -> u8
%%
fn f() -> u8;
%%
fn f(self) {}
%%
fn f(&self) -> u8 { 1 }
%%
fn f(&mut self, x: u8) {}
%%
pub fn f(&self) {}
%%
fn f(x) {}
%%
fn f(...) {}
%%
fn f(x: u8, ...) {}
%%
fn f() { ... }
%%
fn f() { a b }
%%
fn f() -> impl Fn(u8) -> u8 { |x| x }
%%
fn f<F>(x: F) where F: Fn() -> [u8; { 1 }] { }
%%
fn f() -> A<{ 1 }> { } fn main() {}
%%
fn f() where A<{ 1 }>: B { } fn main() {}
%%
...
%%
x ... y
%%
let x = ...;
%%
f(...)
%%
f(...);
%%
…
%%
let x = …;
%%
// ...
%%
struct S { ... }
%%
struct S { a b }
%%
enum E { ... }
%%
impl S { ... }
%%
impl S { a }
%%
match x { ... }
%%
match x { A => }
%%
match x { A }
%%
S { ... }
%%
S { a: 1, ... }
%%
if x { ... }
%%
if x
%%
if
%%
if {}
%%
if x y {}
%%
else {}
%%
if x {} else y
%%
for x y {}
%%
for x in {}
%%
while {}
%%
loop
%%
loop x
%%
match
%%
match x
%%
unsafe
%%
async
%%
async x
%%
await x
%%
x.await
%%
x.await;
%%
let x = async; x
%%
dyn::f();
%%
dyn(x);
%%
try!(x);
%%
let try = 1;
%%
gen {};
%%
gen();
%%
yield x;
%%
yield
%%
do x
%%
box x
%%
become f();
%%
builtin # offset_of(x)
%%
raw();
%%
&raw const x;
%%
&raw mut x
%%
macro_rules!
%%
macro_rules! x
%%
macro_rules!(x);
%%
macro_rules();
%%
x!
%%
x!;
%%
x!y
%%
x! y {}
%%
x! {} y! {} z
%%
x!() y
%%
x!().y()
%%
x!() + 1;
%%
x!()
y!();
%%
x!() = 1;
%%
x![] ; y
%%
x!{} ; y
%%
x!{} .y();
%%
x!{} ? ;
%%
x!{} - 1;
%%
x != y
%%
x ! = y
%%
!(x)
%%
return !(x)
%%
if !(x) {} y
%%
thread_local! { static X: u8 = 1; } fn main() {}
%%
lazy_static! { static ref X: u8 = 1; }
%%
quote! { #x } fn main() {}
%%
quote! { #![x] }
%%
html! { <a>"}"</a> }
%%
asm!("nop"); x
%%
global_asm!("nop");
%%
#[test] fn f() {}
%%
#[cfg(test)] mod tests { use super::*; }
%%
#[derive(Debug)] struct S; let s = S;
%%
#[global_allocator] static A: S = S;
%%
#[no_mangle] pub extern "C" fn f() {}
%%
#[unsafe(no_mangle)] fn f() {}
%%
#[path = "x.rs"] mod m;
%%
mod m;
%%
mod m; fn main() {}
%%
mod m {} x
%%
include!("x.rs");
%%
include!("x.rs")
%%
fn main() { let x = "a
b"; }
%%
This is prose.
%%
This is prose, with commas; and more.
%%
error[E0308]: mismatched types
%%
$ cargo build
%%
[dependencies]
rand = "0.8"
%%
{ "a": 1 }
%%
{ a: 1 }
%%
{ a, b }
%%
SELECT * FROM x;
%%
x = 1
%%
x += 1
%%
x = y = z
%%
a == b == c
%%
a < b < c
%%
a..b..c
%%
&x[..]
%%
&x[1..][..2];
%%
a && b || c
%%
a & & b
%%
a | | b
%%
let x = 5 fn f() {}
%%
let x = { 1 } fn f() {}
%%
fn f() {} let x = 1 fn g() {}
%%
use a; let x = b use c;
%%
x fn main() {}
%%
x(); fn main() {} }
%%
{ x } fn main() {}
%%
if x { y } fn main() {}
%%
() fn main() {}
%%
pub let x = 1;
%%
pub x = 1;
%%
pub struct S { pub a: u8 }
%%
pub enum
%%
mut x = 1;
%%
let mut = 1;
%%
ref x
%%
where T: U
%%
T: U
%%
T where U: V
%%
'a
%%
'a + b
%%
b'ab'
%%
''
%%
'ab'
%%
'é'
%%
"é" + 'ñ'
""".strip("\n").split("\n%%\n")

# Texts that the compiler's parser gives up on although their tokens do not show it, or the
# reverse: they compile neither in a function nor as written, so that no verdict depends on it.
UNDECIDED = {
    "type T = Box<(())": "angle brackets: generics or comparisons",
    "Ok(()) #[a]": "an attribute after the last expression",
    "Ok(()) /// a": "an attribute after the last expression",
    "'abc": "a lifetime or prefix where no value is",
    "'a'; 'static; 'a": "a lifetime or prefix where no value is",
    "z#a;": "a lifetime or prefix where no value is",
    'f#"abc"#;': "a lifetime or prefix where no value is",
    "x @ y": "an expression that the parser gives up on",
    "---\na = 1\n---\nfn main() {}": "an expression that the parser gives up on",
    "async { 1 } x": "a keyword out of its place",
    "async move { 1 }; x": "a keyword out of its place",
    "try { 1 } x": "a keyword out of its place",
    "async move || x": "a keyword out of its place",
    "default impl A for B {}": "a keyword out of its place",
    "default fn f() {}": "a keyword out of its place",
    "+ x": "an expression that the parser gives up on",
    "x as": "an expression that the parser gives up on",
    "a < b > c": "angle brackets: generics or comparisons",
    "Vec<u8>": "angle brackets: generics or comparisons",
    "HashMap<String, u8>": "angle brackets: generics or comparisons",
    "dyn T": "a keyword out of its place",
    "impl T": "a keyword out of its place",
    "enum E { ... }": "an expression that the parser gives up on",
    "if x y {}": "an expression that the parser gives up on",
    "if x {} else y": "an expression that the parser gives up on",
    "for x y {}": "an expression that the parser gives up on",
    "unsafe": "a keyword out of its place",
    "async x": "a keyword out of its place",
    "do x": "a keyword out of its place",
    "box x": "a keyword out of its place",
    "builtin # offset_of(x)": "a keyword out of its place",
    "macro_rules! x": "a keyword out of its place",
    "x!y": "an expression that the parser gives up on",
    "x! y {}": "an expression that the parser gives up on",
    "x ! = y": "an expression that the parser gives up on",
    "{ a: 1 }": "an expression that the parser gives up on",
    "{ a, b }": "an expression that the parser gives up on",
    "a < b < c": "angle brackets: generics or comparisons",
    "a..b..c": "an expression that the parser gives up on",
    "a | | b": "an expression that the parser gives up on",
    "let x = { 1 } fn f() {}": "no semicolon before an item",
    "async": "a keyword out of its place",
    "let x = async; x": "a keyword out of its place",
    "dyn::f();": "a keyword out of its place",
    "dyn(x);": "a keyword out of its place",
    "gen();": "a keyword out of its place",
}
