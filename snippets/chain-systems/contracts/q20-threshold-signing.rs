use super::*;
use ed25519_dalek::Verifier;
use rand::{SeedableRng, rngs::StdRng};
use std::sync::LazyLock;
use tokio::time::Instant;

const LIMIT: Duration = Duration::from_millis(120);
const CALL: Duration = Duration::from_millis(90);

#[derive(Clone, Copy, PartialEq)]
enum Does {
    Signs,
    Lies,
    SilentFirst,
    SilentSecond,
    Down,
    Unknown,
}

/// A party behind a network of 90 ms that may misbehave.
struct Party {
    inner: LocalSigner<StdRng>,
    does: Does,
}

#[async_trait]
impl Signer for Party {
    async fn commit(&self) -> Result<SigningCommitments, String> {
        match self.does {
            Does::Down => return Err("down".into()),
            Does::SilentFirst => std::future::pending().await,
            // Liars are quick, so that they are among those chosen.
            Does::Lies => tokio::time::sleep(CALL / 9).await,
            _ => tokio::time::sleep(CALL).await,
        }
        self.inner.commit().await
    }
    async fn share(&self, package: &SigningPackage) -> Result<SignatureShare, String> {
        if self.does == Does::SilentSecond {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(CALL).await;
        if self.does == Does::Lies {
            // A share for another message.
            let other = SigningPackage::new(package.signing_commitments().clone(), b"lie");
            return self.inner.share(&other).await;
        }
        self.inner.share(package).await
    }
}

/// Dealing is slow without optimisation, hence once.
static DEALT: LazyLock<(Vec<KeyPackage>, PublicKeyPackage)> = LazyLock::new(|| {
    let mut random = StdRng::seed_from_u64(20);
    let list = frost::keys::IdentifierList::Default;
    let (shares, group) = frost::keys::generate_with_dealer(5, 3, list, &mut random).unwrap();
    (shares.into_values().map(|share| KeyPackage::try_from(share).unwrap()).collect(), group)
});

fn coordinator(does: &[Does]) -> Coordinator {
    let (keys, group) = DEALT.clone();
    let mut signers: BTreeMap<Identifier, Arc<dyn Signer>> = BTreeMap::new();
    for (n, (key, does)) in keys.into_iter().zip(does).enumerate() {
        if *does == Does::Unknown {
            continue;
        }
        let id = *key.identifier();
        let inner = LocalSigner::new(key, StdRng::seed_from_u64(n as u64));
        signers.insert(id, Arc::new(Party { inner, does: *does }));
    }
    Coordinator::new(signers, group, 3, LIMIT)
}

fn id(n: u16) -> Identifier {
    n.try_into().unwrap()
}

fn left_out(answer: Result<Signed, SignError>) -> BTreeMap<Identifier, LeftOut> {
    match answer {
        Ok(signed) => signed.left_out,
        Err(SignError::TooFew { left_out }) => left_out,
        Err(other) => panic!("{other}"),
    }
}

/// Only the parties of a group; nobody knows of the others.
fn only(group: &[usize]) -> Vec<Does> {
    (0..5).map(|n| if group.contains(&n) { Does::Signs } else { Does::Unknown }).collect()
}

/// Q20.1 any 3 of 5 sign, no 2 can
#[tokio::test(start_paused = true)]
async fn three_sign_and_two_do_not() {
    let (mut threes, mut twos) = (0, 0);
    for a in 0..5 {
        for b in a + 1..5 {
            twos += 1;
            let pair = coordinator(&only(&[a, b])).sign(b"pay").await;
            assert!(matches!(pair, Err(SignError::TooFew { .. })), "{a} {b}");
            for c in b + 1..5 {
                threes += 1;
                assert!(coordinator(&only(&[a, b, c])).sign(b"pay").await.is_ok(), "{a} {b} {c}");
            }
        }
    }
    assert_eq!((threes, twos), (10, 10));
}

/// Q20.1 no 2 can, even if they change the count in their own keys
#[test]
fn two_cheats_do_not_sign() {
    let (keys, group) = DEALT.clone();
    let (mut nonces, mut commitments, mut shares) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let keys: Vec<_> = keys[..2]
        .iter()
        .map(|k| KeyPackage::new(*k.identifier(), *k.signing_share(), *k.verifying_share(), *k.verifying_key(), 2))
        .collect();
    for key in &keys {
        let (nonce, commitment) = frost::round1::commit(key.signing_share(), &mut StdRng::seed_from_u64(1));
        nonces.insert(*key.identifier(), nonce);
        commitments.insert(*key.identifier(), commitment);
    }
    let package = SigningPackage::new(commitments, b"pay");
    for key in &keys {
        let share = frost::round2::sign(&package, &nonces[key.identifier()], key).unwrap();
        shares.insert(*key.identifier(), share);
    }
    assert!(frost::aggregate(&package, &shares, &group).is_err());
}

/// Q20.2 2 wrong shares are found and named
#[tokio::test(start_paused = true)]
async fn two_wrong_shares_are_named() {
    use Does::{Lies, Signs};
    for liars in [[1, 2], [2, 5]] {
        let does: Vec<_> = (1..=5).map(|n| if liars.contains(&n) { Lies } else { Signs }).collect();
        let named = left_out(coordinator(&does).sign(b"pay").await);
        let expected = liars.map(|n| (id(n), LeftOut::WrongShare));
        assert_eq!(named, BTreeMap::from(expected));
    }
    let named = left_out(coordinator(&[Lies, Signs, Lies, Signs, Does::Down]).sign(b"pay").await);
    assert_eq!(named[&id(5)], LeftOut::Failed("down".into()));
    assert_eq!((&named[&id(1)], &named[&id(3)]), (&LeftOut::WrongShare, &LeftOut::WrongShare));
}

/// Q20.3 a silent participant ends in a timeout error
#[tokio::test(start_paused = true)]
async fn silence_ends_in_an_error() {
    use Does::{SilentFirst, SilentSecond, Signs};
    for silent in [SilentFirst, SilentSecond] {
        let start = Instant::now();
        let answer = coordinator(&[Signs, silent, Signs, silent]).sign(b"pay").await;
        let Err(SignError::TooFew { left_out }) = answer else { panic!("signed") };
        assert_eq!(left_out, BTreeMap::from([(id(2), LeftOut::Silent), (id(4), LeftOut::Silent)]));
        let first_round = if silent == SilentFirst { Duration::ZERO } else { CALL };
        assert!(start.elapsed() <= 2 * (first_round + LIMIT), "{:?}", start.elapsed());
    }
    let start = Instant::now();
    let signed = coordinator(&[Signs, SilentFirst, Signs, Signs, Signs]).sign(b"pay").await.unwrap();
    assert!(signed.left_out.is_empty(), "three others were enough");
    assert_eq!(start.elapsed(), 2 * CALL);
}

/// Q20.4 the signature verifies under the group key
#[tokio::test(start_paused = true)]
async fn signature_verifies_elsewhere() {
    let coordinator = coordinator(&[Does::Signs; 5]);
    let signed = coordinator.sign(b"withdraw 5").await.unwrap();
    let key = coordinator.group.verifying_key().serialize().unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let signature = signed.signature.serialize().unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
    assert!(key.verify(b"withdraw 5", &signature).is_ok());
    assert!(key.verify(b"withdraw 6", &signature).is_err());
    let again = coordinator.sign(b"withdraw 5").await.unwrap();
    assert_ne!(again.signature.serialize().unwrap(), signature.to_bytes(), "a new nonce each time");
}
