//! Bytes or integer → 64 well spread bits, the same in every version of this crate.

/// Spreads the bits of `value` over all 64: every input bit changes each output bit about half of
/// the time. One to one. The finaliser "variant 13" of D. Stafford, as used in SplitMix64.
#[inline]
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A hash of `bytes` under `seed`: FNV-1a over 8-byte little-endian words, then the rest and the
/// length, then [`mix`]. Not for keys that an attacker picks in order to collide.
#[inline]
#[must_use]
pub fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
    let mut words = bytes.chunks_exact(8);
    let mut state = OFFSET ^ mix(seed);
    for word in words.by_ref() {
        let mut whole = [0; 8];
        whole.copy_from_slice(word);
        state = step(state, u64::from_le_bytes(whole));
    }
    let mut rest = [0; 8];
    let tail = words.remainder();
    rest[..tail.len()].copy_from_slice(tail);
    state = step(state, u64::from_le_bytes(rest));
    mix(step(state, bytes.len() as u64))
}

/// One word into the state. The shift brings high bits down, which a product alone never does.
const fn step(state: u64, word: u64) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01B3;
    let product = (state ^ word).wrapping_mul(PRIME);
    product ^ (product >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_of_input_flips_half_of_the_output() {
        let flips: u32 = (0..64)
            .map(|bit| (mix(12_345) ^ mix(12_345 ^ 1 << bit)).count_ones())
            .sum();
        assert!((64 * 28..64 * 36).contains(&flips), "{flips}");
    }

    #[test]
    fn length_seed_and_every_byte_count() {
        let base = hash_bytes(1, b"0123456789");
        assert_ne!(base, hash_bytes(2, b"0123456789"));
        assert_ne!(base, hash_bytes(1, b"0123456789\0"));
        assert_ne!(hash_bytes(1, b""), hash_bytes(1, b"\0"));
        for place in 0..10 {
            let mut other = *b"0123456789";
            other[place] ^= 1;
            assert_ne!(base, hash_bytes(1, &other), "byte {place}");
        }
    }

    #[test]
    fn values_are_fixed_for_all_versions() {
        assert_eq!(mix(0), 0);
        assert_eq!(mix(1), 0x5692_161D_100B_05E5);
        assert_eq!(mix(u64::MAX), 0xB4D0_55FC_F2CB_BD7B);
        assert_eq!(hash_bytes(0, b""), 0x9A66_28C4_0BDA_BEC6);
        assert_eq!(hash_bytes(0, b"user-7"), 0x1EC7_DAA3_E65A_B280);
        let text = b"a longer key of three words";
        assert_eq!(hash_bytes(1, text), 0x0DC0_0FBE_2E8F_D461);
    }
}
