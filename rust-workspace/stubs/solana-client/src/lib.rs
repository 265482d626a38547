//! A stub of `solana-client` 1.18: the two RPC clients and the answers of a simulation.
//!
//! It fakes nothing: every body panics, no node is asked.
#![allow(unused_variables)]

/// What can go wrong between here and a node.
pub mod client_error {
    use std::fmt;

    /// A failed call.
    #[derive(Debug)]
    pub struct ClientError {
        _private: (),
    }

    impl fmt::Display for ClientError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub solana-client")
        }
    }

    impl std::error::Error for ClientError {}

    /// The outcome of a call.
    pub type Result<T> = std::result::Result<T, ClientError>;
}

/// What a node answers.
pub mod rpc_response {
    use crate::client_error;
    use solana_sdk::transaction::TransactionError;

    /// The state of the chain that an answer is about.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RpcResponseContext {
        /// The slot.
        pub slot: u64,
    }

    /// An answer with that state.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Response<T> {
        /// The state.
        pub context: RpcResponseContext,
        /// The answer.
        pub value: T,
    }

    /// The outcome of a call that says which state it is about.
    pub type RpcResult<T> = client_error::Result<Response<T>>;

    /// What a simulation shows.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RpcSimulateTransactionResult {
        /// Why the transaction would fail.
        pub err: Option<TransactionError>,
        /// What the programs logged.
        pub logs: Option<Vec<String>>,
        /// The compute units that it used.
        pub units_consumed: Option<u64>,
    }
}

/// The blocking client.
pub mod rpc_client {
    use crate::client_error::Result as ClientResult;
    use crate::rpc_response::{RpcResult, RpcSimulateTransactionResult};
    use solana_sdk::commitment_config::CommitmentConfig;
    use solana_sdk::hash::Hash;
    use solana_sdk::pubkey::Pubkey;
    use solana_sdk::signature::Signature;
    use solana_sdk::transaction::Transaction;

    /// A transaction that can be sent.
    pub trait SerializableTransaction {
        /// Its first signature.
        fn get_signature(&self) -> &Signature;
        /// The block that it refers to.
        fn get_recent_blockhash(&self) -> &Hash;
        /// Whether it uses a durable nonce.
        fn uses_durable_nonce(&self) -> bool;
    }

    impl SerializableTransaction for Transaction {
        fn get_signature(&self) -> &Signature {
            unimplemented!("stub solana-client")
        }

        fn get_recent_blockhash(&self) -> &Hash {
            unimplemented!("stub solana-client")
        }

        fn uses_durable_nonce(&self) -> bool {
            unimplemented!("stub solana-client")
        }
    }

    /// The blocking client.
    pub struct RpcClient {
        _private: (),
    }

    impl RpcClient {
        /// A client of the node at this address.
        pub fn new<U: ToString>(url: U) -> Self {
            unimplemented!("stub solana-client")
        }

        /// The same, with how sure answers have to be.
        pub fn new_with_commitment<U: ToString>(
            url: U,
            commitment_config: CommitmentConfig,
        ) -> Self {
            unimplemented!("stub solana-client")
        }

        /// Runs a transaction without sending it.
        pub fn simulate_transaction(
            &self,
            transaction: &impl SerializableTransaction,
        ) -> RpcResult<RpcSimulateTransactionResult> {
            unimplemented!("stub solana-client")
        }

        /// Sends a transaction.
        pub fn send_transaction(
            &self,
            transaction: &impl SerializableTransaction,
        ) -> ClientResult<Signature> {
            unimplemented!("stub solana-client")
        }

        /// The newest block.
        pub fn get_latest_blockhash(&self) -> ClientResult<Hash> {
            unimplemented!("stub solana-client")
        }

        /// The lamports of an account.
        pub fn get_balance(&self, pubkey: &Pubkey) -> ClientResult<u64> {
            unimplemented!("stub solana-client")
        }

        /// The newest slot.
        pub fn get_slot(&self) -> ClientResult<u64> {
            unimplemented!("stub solana-client")
        }
    }
}

/// The asynchronous clients.
pub mod nonblocking {
    /// The asynchronous RPC client.
    pub mod rpc_client {
        use crate::client_error::Result as ClientResult;
        use crate::rpc_client::SerializableTransaction;
        use crate::rpc_response::{RpcResult, RpcSimulateTransactionResult};
        use solana_sdk::commitment_config::CommitmentConfig;
        use solana_sdk::hash::Hash;
        use solana_sdk::pubkey::Pubkey;
        use solana_sdk::signature::Signature;

        /// The asynchronous client.
        pub struct RpcClient {
            _private: (),
        }

        impl RpcClient {
            /// A client of the node at this address.
            pub fn new(url: String) -> Self {
                unimplemented!("stub solana-client")
            }

            /// The same, with how sure answers have to be.
            pub fn new_with_commitment(url: String, commitment_config: CommitmentConfig) -> Self {
                unimplemented!("stub solana-client")
            }

            /// Runs a transaction without sending it.
            pub async fn simulate_transaction(
                &self,
                transaction: &impl SerializableTransaction,
            ) -> RpcResult<RpcSimulateTransactionResult> {
                unimplemented!("stub solana-client")
            }

            /// Sends a transaction.
            pub async fn send_transaction(
                &self,
                transaction: &impl SerializableTransaction,
            ) -> ClientResult<Signature> {
                unimplemented!("stub solana-client")
            }

            /// The newest block.
            pub async fn get_latest_blockhash(&self) -> ClientResult<Hash> {
                unimplemented!("stub solana-client")
            }

            /// The lamports of an account.
            pub async fn get_balance(&self, pubkey: &Pubkey) -> ClientResult<u64> {
                unimplemented!("stub solana-client")
            }

            /// The newest slot.
            pub async fn get_slot(&self) -> ClientResult<u64> {
                unimplemented!("stub solana-client")
            }
        }
    }
}
