use super::*;
use ed25519_dalek::{Signer, SigningKey};
use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex};

const REQUEST: Request = Request { address: [4; 20], generation: 7 };
const NEW: Label = Request { address: [4; 20], generation: 8 };

/// Everything outside the program. Server needed: SoftHSM2 in place of `keys`.
#[derive(Default)]
struct World {
    keys: BTreeMap<([u8; 20], u32), PublicKey>,
    made: u32,
    trusted: Vec<(u32, PublicKey)>,
    authorisations: u32,
    journal: Option<Done>,
    /// Operations that are still carried out.
    left: Option<u32>,
    /// Whether the operation that is cut off has its effect nevertheless.
    effect_of_last: bool,
    without_key: bool,
}

impl World {
    /// Carries an operation out unless the program has crashed before it.
    fn operate<T>(&mut self, effect: impl FnOnce(&mut Self) -> T) -> Result<T, Failure> {
        let crashed = Err(Failure("crash".into()));
        match &mut self.left {
            Some(0) => return crashed,
            Some(1) if !self.effect_of_last => {
                self.left = Some(0);
                return crashed;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let answer = effect(self);
        let usable = self.trusted.iter().any(|(_, key)| self.keys.values().any(|k| k == key));
        self.without_key |= !usable;
        if self.left == Some(0) { crashed } else { Ok(answer) }
    }
}

type Shared = Arc<Mutex<World>>;

fn world() -> Shared {
    let old = [7; 32];
    let keys = BTreeMap::from([((REQUEST.address, REQUEST.generation), old)]);
    Arc::new(Mutex::new(World { keys, trusted: vec![(7, old)], ..World::default() }))
}

struct Device {
    world: Shared,
    /// How many questions fail before it answers.
    fails: Mutex<u32>,
    hangs: bool,
    asked: Mutex<u32>,
}

impl Device {
    async fn ask<T>(&self, effect: impl FnOnce(&mut World) -> T) -> Result<T, Failure> {
        *self.asked.lock().unwrap() += 1;
        if self.hangs {
            std::future::pending::<()>().await;
        }
        {
            let mut fails = self.fails.lock().unwrap();
            if *fails > 0 {
                *fails -= 1;
                return Err(Failure("CKR_DEVICE_ERROR".into()));
            }
        }
        self.world.lock().unwrap().operate(effect)
    }
}

#[async_trait]
impl Hsm for Device {
    async fn key(&self, label: Label) -> Result<PublicKey, Failure> {
        let find_or_make = |world: &mut World| {
            let made = &mut world.made;
            *world.keys.entry((label.address, label.generation)).or_insert_with(|| {
                *made += 1;
                [100 + *made as u8; 32]
            })
        };
        self.ask(find_or_make).await
    }

    async fn sign(&self, label: Label, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let bytes = bytes.to_vec();
        self.ask(move |world| {
            [&world.keys[&(label.address, label.generation)][..], &bytes].concat()
        })
        .await
    }

    async fn destroy(&self, label: Label) -> Result<(), Failure> {
        let remove = |world: &mut World| {
            world.keys.remove(&(label.address, label.generation));
        };
        self.ask(remove).await
    }
}

struct FakeChain(Shared);

#[async_trait]
impl Chain for FakeChain {
    async fn authorise(
        &self,
        _address: [u8; 20],
        key: PublicKey,
        proof: &[u8],
    ) -> Result<(), Failure> {
        self.0.lock().unwrap().operate(|world| {
            assert_eq!(proof, [[7; 32], key].concat(), "not signed by the old key");
            if !world.trusted.contains(&(8, key)) {
                world.trusted.push((8, key));
                world.authorisations += 1;
            }
        })
    }

    async fn revoke(&self, _address: [u8; 20], generation: u32) -> Result<(), Failure> {
        self.0.lock().unwrap().operate(|world| world.trusted.retain(|(g, _)| *g != generation))
    }
}

struct FakeJournal(Shared);

#[async_trait]
impl Journal for FakeJournal {
    async fn read(&self, _request: Request) -> Result<Option<Done>, Failure> {
        Ok(self.0.lock().unwrap().journal)
    }

    async fn note(&self, _request: Request, done: Done) -> Result<(), Failure> {
        self.0.lock().unwrap().operate(|world| world.journal = Some(done))
    }
}

fn officer(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n + 1; 32])
}

fn approvals() -> Vec<(usize, Signature)> {
    [0, 2].map(|n| (usize::from(n), officer(n).sign(&REQUEST.to_bytes()))).to_vec()
}

fn rotator(world: &Shared) -> Rotator<Device, FakeChain, FakeJournal> {
    let device = || Device {
        world: world.clone(),
        fails: Mutex::new(0),
        hangs: false,
        asked: Mutex::new(0),
    };
    Rotator {
        hsms: [device(), device()],
        chain: FakeChain(world.clone()),
        journal: FakeJournal(world.clone()),
        officers: [0, 1, 2].map(|n| officer(n).verifying_key()),
        attempts: 3,
        limit: Duration::from_millis(50),
    }
}

/// Q14.1 at no moment is an address without a valid key; server needed
#[tokio::test(start_paused = true)]
async fn the_address_always_has_a_key() {
    let world = world();
    rotator(&world).rotate(REQUEST, &approvals()).await.unwrap();
    let world = world.lock().unwrap();
    assert!(!world.without_key, "after some operation no trusted key could sign");
    assert_eq!(world.trusted, [(8, world.keys[&(NEW.address, NEW.generation)])]);
}

/// Q14.2 a crash between any two steps resumes without loss or double rotation; server needed
#[tokio::test(start_paused = true)]
async fn a_crash_anywhere_is_resumed() {
    let mut crashes = 0;
    for effect_of_last in [false, true] {
        for operations in 1.. {
            let world = world();
            {
                let mut world = world.lock().unwrap();
                (world.left, world.effect_of_last) = (Some(operations), effect_of_last);
            }
            let cut_off = rotator(&world).rotate(REQUEST, &approvals()).await.is_err();
            world.lock().unwrap().left = None;
            // Once to complete it, once more to see that nothing happens twice.
            for _ in 0..2 {
                rotator(&world).rotate(REQUEST, &approvals()).await.unwrap();
            }
            let world = world.lock().unwrap();
            assert_eq!((world.made, world.authorisations), (1, 1), "cut at {operations}");
            assert_eq!(world.keys.len(), 1, "cut at {operations}");
            assert_eq!(world.trusted.len(), 1, "cut at {operations}");
            assert_eq!(world.trusted[0].1, world.keys[&(NEW.address, NEW.generation)]);
            if !cut_off {
                break;
            }
            crashes += 1;
        }
    }
    assert!(crashes >= 18, "{crashes} places to crash");
}

/// Q14.3 2-of-3 quorum
#[tokio::test(start_paused = true)]
async fn two_of_three_officers_must_sign() {
    let sign = |n: u8, request: Request| (usize::from(n), officer(n).sign(&request.to_bytes()));
    let officers = [0, 1, 2].map(|n| officer(n).verifying_key());
    for (a, b) in [(0, 1), (0, 2), (1, 2), (2, 1)] {
        assert!(is_approved(&officers, REQUEST, &[sign(a, REQUEST), sign(b, REQUEST)]));
    }
    let stranger = (2, officer(9).sign(&REQUEST.to_bytes()));
    let nobody = (3, officer(1).sign(&REQUEST.to_bytes()));
    let last_time = sign(1, Request { generation: 6, ..REQUEST });
    let elsewhere = sign(1, Request { address: [5; 20], ..REQUEST });
    let one = sign(0, REQUEST);
    for other in [None, Some(one), Some(stranger), Some(nobody), Some(last_time), Some(elsewhere)] {
        let approvals: Vec<_> = [Some(one), other].into_iter().flatten().collect();
        assert!(!is_approved(&officers, REQUEST, &approvals));
        let world = world();
        let refused = rotator(&world).rotate(REQUEST, &approvals).await;
        assert_eq!(refused, Err(RotationError::NotApproved));
        assert_eq!(world.lock().unwrap().made, 0);
    }
}

/// Q14.4 key bytes are zero after drop
#[test]
fn key_bytes_are_zero_after_drop() {
    let mut source = [0xa5; 32];
    let mut slot = MaybeUninit::new(KeyBytes::take(&mut source));
    assert_eq!(source, [0; 32], "where they were taken from");
    assert_eq!(size_of::<KeyBytes>(), 32);
    // SAFETY: the slot was filled above, is dropped once, and its 32 bytes stay allocated and
    // initialised, because dropping only writes to them.
    let (before, after) = unsafe {
        let bytes = slot.as_ptr().cast::<[u8; 32]>();
        let before = bytes.read_volatile();
        slot.assume_init_drop();
        (before, bytes.read_volatile())
    };
    assert_eq!(before, [0xa5; 32]);
    assert_eq!(after, [0; 32]);
    let shown = KeyBytes::take(&mut [0xa5; 32]);
    assert_eq!(format!("{shown:?}"), "KeyBytes(…)");
    assert_eq!(shown.expose(), &[0xa5; 32]);
}

/// Q14.5 a failing HSM is retried, then the backup is used; server needed
#[tokio::test(start_paused = true)]
async fn a_failing_hsm_is_retried_then_replaced() {
    let world = world();
    let mut rotator = rotator(&world);
    *rotator.hsms[0].fails.lock().unwrap() = 2;
    rotator.rotate(REQUEST, &approvals()).await.unwrap();
    assert_eq!(*rotator.hsms[0].asked.lock().unwrap(), 2 + 4, "two failures, four questions");
    assert_eq!(*rotator.hsms[1].asked.lock().unwrap(), 0, "the backup was not needed");

    rotator.hsms[0].hangs = true;
    *rotator.hsms[0].asked.lock().unwrap() = 0;
    world.lock().unwrap().journal = None;
    let second = Request { generation: 8, ..REQUEST };
    let key = rotator.ask(|hsm| hsm.key(second)).await.unwrap();
    assert_eq!(*rotator.hsms[0].asked.lock().unwrap(), 3);
    assert_eq!(*rotator.hsms[1].asked.lock().unwrap(), 1);
    assert_eq!(key, world.lock().unwrap().keys[&(NEW.address, NEW.generation)], "a replica");
}

/// Q14.5 if the backup fails too, the rotation stops and goes on later
#[tokio::test(start_paused = true)]
async fn two_failing_hsms_stop_the_rotation() {
    let world = world();
    let rotator = rotator(&world);
    for hsm in &rotator.hsms {
        *hsm.fails.lock().unwrap() = 3;
    }
    let stopped = rotator.rotate(REQUEST, &approvals()).await;
    assert_eq!(stopped, Err(RotationError::NoHsm(Failure("CKR_DEVICE_ERROR".into()))));
    assert_eq!(rotator.rotate(REQUEST, &approvals()).await, Ok(()));
}
