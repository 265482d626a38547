//! Forks and batches → no batch holds a lock while the process forks.
//!
//! Locks are otherwise taken only with the interpreter lock held and given back before Python code
//! can run, so a fork (which holds it too) cannot see them held. Batches run without it: each
//! passes this gate, and the package registers these functions with `os.register_at_fork`.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use pyo3::prelude::*;

static GATE: RwLock<()> = RwLock::new(());

thread_local! {
    static CLOSED: RefCell<Option<RwLockWriteGuard<'static, ()>>> = const { RefCell::new(None) };
}

/// Runs a batch without the interpreter lock; a fork waits for its end.
pub(crate) fn detached<T: Send>(py: Python<'_>, batch: impl FnOnce() -> T + Send) -> T {
    py.detach(|| {
        let _open = GATE.read().unwrap_or_else(PoisonError::into_inner);
        batch()
    })
}

/// Before a fork: wait for the batches under way and hold up new ones.
#[pyfunction]
pub(crate) fn _fork_begin() {
    let guard = GATE.write().unwrap_or_else(PoisonError::into_inner);
    CLOSED.set(Some(guard));
}

/// After a fork, in both processes: let batches run.
#[pyfunction]
pub(crate) fn _fork_end() {
    CLOSED.set(None);
}
