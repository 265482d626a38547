//! A fiction: no crate of this name is published, so there is nothing to stand for.
//!
//! The items are made up from the names that a snippet uses. What compiles against them
//! proves nothing about any real crate.
#![allow(unused_variables)]

use std::marker::PhantomData;

/// A made-up relay client.
#[derive(Debug, Clone)]
pub struct Client {
    _private: (),
}

/// A made-up error.
#[derive(Debug)]
pub struct BidError;

/// A made-up bid over transactions of any type.
#[derive(Debug, Clone)]
pub struct BidRequest<T> {
    _transactions: PhantomData<T>,
}

impl<T> BidRequest<T> {
    /// A bid without a price.
    pub fn new(transactions: Vec<T>) -> Self {
        unimplemented!("stub mev-boost-rs: a fiction")
    }

    /// Sets the price, as a multiple.
    pub fn bid(self, multiple: f64) -> Self {
        unimplemented!("stub mev-boost-rs: a fiction")
    }
}

impl Client {
    /// Sends a bid and waits for whatever the caller expects back.
    pub async fn send_bid<T, P>(
        &self,
        builder: &impl AsRef<str>,
        bid: &BidRequest<T>,
    ) -> Result<P, BidError> {
        unimplemented!("stub mev-boost-rs: a fiction")
    }
}
