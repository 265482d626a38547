"""Forms of Rust blocks for made documents: `@N` is a number of its own, `@I` a type, `@C` a map.

Each is right as it stands; `BREAKS` are lines that make one wrong, in the ways in which blocks of
books are wrong.
"""

_TEXT = r"""
struct Pair@N<T> {
    left: T,
    right: T,
}

impl<T: Clone> Pair@N<T> {
    fn swapped(&self) -> Self {
        Pair@N {
            left: self.right.clone(),
            right: self.left.clone(),
        }
    }
}

let pair = Pair@N { left: @N, right: 2 };
assert_eq!(pair.swapped().left, 2);
----
trait Shape@N {
    fn area(&self) -> f64;

    fn is_large(&self) -> bool {
        self.area() > 10.0
    }
}

struct Square(f64);
struct Circle(f64);

impl Shape@N for Square {
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}

impl Shape@N for Circle {
    fn area(&self) -> f64 {
        3.14 * self.0 * self.0
    }
}

let all: Vec<Box<dyn Shape@N>> = vec![Box::new(Square(2.0)), Box::new(Circle(1.0))];
assert_eq!(all.iter().filter(|shape| shape.is_large()).count(), 0);
----
use std::collections::@C;

let text = "one two three two @N three three";
let mut counts = @C::new();
for word in text.split_whitespace() {
    *counts.entry(word).or_insert(0) += 1;
}
let mut sorted: Vec<_> = counts.into_iter().collect();
sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
assert_eq!(sorted[0], ("three", 3));
assert_eq!(sorted[1].1, 2);
----
let add = |x: @I| move |y: @I| x.wrapping_add(y);
let twice = |f: &dyn Fn(@I) -> @I, x: @I| f(f(x));
let three = add(3);
assert_eq!(three(4), 7);
assert_eq!(twice(&three, 1), 7);

fn compose<A, B, C>(f: impl Fn(A) -> B, g: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |x| g(f(x))
}

let both = compose(add(1), add(2));
assert_eq!(both(10), 13);
----
#[derive(Debug, Clone, PartialEq)]
enum State@N {
    Idle,
    Busy { since: u64 },
    Done(Result<u8, String>),
}

impl State@N {
    fn next(self) -> Self {
        match self {
            State@N::Idle => State@N::Busy { since: @N },
            State@N::Busy { since } if since > 10 => State@N::Done(Ok(1)),
            State@N::Busy { .. } => State@N::Done(Err("early".to_string())),
            done => done,
        }
    }
}

assert!(matches!(State@N::Idle.next().next(), State@N::Done(_)));
----
fn largest<T: PartialOrd + Copy>(values: &[T]) -> Option<T> {
    let mut all = values.iter();
    let mut best = *all.next()?;
    for value in all {
        if *value > best {
            best = *value;
        }
    }
    Some(best)
}

assert_eq!(largest(&[1 as @I, 7, 3]), Some(7));
assert_eq!(largest::<f64>(&[]), None);
----
struct Count@N {
    left: u32,
}

impl Iterator for Count@N {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        Some(self.left)
    }
}

let sum: u32 = Count@N { left: 5 }.zip(Count@N { left: 5 }.skip(1)).map(|(a, b)| a * b).sum();
assert_eq!(sum, 20);
----
use std::fmt;

struct Point@N(i32, i32);

impl fmt::Display for Point@N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.0, self.1)
    }
}

impl std::ops::Add for Point@N {
    type Output = Point@N;

    fn add(self, other: Point@N) -> Point@N {
        Point@N(self.0 + other.0, self.1 + other.1)
    }
}

assert_eq!((Point@N(1, 2) + Point@N(3, 4)).to_string(), "(4, 6)");
----
use std::rc::Rc;
use std::cell::RefCell;

#[derive(Default)]
struct Log@N {
    lines: RefCell<Vec<String>>,
}

impl Log@N {
    fn note(&self, line: impl Into<String>) {
        self.lines.borrow_mut().push(line.into());
    }
}

let log = Rc::new(Log@N::default());
let other = Rc::clone(&log);
log.note("first");
other.note(format!("second {}", @N));
assert_eq!(log.lines.borrow().len(), 2);
assert_eq!(Rc::strong_count(&log), 2);
----
use std::sync::{Arc, Mutex};
use std::thread;

let total = Arc::new(Mutex::new(0u64));
let workers: Vec<_> = (0..2)
    .map(|part| {
        let total = Arc::clone(&total);
        thread::spawn(move || {
            for number in 0..10 {
                *total.lock().unwrap() += number * part;
            }
        })
    })
    .collect();
for worker in workers {
    worker.join().unwrap();
}
assert_eq!(*total.lock().unwrap(), 45);
----
use std::sync::mpsc;
use std::thread;

let (sender, receiver) = mpsc::channel::<@I>();
let worker = thread::spawn(move || {
    for value in [1, 2, 3] {
        sender.send(value).unwrap();
    }
});
let got: Vec<@I> = receiver.iter().collect();
worker.join().unwrap();
assert_eq!(got, vec![1, 2, 3]);
assert_eq!(got.len(), 3);
----
fn parse@N(text: &str) -> Result<(String, u16), String> {
    let (host, port) = text.split_once(':').ok_or_else(|| format!("no port in {text}"))?;
    let port = port.parse::<u16>().map_err(|error| error.to_string())?;
    if host.is_empty() {
        return Err("no host".into());
    }
    Ok((host.to_string(), port))
}

assert_eq!(parse@N("localhost:80"), Ok(("localhost".to_string(), 80)));
assert!(parse@N("localhost").is_err());
assert!(parse@N(":80").is_err());
assert!(parse@N("a:99999").is_err());
----
use std::error::Error;
use std::fmt;

#[derive(Debug)]
enum Fault@N {
    Empty,
    Bad(std::num::ParseIntError),
}

impl fmt::Display for Fault@N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault@N::Empty => write!(f, "empty"),
            Fault@N::Bad(error) => write!(f, "bad: {error}"),
        }
    }
}

impl Error for Fault@N {}

impl From<std::num::ParseIntError> for Fault@N {
    fn from(error: std::num::ParseIntError) -> Self {
        Fault@N::Bad(error)
    }
}

fn read(text: &str) -> Result<i64, Fault@N> {
    if text.is_empty() {
        return Err(Fault@N::Empty);
    }
    Ok(text.trim().parse::<i64>()?)
}

assert_eq!(read(" 7 ").unwrap(), 7);
----
struct Stack@N<T, const MOST: usize> {
    items: Vec<T>,
}

impl<T, const MOST: usize> Stack@N<T, MOST> {
    fn new() -> Self {
        Self { items: Vec::with_capacity(MOST) }
    }

    fn push(&mut self, item: T) -> Result<(), T> {
        if self.items.len() == MOST {
            return Err(item);
        }
        self.items.push(item);
        Ok(())
    }
}

let mut stack = Stack@N::<@I, 2>::new();
assert!(stack.push(1).is_ok());
assert!(stack.push(2).is_ok());
assert_eq!(stack.push(3), Err(3));
----
#[derive(Debug)]
enum Tree@N {
    Leaf,
    Node(Box<Tree@N>, i32, Box<Tree@N>),
}

impl Tree@N {
    fn insert(self, value: i32) -> Tree@N {
        match self {
            Tree@N::Leaf => Tree@N::Node(Box::new(Tree@N::Leaf), value, Box::new(Tree@N::Leaf)),
            Tree@N::Node(left, here, right) if value < here => {
                Tree@N::Node(Box::new(left.insert(value)), here, right)
            }
            Tree@N::Node(left, here, right) => {
                Tree@N::Node(left, here, Box::new(right.insert(value)))
            }
        }
    }

    fn depth(&self) -> usize {
        match self {
            Tree@N::Leaf => 0,
            Tree@N::Node(left, _, right) => 1 + left.depth().max(right.depth()),
        }
    }
}

let tree = [5, 2, 8, 1].into_iter().fold(Tree@N::Leaf, Tree@N::insert);
assert_eq!(tree.depth(), 3);
----
struct Guard@N<'a> {
    name: &'a str,
    log: &'a mut Vec<String>,
}

impl Drop for Guard@N<'_> {
    fn drop(&mut self) {
        self.log.push(format!("drop {}", self.name));
    }
}

let mut log = Vec::new();
{
    let guard = Guard@N { name: "one", log: &mut log };
    assert_eq!(guard.name, "one");
}
assert_eq!(log, ["drop one"]);
----
fn longest<'a>(left: &'a str, right: &'a str) -> &'a str {
    if left.len() >= right.len() { left } else { right }
}

struct Words<'a> {
    text: &'a str,
}

impl<'a> Words<'a> {
    fn first(&self) -> Option<&'a str> {
        self.text.split(' ').next()
    }
}

let words = Words { text: "alpha beta @N" };
assert_eq!(longest(words.first().unwrap(), "x"), "alpha");
----
use std::collections::BTreeMap;

let mut tree: BTreeMap<@I, Vec<&str>> = BTreeMap::new();
for (key, value) in [(3, "c"), (1, "a"), (3, "d")] {
    tree.entry(key).or_default().push(value);
}
let keys: Vec<_> = tree.keys().copied().collect();
assert_eq!(keys, [1, 3]);
assert_eq!(tree[&3], ["c", "d"]);
let (least, _) = tree.iter().next().unwrap();
assert_eq!(*least, 1);
----
use std::collections::HashSet;

let first: HashSet<@I> = (0..6).collect();
let second: HashSet<@I> = (3..9).collect();
let mut both: Vec<@I> = first.intersection(&second).copied().collect();
both.sort_unstable();
assert_eq!(both, [3, 4, 5]);
let only = first.difference(&second).count();
assert_eq!(only, 3);
let all = first.union(&second).count();
assert_eq!(all, 9);
----
use std::collections::VecDeque;

let mut queue: VecDeque<(u32, usize)> = VecDeque::from([(0, 0)]);
let mut seen = vec![false; 10];
let mut last = 0;
while let Some((steps, at)) = queue.pop_front() {
    if at >= seen.len() || seen[at] {
        continue;
    }
    seen[at] = true;
    last = steps;
    queue.push_back((steps + 1, at + 1));
    queue.push_back((steps + 1, at + 3));
}
assert!(last > 2);
----
trait Animal@N {
    const LEGS: u32;
    fn name(&self) -> String;
}

struct Cat;
struct Bird;

impl Animal@N for Cat {
    const LEGS: u32 = 4;
    fn name(&self) -> String {
        "cat".into()
    }
}

impl Animal@N for Bird {
    const LEGS: u32 = 2;
    fn name(&self) -> String {
        "bird".into()
    }
}

fn told<A: Animal@N>(animal: &A) -> String {
    format!("{} has {}", animal.name(), A::LEGS)
}

assert_eq!(told(&Cat), "cat has 4");
assert_eq!(told(&Bird), "bird has 2");
----
mod inner@N {
    pub struct Meter {
        value: u64,
    }

    impl Meter {
        pub fn new(value: u64) -> Self {
            Self { value }
        }

        pub fn value(&self) -> u64 {
            self.value
        }
    }
}

use inner@N::Meter;

fn main() {
    let meter = Meter::new(@N);
    assert_eq!(meter.value(), @N);
}
----
macro_rules! largest {
    ($only:expr) => { $only };
    ($first:expr, $($rest:expr),+) => {{
        let rest = largest!($($rest),+);
        if $first > rest { $first } else { rest }
    }};
}

let found = largest!(3, 9, @N % 7);
assert_eq!(found, 9);
let one = largest!(@N);
assert_eq!(one, @N);
assert!(largest!(1, 2) == 2);
----
use std::borrow::Cow;

fn tidy(text: &str) -> Cow<'_, str> {
    if text.contains("  ") {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

assert!(matches!(tidy("a b"), Cow::Borrowed(_)));
assert_eq!(tidy("a   b @N"), "a b @N");
assert!(matches!(tidy("a  b"), Cow::Owned(_)));
----
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
enum Grade@N {
    #[default]
    Low,
    Middle,
    High,
}

let mut grades = vec![Grade@N::High, Grade@N::default(), Grade@N::Middle];
grades.sort();
assert_eq!(grades[0], Grade@N::Low);
assert!(grades.windows(2).all(|pair| pair[0] <= pair[1]));
grades.dedup();
assert_eq!(grades.len(), 3);
assert_eq!(format!("{:?}", grades[2]), "High");
----
trait Visitor@N {
    fn number(&mut self, value: i64);
    fn sum(&mut self, left: &Term@N, right: &Term@N) {
        left.accept(self);
        right.accept(self);
    }
}

enum Term@N {
    Number(i64),
    Sum(Box<Term@N>, Box<Term@N>),
}

impl Term@N {
    fn accept<V: Visitor@N + ?Sized>(&self, visitor: &mut V) {
        match self {
            Term@N::Number(value) => visitor.number(*value),
            Term@N::Sum(left, right) => visitor.sum(left, right),
        }
    }
}

struct Adder(i64);

impl Visitor@N for Adder {
    fn number(&mut self, value: i64) {
        self.0 += value;
    }
}

let term = Term@N::Sum(Box::new(Term@N::Number(1)), Box::new(Term@N::Number(@N)));
let mut adder = Adder(0);
term.accept(&mut adder);
assert_eq!(adder.0, @N + 1);
----
let matrix = [[1 as @I, 2, 3], [4, 5, 6]];
let mut turned = [[0 as @I; 2]; 3];
for (row, values) in matrix.iter().enumerate() {
    for (column, value) in values.iter().enumerate() {
        turned[column][row] = *value;
    }
}
assert_eq!(turned, [[1, 4], [2, 5], [3, 6]]);
let flat: Vec<@I> = matrix.concat();
assert_eq!(flat.chunks(2).count(), 3);
assert!(flat.iter().rev().skip_while(|v| **v > 3).all(|v| *v <= 3));
----
#[derive(Clone, Debug, Default)]
struct Settings@N {
    name: String,
    most: Option<u32>,
    tags: Vec<String>,
}

struct Builder@N(Settings@N);

impl Builder@N {
    fn named(name: &str) -> Self {
        Builder@N(Settings@N { name: name.into(), ..Default::default() })
    }

    fn most(mut self, most: u32) -> Self {
        self.0.most = Some(most);
        self
    }

    fn tag(mut self, tag: &str) -> Self {
        self.0.tags.push(tag.to_owned());
        self
    }

    fn build(self) -> Settings@N {
        self.0
    }
}

let built = Builder@N::named("a").most(@N).tag("x").tag("y").build();
assert_eq!((built.tags.len(), built.most), (2, Some(@N)));
----
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

async fn double(value: u64) -> u64 {
    value * 2
}

async fn both() -> u64 {
    let first = double(@N).await;
    let second = double(first).await;
    first + second
}

let mut context = Context::from_waker(Waker::noop());
let mut future = pin!(both());
assert_eq!(future.as_mut().poll(&mut context), Poll::Ready(@N * 6));
----
struct Grid@N {
    cells: Vec<u8>,
    width: usize,
}

impl std::ops::Index<(usize, usize)> for Grid@N {
    type Output = u8;

    fn index(&self, (row, column): (usize, usize)) -> &u8 {
        &self.cells[row * self.width + column]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Grid@N {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut u8 {
        &mut self.cells[row * self.width + column]
    }
}

let mut grid = Grid@N { cells: vec![0; 12], width: 4 };
grid[(2, 3)] = 7;
assert_eq!(grid[(2, 3)], 7);
assert_eq!(grid[(0, 0)], 0);
----
fn fibonacci(n: u32) -> u64 {
    let (mut a, mut b) = (0u64, 1u64);
    for _ in 0..n {
        (a, b) = (b, a + b);
    }
    a
}

let found: Vec<u64> = (0..10).map(fibonacci).collect();
let (even, odd): (Vec<u64>, Vec<u64>) = found.iter().partition(|n| *n % 2 == 0);
assert_eq!(even.len(), 4);
assert_eq!(odd.iter().max(), Some(&21));
assert_eq!(found.iter().take_while(|n| **n < 10).count(), 7);
----
use std::marker::PhantomData;

struct Open;
struct Closed;

struct Door@N<State> {
    turns: u32,
    state: PhantomData<State>,
}

impl Door@N<Closed> {
    fn new() -> Self {
        Door@N { turns: 0, state: PhantomData }
    }

    fn open(self) -> Door@N<Open> {
        Door@N { turns: self.turns + 1, state: PhantomData }
    }
}

impl Door@N<Open> {
    fn close(self) -> Door@N<Closed> {
        Door@N { turns: self.turns + 1, state: PhantomData }
    }
}

assert_eq!(Door@N::new().open().close().turns, 2);
"""
SHAPES = tuple(part.strip("\n") for part in _TEXT.split("\n----\n"))

BREAKS = (
    'let broken: u8 = "@N";',
    "let broken = missing_@N();",
    "let b = String::new(); drop(b); drop(b);",
    "let broken: Missing@N = 1;",
    "let broken = 1u8.missing_@N();",
    "let broken = vec![1, 2].push();",
    'let broken = 1 + "@N";',
    "let b = 1; b = 2; let c = &mut b;",
)
