//! Build kind → the atomics and locks that the state machines use (std, or the model checker's).
//!
//! One place decides, so that the code under the model checker is the code that ships.

#[cfg(loom)]
pub(crate) use loom::sync::{
    atomic::{fence, AtomicU64, Ordering},
    Mutex, MutexGuard,
};
#[cfg(not(loom))]
pub(crate) use std::sync::{
    atomic::{fence, AtomicU64, Ordering},
    Mutex, MutexGuard,
};

/// The guard of `mutex`; a panic of an earlier holder is passed over.
///
/// No caller code runs under these locks and every update leaves the state whole before the next
/// statement that could panic, so a poisoned lock holds sound data.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A value on cache lines of its own (two, because they are fetched in pairs): what one thread
/// writes here does not take away what others read beside it.
#[repr(align(128))]
pub(crate) struct Apart<T>(pub(crate) T);

impl<T> std::ops::Deref for Apart<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}
