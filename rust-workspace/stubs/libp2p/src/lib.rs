//! A stub of `libp2p` 0.53: the swarm, and the gossip behaviour with its events.
//!
//! It fakes nothing: every body panics, no peer is reached.
#![allow(unused_variables)]

pub use swarm::Swarm;

/// The name of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId {
    _private: (),
}

impl PeerId {
    /// A name by chance.
    pub fn random() -> PeerId {
        unimplemented!("stub libp2p")
    }
}

/// The swarm: connections, and the behaviour that uses them.
pub mod swarm {
    use super::PeerId;
    use std::marker::PhantomData;

    /// What a peer does.
    pub trait NetworkBehaviour: 'static {
        /// What it tells the program.
        type ToSwarm: Send + 'static;
    }

    /// All connections of a peer.
    pub struct Swarm<TBehaviour>
    where
        TBehaviour: NetworkBehaviour,
    {
        _behaviour: PhantomData<TBehaviour>,
    }

    impl<TBehaviour> Swarm<TBehaviour>
    where
        TBehaviour: NetworkBehaviour,
    {
        /// The peer's own name.
        pub fn local_peer_id(&self) -> &PeerId {
            unimplemented!("stub libp2p")
        }

        /// The behaviour.
        pub fn behaviour(&self) -> &TBehaviour {
            unimplemented!("stub libp2p")
        }

        /// The behaviour.
        pub fn behaviour_mut(&mut self) -> &mut TBehaviour {
            unimplemented!("stub libp2p")
        }
    }
}

/// Gossip about topics.
pub mod gossipsub {
    use super::swarm::NetworkBehaviour;
    use super::PeerId;
    use std::marker::PhantomData;

    /// The hash of a topic's name.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct TopicHash {
        _private: (),
    }

    /// The name of a message.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct MessageId(pub Vec<u8>);

    /// A message.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Message {
        /// Who wrote it.
        pub source: Option<PeerId>,
        /// What it says.
        pub data: Vec<u8>,
        /// Its number among those of the writer.
        pub sequence_number: Option<u64>,
        /// Its topic.
        pub topic: TopicHash,
    }

    /// What the behaviour tells the program.
    #[derive(Debug)]
    pub enum Event {
        /// A message has come.
        Message {
            /// Who passed it on.
            propagation_source: PeerId,
            /// Its name.
            message_id: MessageId,
            /// The message.
            message: Message,
        },
        /// A peer wants to hear of a topic.
        Subscribed {
            /// The peer.
            peer_id: PeerId,
            /// The topic.
            topic: TopicHash,
        },
        /// A peer no longer wants to hear of a topic.
        Unsubscribed {
            /// The peer.
            peer_id: PeerId,
            /// The topic.
            topic: TopicHash,
        },
        /// A peer does not gossip.
        GossipsubNotSupported {
            /// The peer.
            peer_id: PeerId,
        },
    }

    /// Leaves messages as they are.
    #[derive(Default, Debug, Clone)]
    pub struct IdentityTransform;

    /// Allows every topic.
    #[derive(Default, Debug, Clone)]
    pub struct AllowAllSubscriptionFilter {}

    /// The behaviour.
    pub struct Behaviour<D = IdentityTransform, F = AllowAllSubscriptionFilter> {
        _parts: PhantomData<(D, F)>,
    }

    impl<D: Send + 'static, F: Send + 'static> NetworkBehaviour for Behaviour<D, F> {
        type ToSwarm = Event;
    }
}
