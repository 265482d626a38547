"""Stubs: what they lack is never the snippet's fault, and they hold nothing that they invent."""

import re
import shutil
import tomllib

import pytest

from harness import registry, shipped
from harness.cache import Cache
from tests.command_line import ROOT, Page, by_name, harness, report_of_run

STUBS = sorted((ROOT / "rust-workspace" / "stubs").glob("*/Cargo.toml"))
REGISTRY = tomllib.loads((ROOT / "rust-workspace" / "Cargo.toml").read_text())["workspace"]

# Correct against the crates' documented interfaces, in the versions of the registry.
CORRECT = {
    "sqlx builder": """
use sqlx::{Postgres, QueryBuilder};
pub fn build(id: i64) -> String {
    let mut builder: QueryBuilder<Postgres> = QueryBuilder::new("select 1 where 1 = ");
    builder.push_bind(id);
    builder.sql().to_string()
}
""",
    "sqlx derive": """
#[derive(sqlx::FromRow)]
pub struct Account { pub id: i64, pub name: String }
pub async fn all(pool: &sqlx::PgPool) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as::<_, Account>("select id, name from account").fetch_all(pool).await
}
""",
    "sqlx transaction": """
pub async fn both(pool: &sqlx::PgPool) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    sqlx::query("delete from a").execute(&mut *tx).await?;
    tx.commit().await
}
""",
    "ethers hash": """
use ethers::utils::{hex, keccak256};
pub fn digest(text: &str) -> String {
    hex::encode(keccak256(text.as_bytes()))
}
""",
    "ethers glob": """
use ethers::prelude::*;
pub fn request(to: Address) -> Eip1559TransactionRequest {
    Eip1559TransactionRequest::new().to(to).value(U256::one())
}
""",
    "ethers macro": """
use ethers::prelude::*;
abigen!(Token, "[function totalSupply() external view returns (uint256)]");
""",
    "ethers derive": """
use ethers::prelude::*;
#[derive(Debug, Clone, EthEvent)]
pub struct Transfer { #[ethevent(indexed)] pub from: Address, pub to: Address, pub value: U256 }
""",
    "libp2p keys": """
use libp2p::{identity::Keypair, Multiaddr, PeerId};
pub fn own() -> (PeerId, Multiaddr) {
    let key = Keypair::generate_ed25519();
    let address: Multiaddr = "/ip4/127.0.0.1/tcp/0".parse().unwrap();
    (PeerId::from(key.public()), address)
}
""",
    "libp2p protocol": """
use libp2p::multiaddr::Protocol;
pub fn port(address: &libp2p::Multiaddr) -> Option<u16> {
    address.iter().find_map(|part| match part { Protocol::Tcp(n) => Some(n), _ => None })
}
""",
    "redis commands": """
use redis::Commands;
pub fn count(client: &redis::Client) -> redis::RedisResult<i64> {
    let mut connection = client.get_connection()?;
    connection.incr("visits", 1)
}
""",
    "redis script": """
pub fn script() -> redis::Script {
    redis::Script::new("return tonumber(ARGV[1])")
}
""",
    "wasmtime function": """
use wasmtime::*;
pub fn add(store: &mut Store<()>) -> Func {
    Func::wrap(store, |a: i32, b: i32| a + b)
}
""",
    "wasmtime memory": """
use wasmtime::{Memory, MemoryType, Store};
pub fn page(store: &mut Store<()>) -> anyhow::Result<Memory> {
    Memory::new(store, MemoryType::new(1, None))
}
""",
    "wasmtime glob alone": """
use wasmtime::*;
pub fn limits() -> StoreLimits {
    StoreLimitsBuilder::new().memory_size(1 << 20).build()
}
""",
    "datafusion csv": """
use datafusion::prelude::*;
pub async fn read(context: &SessionContext) -> datafusion::error::Result<DataFrame> {
    context.read_csv("a.csv", CsvReadOptions::new()).await
}
""",
    "datafusion literal": """
use datafusion::prelude::*;
pub fn adults() -> Expr {
    col("age").gt_eq(lit(18)).and(col("name").is_not_null())
}
""",
    "postgres transaction": """
use postgres::{Client, NoTls};
pub fn run() -> Result<(), postgres::Error> {
    let mut client = Client::connect("host=localhost user=postgres", NoTls)?;
    let mut transaction = client.transaction()?;
    transaction.execute("delete from a where id = $1", &[&1i32])?;
    transaction.commit()
}
""",
    "postgres copy": """
use std::io::Read;
pub fn copied(client: &mut postgres::Client) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    client.copy_out("copy a to stdout")?.read_to_end(&mut all)?;
    Ok(all)
}
""",
    "s3 list": """
use aws_sdk_s3::Client;
pub async fn keys(client: &Client) -> Result<Vec<String>, aws_sdk_s3::Error> {
    let page = client.list_objects_v2().bucket("b").prefix("p/").send().await?;
    Ok(page.contents().iter().filter_map(|o| o.key().map(String::from)).collect())
}
""",
    "s3 put": """
use aws_sdk_s3::primitives::ByteStream;
pub async fn put(client: &aws_sdk_s3::Client) -> Result<(), aws_sdk_s3::Error> {
    client.put_object().bucket("b").key("k").body(ByteStream::from_static(b"x")).send().await?;
    Ok(())
}
""",
    "tract model": """
use tract_onnx::prelude::*;
pub fn load(path: &str) -> TractResult<TypedModel> {
    tract_onnx::onnx().model_for_path(path)?.into_optimized()
}
""",
    "tract glob": """
use tract_onnx::prelude::*;
pub fn fact() -> InferenceFact {
    InferenceFact::dt_shape(f32::datum_type(), tvec!(1, 3))
}
""",
    "solana transfer": """
use solana_sdk::{pubkey::Pubkey, system_instruction};
pub fn pay(from: &Pubkey, to: &Pubkey) -> solana_sdk::instruction::Instruction {
    system_instruction::transfer(from, to, 1_000)
}
""",
    "solana key": """
use solana_sdk::signature::{Keypair, Signer};
use std::str::FromStr;
pub fn own() -> String {
    let system = solana_sdk::pubkey::Pubkey::from_str("11111111111111111111111111111111").unwrap();
    format!("{system} {}", Keypair::new().to_base58_string())
}
""",
    "solana client": """
use solana_client::rpc_client::RpcClient;
pub fn epoch(client: &RpcClient) -> Result<u64, solana_client::client_error::ClientError> {
    Ok(client.get_epoch_info()?.epoch)
}
""",
    "correct in a statement": """
let script = redis::Script::new("return 1");
let _hash: &str = script.get_hash();
""",
}

WRONG = {
    "syntax": ("use redis::Client;\npub fn f(client: &Client { }\n", "not-rust"),
    "bracket": ('let c = redis::cmd("GET";\n', "not-rust"),
    "own name": (
        'use redis::Cmd;\npub fn f() -> Cmd { let _ = own_helper(1); redis::cmd("A") }\n',
        "needs-context",
    ),
    "own type": ("pub fn f(_: &redis::Client, _: &OwnType) {}\n", "needs-context"),
    "other crate": (
        "use redis::Cmd;\nuse never_heard_of_it::Thing;\npub fn f(_: Cmd, _: Thing) {}\n",
        "unknown-crate",
    ),
}

# With a glob of a stub in scope, an unknown name may be one that the real crate brings.
FAILS_AS_TOLD = {
    "stated, by a lack": ("use redis::Script;\npub fn f(_: Script) {}\n", "rust,compile_fail"),
    "stated code, by a lack": (
        "use redis::Script;\npub fn f(_: Script) {}\n",
        "rust,compile_fail,E0432",
    ),
    "another code, by a lack": (
        "use redis::Script;\npub fn f(a: Script) { let b = a; let c = a; }\n",
        "rust,compile_fail,E0382",
    ),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    page = Page()
    for name, code in CORRECT.items():
        page.add(name, code)
    for name, (code, _) in WRONG.items():
        page.add(f"wrong: {name}", code)
    for name, (code, info) in FAILS_AS_TOLD.items():
        page.add(name, code, info)
    page.add(
        "checked macro",
        "pub async fn f(pool: &sqlx::PgPool) -> Result<i64, sqlx::Error> {\n"
        '    let row = sqlx::query!("select id from account").fetch_one(pool).await?;\n'
        "    Ok(row.id)\n}\n",
    )
    page.add(
        "checked macro, wrong field",
        "pub async fn f(pool: &sqlx::PgPool) -> Result<String, sqlx::Error> {\n"
        '    let row = sqlx::query!("select id from account").fetch_one(pool).await?;\n'
        "    Ok(row.no_such_field)\n}\n",
    )
    page.add("fictional", "use mev_boost_rs::none;\n")
    folder = tmp_path_factory.mktemp("stubs")
    page.write(folder)
    done = harness("check", "page.md", "--deps", "stub", "--output-format", "json", cwd=folder)
    return page, by_name(page, report_of_run(done))


def test_ten_crates_and_more_are_tried():
    named = {crate for code in CORRECT.values() for crate in re.findall(r"\b(\w+)::", code)}
    stubbed = {path.parent.name.replace("-", "_") for path in STUBS}
    wanted = {
        "sqlx",
        "ethers",
        "libp2p",
        "redis",
        "wasmtime",
        "datafusion",
        "postgres",
        "aws_sdk_s3",
        "tract_onnx",
        "solana_sdk",
        "solana_client",
    }
    assert wanted <= named & stubbed


@pytest.mark.compiler
@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_snippet_is_never_fail_for_what_a_stub_lacks(name, checked):
    verdict = checked[1][name]
    assert verdict["outcome"] != "FAIL", (verdict["reason"], verdict["message"])
    if verdict["outcome"] == "ERROR":
        assert verdict["reason"] == "stub-lacks"
        assert verdict["diagnostics"]


@pytest.mark.compiler
def test_most_of_the_correct_snippets_use_what_the_stubs_lack(checked):
    """Else the promise above is empty."""
    lacking = [n for n in CORRECT if checked[1][n]["reason"] == "stub-lacks"]
    assert len(lacking) >= 10
    assert len({checked[1][n]["names"][0] for n in lacking}) >= 8


@pytest.mark.compiler
def test_the_cure_of_what_a_stub_lacks_is_the_real_crate(checked):
    del checked
    done = harness("explain", "stub-lacks", cwd=ROOT)
    assert "--deps real" in done.stdout


@pytest.mark.compiler
@pytest.mark.parametrize(("name", "reason"), [(n, r) for n, (_, r) in WRONG.items()])
def test_an_error_that_cannot_involve_a_stub_stays_fail(name, reason, checked):
    verdict = checked[1][f"wrong: {name}"]
    assert verdict["outcome"] == "FAIL"
    assert verdict["reason"] == reason


@pytest.mark.compiler
@pytest.mark.parametrize("name", FAILS_AS_TOLD)
def test_a_failure_that_a_stub_causes_is_not_the_one_that_the_block_states(name, checked):
    verdict = checked[1][name]
    assert verdict["outcome"] == "ERROR", verdict["reason"]
    assert verdict["reason"] == "stub-lacks"


@pytest.mark.compiler
@pytest.mark.parametrize("name", ["checked macro", "checked macro, wrong field"])
def test_a_checked_query_without_a_database_needs_its_environment(name, checked):
    assert checked[1][name]["reason"] == "needs-environment"


@pytest.mark.compiler
def test_nothing_that_rests_on_fiction_is_better_than_fictional(checked):
    verdict = checked[1]["fictional"]
    assert verdict["basis"]["dependencies"] == "fictional"
    assert verdict["outcome"] != "PASS"


@pytest.mark.compiler
def test_a_run_that_ends_in_the_body_of_a_stub_could_not_tell(tmp_path):
    page = Page().add(
        "open", 'let c = redis::Client::open("redis://localhost/");\nassert!(c.is_ok());'
    )
    page.add("own panic", 'let c = redis::Client::open;\npanic!("own");')
    page.write(tmp_path)
    done = harness("test", "page.md", "--deps", "stub", "--output-format", "json", cwd=tmp_path)
    verdicts = by_name(page, report_of_run(done))
    assert verdicts["open"]["outcome"] == "ERROR", verdicts["open"]["reason"]
    assert verdicts["own panic"]["reason"] == "panicked"


@pytest.mark.compiler
def test_stubs_that_are_checked_fail_what_they_refuse(tmp_path):
    (tmp_path / "harness.toml").write_text('stubs = "checked"\n')
    page = Page().add("method", "pub fn f(c: &redis::Client) { c.no_such_method(); }")
    page.write(tmp_path)
    done = harness("check", "page.md", "--deps", "stub", "--output-format", "json", cwd=tmp_path)
    verdict = by_name(page, report_of_run(done))["method"]
    assert (verdict["outcome"], verdict["codes"]) == ("FAIL", ["E0599"])


@pytest.mark.compiler
def test_a_verdict_on_a_stub_is_never_printed_as_plain_compiles(tmp_path):
    page = Page().add("stubbed", 'let _ = redis::cmd("GET");')
    page.write(tmp_path)
    done = harness("check", "page.md", "--deps", "stub", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 stubs (redis)" in done.stdout or "1 stub (redis)" in done.stdout
    table = harness("check", "page.md", "--deps", "stub", "--output-format", "json", cwd=tmp_path)
    verdict = by_name(page, report_of_run(table))["stubbed"]
    assert verdict["basis"]["dependencies"] == "stub"
    assert verdict["basis"]["crates"][0].startswith("redis 0.27")


# The stubs themselves


def stub(path):
    return tomllib.loads(path.read_text())


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_says_what_it_stands_for_and_why(path):
    package = stub(path)["package"]
    told = package["metadata"]["stub"]
    assert {"stands-for", "version", "kind", "why"} <= set(told)
    assert set(told) <= {"stands-for", "version", "kind", "why", "fake", "environment-macros"}
    assert told["stands-for"] == package["name"] == path.parent.name
    assert told["version"] == package["version"]
    assert told["kind"] in ("faithful", "fictional")
    assert told["why"].endswith(".")
    assert len(told["why"].split()) >= 4


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_opens_with_its_documentation(path):
    assert (path.parent / "src" / "lib.rs").read_text().startswith("//!")


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_stands_for_the_registrys_version_or_for_fiction(path):
    package = stub(path)["package"]
    told = package["metadata"]["stub"]
    entry = REGISTRY["dependencies"].get(package["name"])
    if told["kind"] == "fictional":
        assert entry is None
        return
    assert entry is not None, "a faithful stub has a real crate in the registry"
    wanted = entry if isinstance(entry, str) else entry["version"]
    have, need = told["version"].split("."), wanted.split(".")
    assert have[: len(need)] == need


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_is_not_light_unless_it_needs_a_system(path):
    """A light crate is taken as it is; a stub beside it must say what it spares."""
    if path.parent.name in REGISTRY["metadata"]["registry"]["light"]:
        why = stub(path)["package"]["metadata"]["stub"]["why"]
        assert "system" in why


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_a_stub_cannot_run_and_holds_no_unsafe_code(path):
    text = "".join(file.read_text() for file in path.parent.rglob("*.rs"))
    assert "unsafe" not in re.sub(r"//[^\n]*", "", text)
    fake = stub(path)["package"]["metadata"]["stub"].get("fake", "")
    assert re.search(r'unimplemented!\("stub [\w-]+', text) or "fn " not in text or fake
    assert not fake or len(text.splitlines()) < 100  # a fake is small, and says what it does
    assert not re.search(r"\btodo!|\bpanic!\(\)", text)
    assert "std::process" not in text
    assert not (path.parent / "build.rs").exists()


def exported_macros(text):
    """Name and body of each `#[macro_export]` macro."""
    found = []
    for match in re.finditer(r"#\[macro_export\][^{]*?macro_rules!\s*(\w+)\s*\{", text):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append((match[1], text[match.end() : end]))
    return found


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_no_macro_of_a_stub_invents_a_type(path):
    text = "".join(file.read_text() for file in path.parent.rglob("*.rs"))
    for name, body in exported_macros(text):
        invented = re.search(r"\b(struct|enum|union|impl|dyn|type)\b", body)
        assert not invented, f"{name}! declares {invented[0]}"
    stated = stub(path)["package"]["metadata"]["stub"].get("environment-macros", [])
    by_macro = dict(exported_macros(text))
    for name in stated:
        assert "compile_error!" in by_macro[name], f"{name}! must not expand to a value"


def test_the_macros_are_found_by_this_module():
    """The check above would pass on silence."""
    text = (ROOT / "rust-workspace" / "stubs" / "sqlx" / "src" / "lib.rs").read_text()
    assert {"query", "query_as", "query_scalar"} <= {name for name, _ in exported_macros(text)}


class TestKnown:
    """The registry is read once; what is kept of it is what is read."""

    def test_it_is_the_same_and_read_once(self, tmp_path, monkeypatch):
        with Cache(tmp_path) as kept:
            first = registry.known_registry(shipped.rust_folder(), tmp_path, kept)
        assert first == registry.read_registry(shipped.rust_folder(), tmp_path)
        monkeypatch.setattr(registry, "read_registry", None)
        with Cache(tmp_path) as kept:
            assert registry.known_registry(shipped.rust_folder(), tmp_path, kept) == first

    @pytest.mark.parametrize("name", ["Cargo.toml", "registry.lock", "stubs/sqlx/src/lib.rs"])
    def test_a_changed_file_is_read(self, tmp_path, name):
        copy = tmp_path / "rust"
        ignored = shutil.ignore_patterns("target", "units", "crates")
        shutil.copytree(shipped.rust_folder(), copy, ignore=ignored)
        read = []
        with pytest.MonkeyPatch.context() as patch, Cache(tmp_path) as kept:
            real = registry.read_registry
            patch.setattr(registry, "read_registry", lambda *a: read.append(a) or real(*a))
            registry.known_registry(copy, tmp_path, kept)
            kept.flush()
            (copy / name).write_bytes((copy / name).read_bytes() + b"\n")
            registry.known_registry(copy, tmp_path, kept)
        assert len(read) == 2

    def test_stubs_that_are_gone_are_copied_again(self, tmp_path):
        for _ in range(2):
            with Cache(tmp_path) as kept:
                known = registry.known_registry(shipped.rust_folder(), tmp_path, kept)
            assert (known.stub_folder / "sqlx" / "Cargo.toml").is_file()
            shutil.rmtree(known.stub_folder)
