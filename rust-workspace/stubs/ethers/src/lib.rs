//! A stub of `ethers` 2.0: its plain types, the HTTP provider, contract calls and signers.
//!
//! It fakes nothing: every body panics, no node is asked and nothing is signed.
#![allow(unused_variables)]

/// Plain types of the chain.
pub mod types {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::fmt;

    macro_rules! plain {
        ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name([u64; 4]);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    unimplemented!("stub ethers")
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    unimplemented!("stub ethers")
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    unimplemented!("stub ethers")
                }
            }
        )*};
    }

    plain! {
        /// Twenty bytes.
        H160,
        /// Thirty-two bytes.
        H256,
        /// A number of 64 bits.
        U64,
        /// A number of 256 bits.
        U256,
    }

    /// The address of an account.
    pub type Address = H160;

    /// The hash of a transaction.
    pub type TxHash = H256;

    macro_rules! from_numbers {
        ($($name:ident: $($number:ty),*;)*) => {$($(
            impl From<$number> for $name {
                fn from(value: $number) -> Self {
                    unimplemented!("stub ethers")
                }
            }
        )*)*};
    }

    from_numbers! {
        U64: u8, u16, u32, u64, usize, i32, i64;
        U256: u8, u16, u32, u64, u128, usize, i32, i64;
        H160: [u8; 20];
        H256: [u8; 32];
    }

    impl H160 {
        /// All bytes zero.
        pub const fn zero() -> Self {
            H160([0; 4])
        }
    }

    impl H256 {
        /// All bytes zero.
        pub const fn zero() -> Self {
            H256([0; 4])
        }

        /// Its bytes.
        pub fn as_bytes(&self) -> &[u8] {
            unimplemented!("stub ethers")
        }

        /// Its bytes.
        pub const fn as_fixed_bytes(&self) -> &[u8; 32] {
            panic!("stub ethers")
        }

        /// A hash from eight bytes, with zeros before them.
        pub fn from_low_u64_be(v: u64) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl U256 {
        /// Zero.
        pub const fn zero() -> Self {
            U256([0; 4])
        }
    }

    /// Bytes of any length.
    #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Bytes {
        _private: (),
    }

    impl From<Vec<u8>> for Bytes {
        fn from(bytes: Vec<u8>) -> Self {
            unimplemented!("stub ethers")
        }
    }

    /// An address, or a name that stands for one.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum NameOrAddress {
        /// A name.
        Name(String),
        /// An address.
        Address(Address),
    }

    impl From<&str> for NameOrAddress {
        fn from(s: &str) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl From<Address> for NameOrAddress {
        fn from(s: Address) -> Self {
            unimplemented!("stub ethers")
        }
    }

    /// A block by its number, or by its place in the chain.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub enum BlockNumber {
        /// The newest.
        #[default]
        Latest,
        /// The newest that cannot be undone.
        Finalized,
        /// The newest that is safe.
        Safe,
        /// The first.
        Earliest,
        /// The one in the making.
        Pending,
        /// By its number.
        Number(U64),
    }

    /// A block by its hash or number.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum BlockId {
        /// By its hash.
        Hash(H256),
        /// By its number.
        Number(BlockNumber),
    }

    impl From<u64> for BlockId {
        fn from(num: u64) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl From<U64> for BlockId {
        fn from(num: U64) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl From<BlockNumber> for BlockId {
        fn from(num: BlockNumber) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl From<H256> for BlockId {
        fn from(hash: H256) -> Self {
            unimplemented!("stub ethers")
        }
    }

    /// A signature.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Signature {
        /// Its first half.
        pub r: U256,
        /// Its second half.
        pub s: U256,
        /// Which of the possible keys.
        pub v: u64,
    }

    /// A signed transaction.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Transaction {
        /// Its hash.
        pub hash: H256,
        /// Its number among those of the sender.
        pub nonce: U256,
    }

    /// What became of a transaction.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct TransactionReceipt {
        /// The hash of the transaction.
        pub transaction_hash: H256,
        /// The block that holds it.
        pub block_number: Option<U64>,
    }

    /// Transactions of each kind.
    pub mod transaction {
        /// The envelope of all kinds.
        pub mod eip2718 {
            /// An unsigned transaction of some kind.
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct TypedTransaction {
                _private: (),
            }
        }
    }
}

/// Asking nodes.
pub mod providers {
    use crate::types::transaction::eip2718::TypedTransaction;
    use crate::types::{BlockId, NameOrAddress, TransactionReceipt, TxHash, H256, U256, U64};
    use async_trait::async_trait;
    use std::error::Error;
    use std::fmt::{self, Debug};
    use std::future::Future;
    use std::marker::PhantomData;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// A way to send requests to a node.
    pub trait JsonRpcClient: Debug + Send + Sync {}

    /// Requests over HTTP.
    #[derive(Debug, Clone)]
    pub struct Http {
        _private: (),
    }

    impl JsonRpcClient for Http {}

    /// What can go wrong between here and a node.
    #[derive(Debug)]
    pub enum ProviderError {
        /// The request failed.
        JsonRpcClientError(Box<dyn Error + Send + Sync>),
        /// A name stands for nothing.
        EnsError(String),
        /// Something else.
        CustomError(String),
        /// The node cannot do this.
        UnsupportedRPC,
    }

    impl fmt::Display for ProviderError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub ethers")
        }
    }

    impl Error for ProviderError {}

    /// An error of one layer, around that of the layer below.
    pub trait MiddlewareError: Error + Sized + Send + Sync {
        /// The error of the layer below.
        type Inner: MiddlewareError;

        /// Wraps it.
        fn from_err(e: Self::Inner) -> Self;

        /// Unwraps it.
        fn as_inner(&self) -> Option<&Self::Inner>;
    }

    impl MiddlewareError for ProviderError {
        type Inner = Self;

        fn from_err(e: Self) -> Self {
            unimplemented!("stub ethers")
        }

        fn as_inner(&self) -> Option<&Self::Inner> {
            unimplemented!("stub ethers")
        }
    }

    /// A layer between the program and the node.
    #[async_trait]
    pub trait Middleware: Sync + Send + Debug {
        /// What can go wrong.
        type Error: MiddlewareError<Inner = <<Self as Middleware>::Inner as Middleware>::Error>;
        /// The way to the node.
        type Provider: JsonRpcClient;
        /// The layer below.
        type Inner: Middleware<Provider = Self::Provider>;

        /// The layer below.
        fn inner(&self) -> &Self::Inner;

        /// The lowest layer.
        fn provider(&self) -> &Provider<Self::Provider> {
            unimplemented!("stub ethers")
        }

        /// The newest block's number.
        async fn get_block_number(&self) -> Result<U64, Self::Error> {
            unimplemented!("stub ethers")
        }

        /// The chain's number.
        async fn get_chainid(&self) -> Result<U256, Self::Error> {
            unimplemented!("stub ethers")
        }

        /// What an account owns.
        async fn get_balance<T: Into<NameOrAddress> + Send + Sync>(
            &self,
            from: T,
            block: Option<BlockId>,
        ) -> Result<U256, Self::Error> {
            unimplemented!("stub ethers")
        }

        /// One slot of a contract's storage.
        async fn get_storage_at<T: Into<NameOrAddress> + Send + Sync>(
            &self,
            from: T,
            location: H256,
            block: Option<BlockId>,
        ) -> Result<H256, Self::Error> {
            unimplemented!("stub ethers")
        }

        /// Sends a transaction.
        async fn send_transaction<T: Into<TypedTransaction> + Send + Sync>(
            &self,
            tx: T,
            block: Option<BlockId>,
        ) -> Result<PendingTransaction<'_, Self::Provider>, Self::Error> {
            unimplemented!("stub ethers")
        }
    }

    /// The lowest layer.
    #[derive(Clone, Debug)]
    pub struct Provider<P> {
        _transport: PhantomData<P>,
    }

    impl TryFrom<&str> for Provider<Http> {
        type Error = String;

        fn try_from(src: &str) -> Result<Self, Self::Error> {
            unimplemented!("stub ethers")
        }
    }

    #[async_trait]
    impl<P: JsonRpcClient> Middleware for Provider<P> {
        type Error = ProviderError;
        type Provider = P;
        type Inner = Self;

        fn inner(&self) -> &Self::Inner {
            unimplemented!("stub ethers")
        }
    }

    /// A transaction that has been sent.
    #[must_use = "futures do nothing unless awaited"]
    pub struct PendingTransaction<'a, P> {
        _provider: PhantomData<&'a Provider<P>>,
    }

    impl<'a, P: JsonRpcClient> PendingTransaction<'a, P> {
        /// How many blocks to wait for.
        pub fn confirmations(self, confs: usize) -> Self {
            unimplemented!("stub ethers")
        }

        /// The hash of the transaction.
        pub fn tx_hash(&self) -> TxHash {
            unimplemented!("stub ethers")
        }
    }

    impl<'a, P: JsonRpcClient> Future for PendingTransaction<'a, P> {
        type Output = Result<Option<TransactionReceipt>, ProviderError>;

        fn poll(self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Self::Output> {
            unimplemented!("stub ethers")
        }
    }
}

/// Layers to put between the program and the node.
pub mod middleware {
    /// Raising the price of what is not mined.
    pub mod gas_escalator {
        use std::marker::PhantomData;

        /// Raises by a factor.
        #[derive(Clone, Debug)]
        pub struct GeometricGasPrice {
            _private: (),
        }

        /// Raises by a step.
        #[derive(Clone, Debug)]
        pub struct LinearGasPrice {
            _private: (),
        }

        /// How often the price is raised.
        #[derive(Debug, Clone, Copy)]
        pub enum Frequency {
            /// With each block.
            PerBlock,
            /// After so many milliseconds.
            Duration(u64),
        }

        /// The layer that raises.
        #[derive(Debug, Clone)]
        pub struct GasEscalatorMiddleware<M> {
            _inner: PhantomData<M>,
        }
    }
}

/// Signing.
pub mod signers {
    use crate::types::{Address, Signature};
    use async_trait::async_trait;
    use std::error::Error;
    use std::fmt::{self, Debug};

    /// Something that signs.
    #[async_trait]
    pub trait Signer: Debug + Send + Sync {
        /// What can go wrong.
        type Error: Error + Send + Sync;

        /// Signs a message.
        async fn sign_message<S: Send + Sync + AsRef<[u8]>>(
            &self,
            message: S,
        ) -> Result<Signature, Self::Error>;

        /// Its address.
        fn address(&self) -> Address;
    }

    /// What can go wrong with a key in memory.
    #[derive(Debug)]
    pub struct WalletError {
        _private: (),
    }

    impl fmt::Display for WalletError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub ethers")
        }
    }

    impl Error for WalletError {}

    /// A key in memory.
    #[derive(Debug, Clone)]
    pub struct LocalWallet {
        _private: (),
    }

    #[async_trait]
    impl Signer for LocalWallet {
        type Error = WalletError;

        async fn sign_message<S: Send + Sync + AsRef<[u8]>>(
            &self,
            message: S,
        ) -> Result<Signature, Self::Error> {
            unimplemented!("stub ethers")
        }

        fn address(&self) -> Address {
            unimplemented!("stub ethers")
        }
    }
}

/// Contracts and calls of their functions.
pub mod contract {
    use crate::providers::{Middleware, PendingTransaction, ProviderError};
    use crate::types::transaction::eip2718::TypedTransaction;
    use crate::types::{Address, Bytes, U256};
    use std::borrow::Borrow;
    use std::fmt;
    use std::marker::PhantomData;
    use std::ops::Deref;
    use std::sync::Arc;

    /// What a function can return.
    pub trait Detokenize {}

    impl Detokenize for () {}
    impl Detokenize for bool {}
    impl Detokenize for U256 {}
    impl Detokenize for Address {}

    /// What can go wrong with a call.
    #[derive(Debug)]
    pub enum ContractError<M: Middleware> {
        /// A layer failed.
        MiddlewareError {
            /// Its error.
            e: M::Error,
        },
        /// The node failed.
        ProviderError {
            /// Its error.
            e: ProviderError,
        },
        /// The contract refused.
        Revert(Bytes),
        /// The contract has no constructor.
        ConstructorError,
        /// The contract was not deployed.
        ContractNotDeployed,
    }

    impl<M: Middleware> fmt::Display for ContractError<M> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub ethers")
        }
    }

    impl<M: Middleware> std::error::Error for ContractError<M> {}

    impl<M: Middleware> From<ProviderError> for ContractError<M> {
        fn from(e: ProviderError) -> Self {
            unimplemented!("stub ethers")
        }
    }

    /// A call through a shared layer.
    pub type ContractCall<M, D> = FunctionCall<Arc<M>, M, D>;

    /// A call that has not been sent.
    #[derive(Debug)]
    #[must_use = "contract calls do nothing unless you `send` or `call` them"]
    pub struct FunctionCall<B, M, D> {
        /// The transaction that it is.
        pub tx: TypedTransaction,
        _parts: PhantomData<(B, M, D)>,
    }

    impl<B, M, D> FunctionCall<B, M, D>
    where
        B: Borrow<M>,
        D: Detokenize,
    {
        /// Sets the most gas that it may use.
        pub fn gas<T: Into<U256>>(self, gas: T) -> Self {
            unimplemented!("stub ethers")
        }

        /// Sets the price of gas.
        pub fn gas_price<T: Into<U256>>(self, gas_price: T) -> Self {
            unimplemented!("stub ethers")
        }

        /// Sets the value that it transfers.
        pub fn value<T: Into<U256>>(self, value: T) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl<B, M, D> FunctionCall<B, M, D>
    where
        B: Borrow<M>,
        M: Middleware,
        D: Detokenize,
    {
        /// Asks a node what it would return.
        pub async fn call(&self) -> Result<D, ContractError<M>> {
            unimplemented!("stub ethers")
        }

        /// Signs it and sends it.
        pub async fn send(&self) -> Result<PendingTransaction<'_, M::Provider>, ContractError<M>> {
            unimplemented!("stub ethers")
        }
    }

    /// A contract at an address.
    pub type Contract<M> = ContractInstance<Arc<M>, M>;

    /// A contract at an address.
    #[derive(Debug)]
    pub struct ContractInstance<B, M> {
        _parts: PhantomData<(B, M)>,
    }

    impl<B, M> ContractInstance<B, M> {
        /// Its address.
        pub fn address(&self) -> Address {
            unimplemented!("stub ethers")
        }
    }

    /// The generated binding of the contract that runs several calls in one.
    pub struct MulticallContract<M>(Contract<M>);

    impl<M> Clone for MulticallContract<M> {
        fn clone(&self) -> Self {
            unimplemented!("stub ethers")
        }
    }

    impl<M> Deref for MulticallContract<M> {
        type Target = Contract<M>;

        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<M: Middleware> MulticallContract<M> {
        /// The binding of the contract at this address.
        pub fn new<T: Into<Address>>(address: T, client: Arc<M>) -> Self {
            unimplemented!("stub ethers")
        }

        /// The number of the block that a call sees.
        pub fn get_block_number(&self) -> ContractCall<M, U256> {
            unimplemented!("stub ethers")
        }
    }
}
