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
    /// A tensor of this shape, filled from a slice in row-major order.
    pub fn from_shape<A: Datum + Copy>(shape: &[usize], data: &[A]) -> TractResult<Tensor> {
        unimplemented!("stub tract-onnx")
    }

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
    /// Its shape.
    pub shape: ShapeFact,
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

impl<F, O> Graph<F, O>
where
    F: Fact + Clone + 'static,
    O: fmt::Debug + fmt::Display + AsRef<dyn Op> + AsMut<dyn Op> + Clone + 'static,
{
    /// What is known of an input.
    pub fn input_fact(&self, input: usize) -> TractResult<&F> {
        unimplemented!("stub tract-onnx")
    }

    /// A plan of this graph.
    pub fn into_runnable(self) -> TractResult<SimplePlan<F, O, Self>> {
        unimplemented!("stub tract-onnx")
    }
}

/// The shape of a tensor, where it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeFact {
    _private: (),
}

impl ShapeFact {
    /// The dimensions, if all of them are numbers.
    pub fn as_concrete(&self) -> Option<&[usize]> {
        unimplemented!("stub tract-onnx")
    }
}

/// What is known of a tensor before types are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferenceFact {
    _private: (),
}

impl fmt::Display for InferenceFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub tract-onnx")
    }
}

impl Fact for InferenceFact {}

/// An operation before types are known.
pub trait InferenceOp: Op {}

impl fmt::Display for Box<dyn InferenceOp> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub tract-onnx")
    }
}

impl AsRef<dyn Op> for Box<dyn InferenceOp> {
    fn as_ref(&self) -> &(dyn Op + 'static) {
        unimplemented!("stub tract-onnx")
    }
}

impl AsMut<dyn Op> for Box<dyn InferenceOp> {
    fn as_mut(&mut self) -> &mut (dyn Op + 'static) {
        unimplemented!("stub tract-onnx")
    }
}

impl Clone for Box<dyn InferenceOp> {
    fn clone(&self) -> Self {
        unimplemented!("stub tract-onnx")
    }
}

/// A graph as it was read.
pub type InferenceModel = Graph<InferenceFact, Box<dyn InferenceOp>>;

/// What a graph as it was read can become.
pub trait InferenceModelExt {
    /// Infers all types and makes the graph faster.
    fn into_optimized(self) -> TractResult<TypedModel>;
}

impl InferenceModelExt for InferenceModel {
    fn into_optimized(self) -> TractResult<TypedModel> {
        unimplemented!("stub tract-onnx")
    }
}

/// The format's own messages.
pub mod pb {
    /// A parsed file.
    pub struct ModelProto {
        _private: (),
    }
}

/// A format in which networks are kept.
pub trait Framework<ProtoModel, Model>: Send + Sync {
    /// Reads a network.
    fn model_for_read(&self, reader: &mut dyn std::io::Read) -> TractResult<Model>;
}

/// The ONNX format.
#[derive(Clone, Default)]
pub struct Onnx {
    _private: (),
}

impl Framework<pb::ModelProto, InferenceModel> for Onnx {
    fn model_for_read(&self, reader: &mut dyn std::io::Read) -> TractResult<InferenceModel> {
        unimplemented!("stub tract-onnx")
    }
}

/// The ONNX format.
pub fn onnx() -> Onnx {
    unimplemented!("stub tract-onnx")
}

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
        tensor0, tensor1, Datum, Fact, Framework, Graph, InferenceFact, InferenceModel,
        InferenceModelExt, IntoTValue, IntoTensor, SimplePlan, TValue, TVec, Tensor, TractError,
        TractResult, TypedFact, TypedModel, TypedOp, TypedRunnableModel, TypedSimplePlan,
    };
    pub use std::sync::Arc;
}
