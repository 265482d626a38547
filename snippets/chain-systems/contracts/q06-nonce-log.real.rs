use super::*;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

const ANNA: Address = Address([0xa; 20]);
const BELA: Address = Address([0xb; 20]);

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}?mode=rwc", folder.path().join("nonces.db").display())
}

async fn open(folder: &TempDir) -> Nonces<SqliteLog> {
    Nonces::new(SqliteLog::open(&url(folder)).await.unwrap())
}

/// Q6.1 nonces strictly increase, without gap or repeat, under concurrent writers
#[tokio::test]
async fn sqlite_writers_get_each_nonce_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder).await;
    let servers = [Arc::new(Nonces::new(first.log.clone())), Arc::new(first)];
    let mut callers = tokio::task::JoinSet::new();
    for n in 0..20 {
        let server = servers[n % 2].clone();
        callers.spawn(async move {
            let mut given = Vec::new();
            for _ in 0..3 {
                given.push(server.reserve(ANNA).await.unwrap());
            }
            given
        });
    }
    let mut given = callers.join_all().await.concat();
    given.sort();
    assert_eq!(given, (0..60).collect::<Vec<_>>());
    let logged = servers[0].log.read(ANNA, 0).await.unwrap();
    assert_eq!(logged, (0..60).map(NonceEvent::Reserved).collect::<Vec<_>>());
}

/// Q6.2 a dropped transaction's nonce is handed out again, the lowest first
#[tokio::test]
async fn sqlite_gives_a_dropped_nonce_again() {
    let folder = tempfile::tempdir().unwrap();
    let nonces = open(&folder).await;
    for expected in 0..4 {
        assert_eq!(nonces.reserve(ANNA).await.unwrap(), expected);
    }
    for event in [NonceEvent::Dropped(2), NonceEvent::Mined(0), NonceEvent::Dropped(1)] {
        nonces.report(ANNA, event).await.unwrap();
    }
    for expected in [1, 2, 4] {
        assert_eq!(nonces.reserve(ANNA).await.unwrap(), expected);
    }
}

/// Q6.3 replay of the log rebuilds the same state
#[tokio::test]
async fn sqlite_replay_rebuilds_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let nonces = open(&folder).await;
    for _ in 0..4 {
        nonces.reserve(ANNA).await.unwrap();
    }
    for event in [NonceEvent::Mined(0), NonceEvent::Dropped(2), NonceEvent::Mined(1)] {
        nonces.report(ANNA, event).await.unwrap();
    }
    let written = nonces.lock().get(&ANNA).cloned().unwrap();
    let Nonces { log, .. } = nonces;
    assert_eq!(Nonces::new(log).account(ANNA).await.unwrap(), written);
}

/// Q6.4 an acknowledged event survives kill -9
#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    const URL: &str = "NONCE_LOG_OF_THE_VICTIM";
    if let Ok(url) = std::env::var(URL) {
        // The victim: reserves and says so, until it is killed.
        let nonces = Nonces::new(SqliteLog::open(&url).await.unwrap());
        loop {
            println!("\nacknowledged {}", nonces.reserve(ANNA).await.unwrap());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::sqlite_keeps_what_it_acknowledged"), "--nocapture"])
        .env(URL, url(&folder))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = 0;
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        if line.unwrap().starts_with("acknowledged ") {
            acknowledged += 1;
        }
        if acknowledged == 30 {
            break;
        }
    }
    victim.kill().unwrap(); // SIGKILL
    victim.wait().unwrap();
    assert_eq!(acknowledged, 30, "the victim ended early");
    let survivors = open(&folder).await.account(ANNA).await.unwrap();
    assert!(survivors.version >= acknowledged, "{} of {acknowledged}", survivors.version);
}

/// Q6.5 deletion by address leaves no row
#[tokio::test]
async fn sqlite_erases_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let nonces = open(&folder).await;
    for _ in 0..3 {
        nonces.reserve(ANNA).await.unwrap();
        nonces.reserve(BELA).await.unwrap();
    }
    nonces.report(ANNA, NonceEvent::Mined(0)).await.unwrap();
    nonces.erase(ANNA).await.unwrap();
    let rows = sqlx::query("SELECT address FROM event").fetch_all(&nonces.log.pool).await.unwrap();
    let left: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(left, vec![BELA.0.to_vec(); 3]);
}
