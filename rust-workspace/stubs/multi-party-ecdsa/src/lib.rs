//! A stub of `multi-party-ecdsa` 0.8: the state machine that prepares a signature (GG20).
//!
//! It fakes nothing: every body panics, there is no cryptography here.
#![allow(unused_variables)]

/// The protocols.
pub mod protocols {
    /// Protocols for any number of parties.
    pub mod multi_party_ecdsa {
        /// The protocol of Gennaro and Goldfeder, 2020.
        pub mod gg_2020 {
            /// Its state machines.
            pub mod state_machine {
                /// Making keys.
                pub mod keygen {
                    /// One party's part of a key.
                    #[derive(Clone, Debug)]
                    pub struct LocalKey {
                        _private: (),
                    }
                }

                /// Signing.
                pub mod sign {
                    /// The part of a signature that needs no message yet.
                    pub struct OfflineStage {
                        _private: (),
                    }

                    /// What the preparation leaves behind.
                    #[derive(Clone)]
                    pub struct CompletedOfflineStage {
                        _private: (),
                    }

                    /// One party's share of a signature.
                    #[derive(Clone, Debug)]
                    pub struct PartialSignature {
                        _private: (),
                    }

                    /// The part of a signature that knows the message.
                    #[derive(Clone)]
                    pub struct SignManual {
                        _private: (),
                    }
                }
            }
        }
    }
}
