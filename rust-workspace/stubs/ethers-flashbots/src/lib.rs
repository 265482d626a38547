//! A stub of `ethers-flashbots` 0.15: bundles and the layer that sends them to a relay.
//!
//! It fakes nothing: every body panics, no relay is asked. It goes with the stub of `ethers`.
#![allow(unused_variables)]

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use ethers::providers::{JsonRpcClient, Middleware, ProviderError};
use ethers::signers::Signer;
use ethers::types::{Bytes, Transaction, TxHash, H256, U256, U64};

/// The hash of a bundle.
pub type BundleHash = H256;

/// One transaction of a bundle.
#[derive(Debug, Clone)]
pub enum BundleTransaction {
    /// A signed one.
    Signed(Box<Transaction>),
    /// A signed one, encoded.
    Raw(Bytes),
}

impl From<Transaction> for BundleTransaction {
    fn from(tx: Transaction) -> Self {
        unimplemented!("stub ethers-flashbots")
    }
}

impl From<Bytes> for BundleTransaction {
    fn from(tx: Bytes) -> Self {
        unimplemented!("stub ethers-flashbots")
    }
}

/// A bundle in the making.
#[derive(Clone, Debug, Default)]
pub struct BundleRequest {
    _private: (),
}

impl BundleRequest {
    /// An empty bundle.
    pub fn new() -> Self {
        unimplemented!("stub ethers-flashbots")
    }

    /// Adds a transaction.
    pub fn push_transaction<T: Into<BundleTransaction>>(self, tx: T) -> Self {
        unimplemented!("stub ethers-flashbots")
    }

    /// Adds a transaction.
    pub fn add_transaction<T: Into<BundleTransaction>>(&mut self, tx: T) {
        unimplemented!("stub ethers-flashbots")
    }

    /// Sets the block that it is for.
    pub fn set_block(self, block: U64) -> Self {
        unimplemented!("stub ethers-flashbots")
    }

    /// Sets the block that a simulation starts from.
    pub fn set_simulation_block(self, block: U64) -> Self {
        unimplemented!("stub ethers-flashbots")
    }

    /// Sets the time of the simulated block.
    pub fn set_simulation_timestamp(self, timestamp: u64) -> Self {
        unimplemented!("stub ethers-flashbots")
    }
}

/// What a simulation shows.
#[derive(Debug, Clone)]
pub struct SimulatedBundle {
    /// The hash of the bundle.
    pub hash: BundleHash,
    /// What it pays the miner.
    pub coinbase_diff: U256,
}

/// What can go wrong between here and a relay.
#[derive(Debug)]
pub enum FlashbotsMiddlewareError<M: Middleware, S: Signer> {
    /// The bundle is incomplete.
    MissingParameters,
    /// The signer failed.
    RelayError(S::Error),
    /// A layer failed.
    MiddlewareError(M::Error),
    /// The relay cannot simulate.
    BundleSimError,
}

impl<M: Middleware, S: Signer> fmt::Display for FlashbotsMiddlewareError<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub ethers-flashbots")
    }
}

impl<M: Middleware, S: Signer> std::error::Error for FlashbotsMiddlewareError<M, S> {}

/// The layer that sends bundles to a relay.
#[derive(Debug)]
pub struct FlashbotsMiddleware<M, S> {
    _parts: PhantomData<(M, S)>,
}

impl<M: Middleware, S: Signer> FlashbotsMiddleware<M, S> {
    /// Asks a relay what a bundle would do.
    pub async fn simulate_bundle(
        &self,
        bundle: &BundleRequest,
    ) -> Result<SimulatedBundle, FlashbotsMiddlewareError<M, S>> {
        unimplemented!("stub ethers-flashbots")
    }

    /// Sends a bundle.
    pub async fn send_bundle(
        &self,
        bundle: &BundleRequest,
    ) -> Result<PendingBundle<'_, M::Provider>, FlashbotsMiddlewareError<M, S>> {
        unimplemented!("stub ethers-flashbots")
    }
}

/// What can go wrong while waiting for a bundle.
#[derive(Debug)]
pub enum PendingBundleError {
    /// The block came without it.
    BundleNotIncluded,
    /// The node failed.
    ProviderError(ProviderError),
}

/// A bundle that has been sent.
pub struct PendingBundle<'a, P> {
    /// Its hash.
    pub bundle_hash: Option<BundleHash>,
    /// The block that it is for.
    pub block: U64,
    /// The hashes of its transactions.
    pub transactions: Vec<TxHash>,
    _provider: PhantomData<&'a P>,
}

impl<'a, P: JsonRpcClient> Future for PendingBundle<'a, P> {
    type Output = Result<Option<BundleHash>, PendingBundleError>;

    fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Self::Output> {
        unimplemented!("stub ethers-flashbots")
    }
}
