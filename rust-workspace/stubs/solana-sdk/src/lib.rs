//! A stub of `solana-sdk` 1.18: keys, signatures and transactions.
//!
//! It fakes nothing: every body panics.
#![allow(unused_variables)]

/// Addresses.
pub mod pubkey {
    use std::fmt;

    /// The address of an account.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Pubkey([u8; 32]);

    impl Pubkey {
        /// An address that no other has.
        pub fn new_unique() -> Self {
            unimplemented!("stub solana-sdk")
        }

        /// Its bytes.
        pub fn to_bytes(self) -> [u8; 32] {
            unimplemented!("stub solana-sdk")
        }
    }

    impl fmt::Display for Pubkey {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub solana-sdk")
        }
    }
}

/// Hashes.
pub mod hash {
    /// A hash, for example of a block.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Hash([u8; 32]);
}

/// Keys and signatures.
pub mod signature {
    pub use crate::signer::{keypair::Keypair, Signer};

    /// A signature.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Signature([u8; 32], [u8; 32]);
}

/// What can sign.
pub mod signer {
    use crate::pubkey::Pubkey;
    use crate::signature::Signature;

    /// Something that signs.
    pub trait Signer {
        /// Its address.
        fn pubkey(&self) -> Pubkey {
            unimplemented!("stub solana-sdk")
        }

        /// Signs a message.
        fn sign_message(&self, message: &[u8]) -> Signature {
            unimplemented!("stub solana-sdk")
        }
    }

    /// Keys in memory.
    pub mod keypair {
        /// A secret key with its address.
        #[derive(Debug)]
        pub struct Keypair {
            _private: (),
        }

        impl Keypair {
            /// A new key, by chance.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                unimplemented!("stub solana-sdk")
            }
        }

        impl super::Signer for Keypair {}
    }
}

/// Transactions.
pub mod transaction {
    use crate::signature::Signature;
    use std::fmt;

    /// A transaction.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Transaction {
        /// Its signatures.
        pub signatures: Vec<Signature>,
    }

    impl Transaction {
        /// Whether every signature is there.
        pub fn is_signed(&self) -> bool {
            unimplemented!("stub solana-sdk")
        }
    }

    /// Why a transaction failed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum TransactionError {
        /// An account is locked by another transaction.
        AccountInUse,
        /// An account does not exist.
        AccountNotFound,
        /// The fee cannot be paid.
        InsufficientFundsForFee,
        /// The transaction has been seen before.
        AlreadyProcessed,
        /// The block that it refers to is unknown.
        BlockhashNotFound,
    }

    impl fmt::Display for TransactionError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub solana-sdk")
        }
    }

    impl std::error::Error for TransactionError {}
}

/// How sure an answer has to be.
pub mod commitment_config {
    /// How sure an answer has to be.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct CommitmentConfig {
        _private: (),
    }

    impl CommitmentConfig {
        /// Rooted.
        pub const fn finalized() -> Self {
            Self { _private: () }
        }

        /// Voted on by most of the stake.
        pub const fn confirmed() -> Self {
            Self { _private: () }
        }

        /// Processed by the node that was asked.
        pub const fn processed() -> Self {
            Self { _private: () }
        }
    }
}
