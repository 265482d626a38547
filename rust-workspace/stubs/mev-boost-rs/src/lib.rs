//! A fiction: no crate of this name is published, so there is nothing to stand for.
//!
//! The items are made up from the names that a snippet uses. What compiles against them
//! proves nothing about any real crate. The relay client is a fake that a contract answers for.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

/// A payload of any type, or none where the builder fails.
pub type Answer = Pin<Box<dyn Future<Output = Option<Box<dyn Any + Send>>> + Send>>;

/// A made-up relay client.
#[derive(Clone)]
pub struct Client {
    answer: Arc<dyn Fn(String) -> Answer + Send + Sync>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
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
    pub fn new(_transactions: Vec<T>) -> Self {
        Self {
            _transactions: PhantomData,
        }
    }

    /// Sets the price, as a multiple.
    pub fn bid(self, _multiple: f64) -> Self {
        self
    }
}

impl Client {
    /// A fake: `answer` says what the builder of an address does.
    pub fn fake(answer: impl Fn(String) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            answer: Arc::new(answer),
        }
    }

    /// Sends a bid and waits for whatever the caller expects back.
    pub async fn send_bid<T, P: 'static>(
        &self,
        builder: &impl AsRef<str>,
        _bid: &BidRequest<T>,
    ) -> Result<P, BidError> {
        let payload = (self.answer)(builder.as_ref().to_owned()).await;
        let payload = payload.ok_or(BidError)?;
        payload.downcast().map(|p| *p).map_err(|_| BidError)
    }
}
