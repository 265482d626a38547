//! A stub of `wasmtime` 27: engine, store, linker and typed functions.
//!
//! It fakes nothing: every body panics, no WebAssembly is compiled or run.
#![allow(unused_variables)]

use std::marker::PhantomData;

pub use anyhow::{Error, Result};

/// How an engine works.
#[derive(Clone)]
pub struct Config {
    _private: (),
}

impl Config {
    /// The defaults.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        unimplemented!("stub wasmtime")
    }

    /// Whether a raised epoch interrupts running code.
    pub fn epoch_interruption(&mut self, enable: bool) -> &mut Self {
        unimplemented!("stub wasmtime")
    }

    /// Memories up to this size get their whole address space at once.
    pub fn static_memory_maximum_size(&mut self, max_size: u64) -> &mut Self {
        unimplemented!("stub wasmtime")
    }

    /// Address space kept behind any other memory, for it to grow into.
    pub fn dynamic_memory_reserved_for_growth(&mut self, reserved: u64) -> &mut Self {
        unimplemented!("stub wasmtime")
    }

    /// Address space behind a memory whose use is a fault.
    pub fn memory_guard_size(&mut self, guard_size: u64) -> &mut Self {
        unimplemented!("stub wasmtime")
    }

    /// Whether instructions use up fuel.
    pub fn consume_fuel(&mut self, enable: bool) -> &mut Self {
        unimplemented!("stub wasmtime")
    }
}

/// What compiles and runs modules.
#[derive(Clone)]
pub struct Engine {
    _private: (),
}

impl Engine {
    /// Raises the epoch: stores past their deadline are interrupted.
    pub fn increment_epoch(&self) {
        unimplemented!("stub wasmtime")
    }

    /// An engine with these settings.
    pub fn new(config: &Config) -> Result<Engine> {
        unimplemented!("stub wasmtime")
    }
}

impl Default for Engine {
    fn default() -> Self {
        unimplemented!("stub wasmtime")
    }
}

/// A compiled module.
#[derive(Clone)]
pub struct Module {
    _private: (),
}

impl Module {
    /// What it imports, in order.
    #[allow(unreachable_code)]
    pub fn imports<'module>(
        &'module self,
    ) -> impl ExactSizeIterator<Item = ImportType<'module>> + 'module {
        unimplemented!("stub wasmtime");
        std::iter::empty()
    }

    /// Compiles a module.
    pub fn new(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module> {
        unimplemented!("stub wasmtime")
    }
}

/// All that instances own, with the host's data.
pub struct Store<T> {
    _data: PhantomData<T>,
}

impl<T> Store<T> {
    /// The deadline, in epochs from now.
    pub fn set_epoch_deadline(&mut self, ticks_beyond_current: u64) {
        unimplemented!("stub wasmtime")
    }

    /// Who is asked before memories and tables grow.
    pub fn limiter(
        &mut self,
        limiter: impl FnMut(&mut T) -> &mut (dyn ResourceLimiter) + Send + Sync + 'static,
    ) {
        unimplemented!("stub wasmtime")
    }

    /// An empty store.
    pub fn new(engine: &Engine, data: T) -> Self {
        unimplemented!("stub wasmtime")
    }

    /// The host's data.
    pub fn data(&self) -> &T {
        unimplemented!("stub wasmtime")
    }

    /// The host's data.
    pub fn data_mut(&mut self) -> &mut T {
        unimplemented!("stub wasmtime")
    }

    /// How much fuel is left.
    pub fn get_fuel(&self) -> Result<u64> {
        unimplemented!("stub wasmtime")
    }

    /// Fills the tank.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        unimplemented!("stub wasmtime")
    }
}

/// A view of a store.
pub struct StoreContext<'a, T>(PhantomData<&'a T>);

/// A changeable view of a store.
pub struct StoreContextMut<'a, T>(PhantomData<&'a mut T>);

/// What gives a view of a store.
pub trait AsContext {
    /// The host's data.
    type Data;

    /// That view.
    fn as_context(&self) -> StoreContext<'_, Self::Data>;
}

/// What gives a changeable view of a store.
pub trait AsContextMut: AsContext {
    /// That view.
    fn as_context_mut(&mut self) -> StoreContextMut<'_, Self::Data>;
}

impl<T> AsContext for Store<T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        unimplemented!("stub wasmtime")
    }
}

impl<T> AsContextMut for Store<T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        unimplemented!("stub wasmtime")
    }
}

impl<T: AsContext> AsContext for &'_ T {
    type Data = T::Data;

    fn as_context(&self) -> StoreContext<'_, T::Data> {
        unimplemented!("stub wasmtime")
    }
}

impl<T: AsContext> AsContext for &'_ mut T {
    type Data = T::Data;

    fn as_context(&self) -> StoreContext<'_, T::Data> {
        unimplemented!("stub wasmtime")
    }
}

impl<T: AsContextMut> AsContextMut for &'_ mut T {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T::Data> {
        unimplemented!("stub wasmtime")
    }
}

/// What modules can import.
pub struct Linker<T> {
    _data: PhantomData<fn(T)>,
}

impl<T> Linker<T> {
    /// Offers a Rust function under a module's and its own name.
    pub fn func_wrap<Params, Args>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, Params, Args>,
    ) -> Result<&mut Self> {
        unimplemented!("stub wasmtime")
    }

    /// A linker that offers nothing yet.
    pub fn new(engine: &Engine) -> Linker<T> {
        unimplemented!("stub wasmtime")
    }

    /// Makes an instance of a module in a store.
    pub fn instantiate(
        &self,
        store: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<Instance> {
        unimplemented!("stub wasmtime")
    }
}

/// A module in a store.
#[derive(Copy, Clone)]
pub struct Instance {
    _private: (),
}

impl Instance {
    /// An exported function of this type.
    pub fn get_typed_func<Params, Results>(
        &self,
        store: impl AsContextMut,
        name: &str,
    ) -> Result<TypedFunc<Params, Results>>
    where
        Params: WasmParams,
        Results: WasmResults,
    {
        unimplemented!("stub wasmtime")
    }
}

/// A function whose type has been checked.
pub struct TypedFunc<Params, Results> {
    _type: PhantomData<fn(Params) -> Results>,
}

impl<Params, Results> TypedFunc<Params, Results>
where
    Params: WasmParams,
    Results: WasmResults,
{
    /// Calls it.
    pub fn call(&self, store: impl AsContextMut, params: Params) -> Result<Results> {
        unimplemented!("stub wasmtime")
    }
}

/// A Rust type that a WebAssembly value has.
pub trait WasmTy: Send {}

impl WasmTy for i32 {}
impl WasmTy for u32 {}
impl WasmTy for i64 {}
impl WasmTy for u64 {}
impl WasmTy for f32 {}
impl WasmTy for f64 {}

/// Parameters of a function.
pub trait WasmParams: Send {}

/// Results of a function.
pub trait WasmResults: WasmParams {}

impl<T: WasmTy> WasmParams for T {}
impl<T: WasmTy> WasmResults for T {}

macro_rules! tuples {
    ($(($($item:ident)*))*) => {$(
        impl<$($item: WasmTy,)*> WasmParams for ($($item,)*) {}
        impl<$($item: WasmTy,)*> WasmResults for ($($item,)*) {}
    )*};
}

tuples! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// One import of a module.
pub struct ImportType<'module> {
    _module: PhantomData<&'module Module>,
}

impl<'module> ImportType<'module> {
    /// Of which module.
    pub fn module(&self) -> &'module str {
        unimplemented!("stub wasmtime")
    }

    /// Under which name.
    pub fn name(&self) -> &'module str {
        unimplemented!("stub wasmtime")
    }
}

/// Asked before memories and tables grow.
pub trait ResourceLimiter {
    /// Whether a memory may grow to `desired` bytes.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool>;

    /// Told that a memory has not grown.
    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        unimplemented!("stub wasmtime")
    }

    /// Whether a table may grow to `desired` elements.
    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool>;

    /// Told that a table has not grown.
    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        unimplemented!("stub wasmtime")
    }

    /// Most instances in a store.
    fn instances(&self) -> usize {
        unimplemented!("stub wasmtime")
    }

    /// Most tables in a store.
    fn tables(&self) -> usize {
        unimplemented!("stub wasmtime")
    }

    /// Most memories in a store.
    fn memories(&self) -> usize {
        unimplemented!("stub wasmtime")
    }
}

/// Why running code was stopped (some of the codes).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trap {
    /// The stack was used up.
    StackOverflow,
    /// A memory was read or written beyond its end.
    MemoryOutOfBounds,
    /// A division by zero.
    IntegerDivisionByZero,
    /// Code that must not be reached was.
    UnreachableCodeReached,
    /// The epoch's deadline has passed.
    Interrupt,
    /// The fuel is used up.
    OutOfFuel,
}

impl std::fmt::Display for Trap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        unimplemented!("stub wasmtime")
    }
}

impl std::error::Error for Trap {}

/// What a host function may return.
pub trait WasmRet {}

impl WasmRet for () {}
impl<T: WasmTy> WasmRet for T {}

/// A Rust function that modules can import (here: without the caller).
pub trait IntoFunc<T, Params, Results>: Send + Sync + 'static {}

macro_rules! functions {
    ($(($($item:ident)*))*) => {$(
        impl<T, F, $($item: WasmTy,)* R: WasmRet> IntoFunc<T, ($($item,)*), R> for F
        where
            F: Fn($($item),*) -> R + Send + Sync + 'static,
        {
        }
    )*};
}

functions! { () (A) (A B) (A B C) (A B C D) }
