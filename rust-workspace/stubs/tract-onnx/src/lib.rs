//! A stub of `tract-onnx` 0.21: tensors, typed graphs and the plan that runs one.
//!
//! It fakes nothing: every body panics, no model is read or run.
#![allow(unused_variables)]

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// A short vector, of which four items need no heap.
pub type TVec<T> = smallvec::SmallVec<[T; 4]>;

/// What can go wrong.
pub type TractError = anyhow::Error;

/// The outcome.
pub type TractResult<T> = anyhow::Result<T>;

/// A short vector of these items.
#[macro_export]
macro_rules! tvec {
    ($elem:expr; $n:expr) => {
        $crate::TVec::from_elem($elem, $n)
    };
    ($($x:expr),* $(,)?) => {{
        let mut items = $crate::TVec::new();
        if items.is_empty() {
            $(items.push($x);)*
            items
        } else {
            $crate::TVec::from_vec(::std::vec![$($x),*])
        }
    }};
}

/// A type that tensors hold.
pub trait Datum:
    Clone + Send + Sync + fmt::Debug + fmt::Display + Default + 'static + PartialEq
{
}

impl Datum for bool {}
impl Datum for f32 {}
impl Datum for f64 {}
impl Datum for i8 {}
impl Datum for i16 {}
impl Datum for i32 {}
impl Datum for i64 {}
impl Datum for u8 {}
impl Datum for u16 {}
impl Datum for u32 {}
impl Datum for u64 {}
impl Datum for String {}

/// Numbers in a box of any rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    _private: (),
}

impl Tensor {
    /// Its only number.
    pub fn to_scalar<D: Datum>(&self) -> TractResult<&D> {
        unimplemented!("stub tract-onnx")
    }

    /// Its sizes.
    pub fn shape(&self) -> &[usize] {
        unimplemented!("stub tract-onnx")
    }

    /// How many numbers it holds.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        unimplemented!("stub tract-onnx")
    }

    /// Its numbers.
    pub fn as_slice<D: Datum>(&self) -> TractResult<&[D]> {
        unimplemented!("stub tract-onnx")
    }
}

/// A tensor of one number.
pub fn tensor0<A: Datum>(x: A) -> Tensor {
    unimplemented!("stub tract-onnx")
}

/// A tensor of a row of numbers.
pub fn tensor1<A: Datum>(xs: &[A]) -> Tensor {
    unimplemented!("stub tract-onnx")
}

/// What can become a tensor.
pub trait IntoTensor: Sized {
    /// The tensor.
    fn into_tensor(self) -> Tensor;
}

impl IntoTensor for Tensor {
    fn into_tensor(self) -> Tensor {
        unimplemented!("stub tract-onnx")
    }
}

impl IntoTensor for Arc<Tensor> {
    fn into_tensor(self) -> Tensor {
        unimplemented!("stub tract-onnx")
    }
}

/// A tensor on its way through a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TValue {
    /// One that is shared between threads.
    Const(Arc<Tensor>),
    /// One of this run.
    Var(Rc<Tensor>),
}

impl From<Tensor> for TValue {
    fn from(t: Tensor) -> Self {
        unimplemented!("stub tract-onnx")
    }
}

impl Deref for TValue {
    type Target = Tensor;

    fn deref(&self) -> &Tensor {
        unimplemented!("stub tract-onnx")
    }
}

impl IntoTensor for TValue {
    fn into_tensor(self) -> Tensor {
        unimplemented!("stub tract-onnx")
    }
}

/// What can become such a tensor.
pub trait IntoTValue {
    /// That tensor.
    fn into_tvalue(self) -> TValue;
}

impl IntoTValue for Tensor {
    fn into_tvalue(self) -> TValue {
        unimplemented!("stub tract-onnx")
    }
}

/// What is known of a tensor before it is there.
pub trait Fact: fmt::Debug + Send + Sync {}

/// An element type and a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedFact {
    _private: (),
}

impl Fact for TypedFact {}

/// An operation.
pub trait Op: fmt::Debug + Send + Sync + 'static {
    /// Its name.
    fn name(&self) -> String;
}

/// An operation on typed tensors.
pub trait TypedOp: Op {}

impl fmt::Display for Box<dyn TypedOp> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub tract-onnx")
    }
}

impl AsRef<dyn Op> for Box<dyn TypedOp> {
    fn as_ref(&self) -> &(dyn Op + 'static) {
        unimplemented!("stub tract-onnx")
    }
}

impl AsMut<dyn Op> for Box<dyn TypedOp> {
    fn as_mut(&mut self) -> &mut (dyn Op + 'static) {
        unimplemented!("stub tract-onnx")
    }
}

impl Clone for Box<dyn TypedOp> {
    fn clone(&self) -> Self {
        unimplemented!("stub tract-onnx")
    }
}

/// Operations and what flows between them.
#[derive(Clone, Debug)]
pub struct Graph<F, O>
where
    F: Fact + Clone + 'static,
    O: fmt::Debug + fmt::Display + AsRef<dyn Op> + AsMut<dyn Op> + Clone + 'static,
{
    _parts: PhantomData<(F, O)>,
}

/// A graph whose types are known.
pub type TypedModel = Graph<TypedFact, Box<dyn TypedOp>>;

/// The plan of a typed graph.
pub type TypedSimplePlan<M> = SimplePlan<TypedFact, Box<dyn TypedOp>, M>;

/// A plan of a typed graph that can be run.
pub type TypedRunnableModel<M> = TypedSimplePlan<M>;

/// The order in which a graph's operations run.
#[derive(Debug, Clone)]
pub struct SimplePlan<F, O, M>
where
    F: Fact + Clone + 'static,
    O: fmt::Debug + fmt::Display + AsRef<dyn Op> + AsMut<dyn Op> + Clone + 'static,
    M: Borrow<Graph<F, O>>,
{
    _parts: PhantomData<(F, O, M)>,
}

impl<F, O, M> SimplePlan<F, O, M>
where
    F: Fact + Clone + 'static,
    O: fmt::Debug + fmt::Display + AsRef<dyn Op> + AsMut<dyn Op> + Clone + 'static,
    M: Borrow<Graph<F, O>>,
{
    /// The plan of a graph.
    pub fn new(model: M) -> TractResult<SimplePlan<F, O, M>> {
        unimplemented!("stub tract-onnx")
    }

    /// Runs it once.
    pub fn run(&self, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        unimplemented!("stub tract-onnx")
    }
}

/// What most programs need.
pub mod prelude {
    pub use crate::tvec;
    pub use crate::{
        tensor0, tensor1, Datum, Fact, Graph, IntoTValue, IntoTensor, SimplePlan, TValue, TVec,
        Tensor, TractError, TractResult, TypedFact, TypedModel, TypedOp, TypedRunnableModel,
        TypedSimplePlan,
    };
    pub use std::sync::Arc;
}
