//! Models, rules and stress → what the crate promises, in one program, which links once.

mod breaker_counts;
mod breaker_histories;
mod breaker_model;
mod breaker_rules;
mod bucket;
mod histories;
mod keyed_model;
mod limiter_model;
mod limiter_rules;
mod router_model;
mod stress;
mod surface;
