/// An account of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserId(pub u64);

/// An order as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who places it.
    pub user: UserId,
    /// Base units to buy.
    pub quantity: u64,
}

/// The number under which a path has taken an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(pub String);

/// A path's refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("order refused: {0}")]
pub struct Rejected(pub String);

/// The flag service's failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("flag not readable: {0}")]
pub struct FlagError(pub String);
