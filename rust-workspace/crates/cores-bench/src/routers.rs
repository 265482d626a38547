//! Routers: the same mapping as jump hash, and other schemes.

use std::hint::black_box;

use crate::table::{row, Group, Row};

/// Keys that no branch predictor knows.
fn keys() -> Vec<u64> {
    (0..4096).map(cores::router::mix).collect()
}

fn over_keys(name: &'static str, route: impl Fn(u64) -> u32 + 'static) -> Row {
    let keys = keys();
    row(name, move |calls| {
        for call in 0..calls {
            black_box(route(black_box(keys[(call & 4095) as usize])));
        }
    })
}

pub fn groups() -> Vec<Group> {
    for key in keys() {
        let ours = cores::router::jump_hash(key, 64).expect("not zero");
        assert_eq!(
            ours,
            jump_consistent_hash::hash(key, 64),
            "the same mapping"
        );
        assert_eq!(ours, jumpch::hash(key, 64_u32), "the same mapping");
    }
    let jump = |buckets: u32| Group {
        name: format!("router, jump hash, {buckets} buckets"),
        rows: vec![
            over_keys("cores", move |key| {
                cores::router::jump_hash(key, black_box(buckets)).unwrap_or(0)
            }),
            over_keys("jump-consistent-hash", move |key| {
                jump_consistent_hash::hash(key, black_box(buckets) as usize)
            }),
            over_keys("jumpch", move |key| jumpch::hash(key, black_box(buckets))),
            over_keys("modulo (not consistent)", move |key| {
                (key % u64::from(black_box(buckets))) as u32
            }),
        ],
    };
    let ranges = cores::router::Ranges::even(0, u64::MAX / 64, 64).expect("valid");
    let tree: std::collections::BTreeMap<u64, u32> = (0..64_u32)
        .map(|i| (u64::from(i) * (u64::MAX / 64), i))
        .collect();
    vec![
        jump(16),
        jump(64),
        jump(1024),
        Group {
            name: "router, 64 ranges".to_owned(),
            rows: vec![
                over_keys("cores", move |key| ranges.shard(key).unwrap_or(0)),
                over_keys("BTreeMap::range", move |key| {
                    tree.range(..=key)
                        .next_back()
                        .map_or(0, |(_, &shard)| shard)
                }),
            ],
        },
    ]
}
