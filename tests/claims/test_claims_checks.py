"""Each automatic check with what is right, what is wrong, and what is none of its business."""

# ruff: noqa: RUF001

import pytest

from harness.claims import audit
from tests.claims.outcomes import fired

RIGHT = [
    "Latency = RPC(15) + deserialize(8) + port(25) = 48ms",
    "$3K = compute ($1.8K) + relay ($500) + DB ($700)",
    "$8K = 9 nodes ($6.3K) + storage ($1.5K) + backup ($200)",
    "12 devs × $150K × 8mo = $14.4M",
    "Throughput = 8-core × 2.5K/core = 20K events/s",
    "100K × 10% = 10K/day",
    "$180K/mo × 7mo = $1.26M investment",
    "+$90K/mo share minus $12K audit = $78K/mo net",
    "5 × 90ms (network) + 0ms (crypto) = 450ms p99",
    "Cost = 2× $45K = $90K/mo",
    "1 B/day = 11.6K/s",
    "1,048,576 bytes = 1 MiB",
    "5min + 3min = 8min",
    "10 % of $10M is $1M",
    "200 MB/sec × 86,400 × 7 = 120.96 TB",
    "500 TB / 86,400 = 5.8 GB/sec",
    "80 + 800 + 2000 Mbps = 2.88 Gbps",
    "250M / 86,400 = 2,900 posts/sec",
    "100 / 45 ≈ 2.2",
    "1/3 = 0.33",
    "2^10 = 1024",
    "latency 400→150ms (−62.5 %)",
    "cuts cost 70% ($15K → $4.5K/mo)",
    "Risk reduction = 5% → 1% = 80%",
    "grew from 10 GB to 30 GB (3×)",
    "reduced by 40 % (from 0.08 to 0.048)",
    "coverage 32.39% → 97.88% (+65.49%)",
    "p99 dropped from 800ms to 142ms, an 82% improvement",
    "Tweets = ( 150M x 2 tweets / 24 hour / 3600 seconds = ~3500 )",
    "100M URLs/day × 500B × 5 years ≈ 90 TB",
    "48-hour window × 1B × 32-byte key = ~64GB",
    "timeout of 300 seconds (5 minutes)",
    "a 256 bit (32 bytes) hash",
    "Latency = 48ms | Target <100ms",
    "churn 1.2% (within <2%)",
    "Delay = 5 ms | x. Delay = 5 ms",
    "an 8B model: 8B × 2 = 16GB, and 64B × 2 = 128GB",
    "8B × 2 = 16 bytes",
    "4 GB / 4 KB = 2^20 entries",
    "1 Mbit/s equals 1,048,576 bit/s",
    "2 Kbit = 2048 bit",
    "2MB / 4KB = 512",
    "2MB / 4KB = 500",
    "writes are on the order of 10,000,000/day (100/sec)",
    r"it is (365\*2/3)*24\*60\*60/3 = 7,008,000",
    r"it is (2 + 1)*(3 + 4) = 21",
    "that is 24/6/2 = 2, and 375e6/100/2048 = 1.8K",
    "so $28*64 = 1792$ rows",
    "of the counter set 20 + 20 = 40 <= 100 and 49+15=64 ≤ 75",
    "so 2 + (10 - 2) * 10 = 82K in all",
    "so 9 + (144 - 9) * 10 = 1.35M in all",
    "so 9,000 + 1,350,000 = 1.35M in all",
    "so (100*200) = 20 Kbytes and 4 * 250 Kbyte = 1 Mbyte",
    "结果为 100 * 5 = 500",
    "for the markets:\n\n- one\n    - Part = 4%\n    - Part = 4%",
    "so 4K + 4K = 8192, and 64K - 1 = 65535",
    "so x = 100k$ - 30 * 1600 = 52k$",
    "so 1 KB + 24 = 1024 bytes",
    "so 1 h + 30 = 90 min",
    "so 30% of 12 is 3",
    "accuracy 95% → 99% (5x fewer errors)",
    "so 5 × 30 = >100 requests",
    "time 3.4 s → 1.9 s (-45%)",
    "so $5 + $6 = $11, not $10",
    "so 50 million * 10 GB = 500 Petabyte",
    "so 10ms * 350 * 10^6 / 3600 / 24 = 40 Days",
    "that is 62^7 = 3.5 TRILLION combinations",
    "peak: 15 servers + 20% buffer = 18 servers",
    "so 10M/day ÷ 100K = 100 QPS",
    "so 50M rides/day ÷ 86,400 = 578 QPS",
    "so 1M users × 3 bookings/week ÷ 7 = ~430K bookings/day",
    "so 430K/day × 365 × 10KB = 1.5 TB/year",
    "so 6.5 hours/day × 252 trading days = 1,638 hours/year",
    "so 1.2 TBps × 8 = 9.6 Tbps",
    "so 10 Mbps x 60 s / 8 = ~75 MB",
    "so $400/hour = $288K/month",
    "so 100M searches/day = 1,150 QPS",
    "so 1.25B/day = ~12.5k/s",
    "so 10M / 10^5 = ~120 QPS",
    "so 8.76 ÷ 12 ≈ 43 minutes",
    "so `1M / 10^5 = 12` writes per second",
    "so 0.001 × 30 days × 24h × 60min = 43.2 minutes",
    "so 280 KiB x 8 / 900 Kbps = 2.49 seconds",
    "so 500M segments × 365 days × 288 intervals × 4 bytes = 200 TB",
    "so 8M × 1152d × 4 bytes = ~35 GB",
    "so 200K tokens × $3/M = $0.60 per request",
    "so 600M tokens × $3/MTok = $1,800",
    "so a PUT is $0.005/1,000 = $5 per million",
    "so 64M/week × 52 × 1KB = 3.3TB/year",
    "so 1M/min × 1KB × 60 × 24 × 90 = ~116TB",
    "so 2 × $1.006/hr × 730 = $1,470/month",
    "so 3 × $1.006/hr × 8hr/day × 30 = $725/month",
    "so 4000 / 24665 x 30000 = 4865.20",
    "so (50M + 10M) * 128 * 4 bytes = 30GB",
    "so 10KB / 4 = 2,560",
    "it is 4TB → 128GB (32x compression)",
    "it is 62 TB/day × 7 = 434 TB",
]
WRONG = [
    "Latency = RPC(15) + deserialize(8) + port(25) = 49ms",
    "$3K = compute ($1.8K) + relay ($500) + DB ($2,800)",
    "ROI = $1.26M / ($8K + $20K) = 63mo",
    "Rotation = 100K/week × 30min/address = 2083 hrs/week",
    "$2M AUM × 5% theft risk = $100M exposure",
    "slash risk = 5% of $10M × 0.1% annual probability = $5K",
    "1 B/day = 12.6K/s",
    "5min + 3min = 9min",
    "10 % of $10M is $2M",
    "100 / 45 ≈ 3.2",
    "1/3 = 0.34",
    "latency 400→150ms (−60 %)",
    "latency 400→150ms (+62.5 %)",
    "cuts cost 75% ($15K → $4.5K/mo)",
    "grew from 10 GB to 30 GB (4×)",
    "timeout of 300 seconds (6 minutes)",
    "timeout of 300 seconds (50 minutes)",
    "Latency = 148ms | Target <100ms",
    "Delay = 5 ms | x. Delay = 6 ms",
    "0.014467 PB/sec = 14.467 GB/sec",
    "8B × 2 = 17GB",
    "2 Kbit = 2040 bit",
    "8B × 2 = 17 bytes",
    "2MB / 4KB = 513",
    "writes are 10,000,000/day (100/sec)",
    "65,536 CU × 9,999 = 65,536 CU",
    "9,999 = 9,998 × 65,536",
    "1 KB = 64 bytes + 140 bytes",
    "so `16*20*28 / 2*2 = 2,241` hosts",
    r"it is (2 + 1)*24\*2 = 145",
    "the load went from 10 → 30 – 4× in all",
    "that is 24/6/2 = 8",
    "so $24*64 = 1792$ rows",
    "so 94+2 layers=97 in all",
    "so 2 + (10 - 2) * 10 = 83K in all",
    "so 9,000 + 1,350,000 = 1.45M in all",
    "so 10^9 gwei = 10^8 in all",
    "so 4K + 4K = 8193",
    "so x = 100k$ - 30 * 1600 = 53k$",
    "so 30% of 12 is 2",
    "accuracy 95% → 99% (6x fewer errors)",
    "so 5 × 30 = >200 requests",
    "time 3.4 s → 1.9 s (-49%)",
    "time 400 s → 150 s (-64%)",
    "cost $12K → $9K (-20%)",
    "so 11 + 1 = 13 here",
    "takes 1 week (8 days)",
    "so 3.41/1.9 = 1.92",
    "so (100% + 120% / 2) = 170%",
    "so 1/4 = 24",
    "(native 32,086 / other 34,263 = 1.168x)",
    "so 32 GB / 64 GB/s = 2 s",
    "so 15 ms + 7 ms = 11 ms in all",
    "so 15 ms + 7 ms = 31 ms on average",
    "so 163−1 = 4096",
    "for the markets:\n\n- one\n    - Part = 4%\n    - Part = 1%",
    "结果为 100 * 5 = 600",
    "so 2,000,000 + 993,999,999 + 4,000,000 = 1,000,000,009",
    "so 1,024 + 512 = 1,537",
    "so $12.35 + $7.12 = $19.48",
    "so 0.1 + 0.2 = 0.4",
    "so 24 * 64 = 1792 rows",
    "Together 15 ms (3 calls) + 8 ms = 24 ms.",
    "Together $15 (3 seats) + $8 = $24.",
    "Together 15K (3 shards) + 8K = 24K.",
    "Together 15% (3 teams) + 8% = 24%.",
    "peak: 15 ms + 20% = 25 ms",
    "so 10M/day ÷ 100K = 300 QPS",
    "so 1.2 TBps × 8 = 8.6 Tbps",
    "so $400/hour = $388K/month",
    "so 100M searches/day = 1,050 QPS",
    "so 1.25B/day = 12.5k/s",
    "so 3M orders/day = 600 orders/second",
    "so 50 million * 10 GB = 600 Petabyte",
    "so 100M × 5 Mbps = 500 Gbps",
    "so 1B requests/day × 50KB = 50 PB/day",
    "so 2 × $1.006/hr × 730 = $1,670/month",
    "so 4000 / 24665 x 30000 = 4864.20",
    "so (50M + 10M) * 128 * 4 bytes = 40GB",
    "so 600M tokens × $3/MTok = $1,900",
    "so 5 × 365 × 2.5 PB = 4.5 PB",
    "the cost grew from $12K to $9K, a 20% reduction",
]
SILENT = [
    "0.1 + 0.2 = 0.30000000000000004",
    "255 + 1 = 0",
    "0 - 1 = 255",
    "127 + 1 = -128",
    "n × 3 + 2 = 11",
    "f(2) + g(3) = 10",
    "2, 3 + 4 = 12 and 5n + 3 = 18",
    "10 + 5 = 3 (mod 12)",
    "`a` + 3 + 2 = 9",
    "x == 5 + 3",
    "Target compliance: 3/4 → 4/4 (100%)",
    "uses 60% (4 → 8 threads)",
    "upgrade from 0.4 to 0.5 (2x the work)",
    "a 500 GB disk (2 TB at most)",
    "64GB memory (1TB)",
    "Latency = 148ms | we miss the target <100ms",
    "Posts: 250 million\nStorage = 250M × 750 bytes",
    "6 × 3.3 = about",
    "version 1.2 = 2.4 / 2 of",
    "100ms RTT + 1MB limit = 10 MB/s",
    "(10,4) = 10 data + 4 parity = 1.4× overhead",
    "6-character geohash ≈ 1.2km × 600m cell",
    "8 bytes per timestamp = 4.8 MB per client",
    "120 KB = 12 B x backends",
    "a default of 128 m → 3–4× slowdown",
    "1 tweet = 64byte id + 140 bytes text + 1000 bytes metadata",
    "so `16*20*28 / 2*2 = 2,240` hosts",
    "limit: 9,999 computation = 9,999 × 65,536 CU",
    "mean: +257.35 CU = +1.029 × 10⁻² FLOW",
    "account: 500 = 5 × 10¹² FLOW",
    "share: 10⁻² × 5 = 0.05",
    "an aspect ratio (56.25% = 9÷16 = 16:9)",
    "Example: 1 throughput test (4 workloads) + 4 microbenchmarks = 8 total runs.",
    "Example: 2 suites (4 workloads) + 4 others = 12 total runs.",
    "Goroutines reduced from 16K to 100 (95%+ reduction)",
    "94+2 layers over PP=24 => 4 layers per gpu",
    "a grid of 16*2 hosts with TP=8",
    "so 1 ETH = 10^9 Gwei = 10^18 Wei",
    "so 5 ^ 3 = 6",
    "so 11 + 1 = 100 here",
    "so 1 + 1 = 0, as 1 + 1 = 1 for booleans",
    "so 1 + 1 = 11 as text",
    "each rates 10 results per 100K queries * 10 humans = 10M examples",
    "(native 32,086 / other 34,263 = 1.068x)",
    "one 15% pool (16 ETH) + one 7% pool (31 ETH) = 10.2% of it",
    "so 15 ms + 7 ms = 11 ms on average",
    "so 15 ms + 7 ms = 12 ms (weighted mean)",
    "so 8 x 220B = 1.76万亿 and 3万 + 4 = 7",
    "so 5 x 3 lakh = 14 lakh",
    "so 163−1 = 4095",
    "元素1为头结点搜索树的数量 = 右子树有2个元素的搜索树数量 * 左子树有0个元素的搜索树数量",
    "for the markets:\n\n- one\n    - Part = 4%\n- two\n    - Part = 1%",
    "so 2,000,000 + 993,999,999 + 4,000,000 = 1,000,000,000",
    "so 12.354 s + 7.125 s = 19.478 s",
    "in arithmetic modulo 5, 3 + 4 = 2",
    "2 + 2 = 5 is false",
    "takes 1 week (5 days)",
    "takes 1 month (22 days)",
    "takes 1 s (1 ms)",
    "so 3.41/1.9 = 1.82",
    "with width $11-2+1=10$, or `11-2+1=10`",
    "so 2(3 + 4) = 14",
    "so -5^2 = 25",
    "so 1 2/3 + 1/3 = 2",
    "so 2 dozen + 1 = 25",
    "so 3 × 1.5 = 4,5 and 1.000 + 500 = 1.500",
    "so 5 × 20,000 = 1,00,000",
    "so 2h + 3h = 1d 5h",
    "so 2–3 × 10 = 30, 5 × 3 = 14–16",
    "so (100% + 120% / 2) = 110%",
    "so 1/4 = 25",
    "where $n = 4$ and $k + 2 = 5$, so 3",
    "Quote short lines (<= 25 words) to make the point of it all clear to everyone here",
    "99 requests at 50ms + 1 at 10s = 149ms average",
    "20 counters × 8 bytes = ~160 MB, for 1M keys each",
    "the volume is 100K QPS (8.5B searches/day)",
    "kept: 1min=90d, 5min=1yr",
    "at 500K events/sec = 8M updates/sec",
    "it holds 20GB per user = 10 exabytes in all",
    "10% savings at $1M/month = $100K/month",
    "50M users at 10KB = 500GB",
    "2M fans in 2 minutes = 2M / 120",
    "1000 partitions across 3 brokers = 333 leaders + 666 replicas",
    "so 1 key per window × 2 windows = 400 bytes/key",
    "network: 10 GbE × 100 nodes = 125 GB/sec",
    "so 100 creations = 100 writes + 100 messages",
    "so 1 packet / 30 sec = ~1.7M heartbeats/sec",
    "so 5M orders × poll every 5s = 1M RPS",
    "Polling every 5 seconds × 10 minutes = 120 polls",
    "so 0.1 + 0.2 = 0.30000000004",
    "at 10 requests/sec × 50ms latency = 10,000 docs/sec",
    "so 4 threads × 3ms = 1333 RPS",
    "Solve for x: 2x + 5 = 13",
    "so 100 B per impression × 90 days = 54 TB",
    "if consensus decides that 2 + 2 = 5, it is so",
    "if most decide that $1 + 1 = 3$, it is so",
    "1. Observe: latency is 2.5s (target: <1s)",
    "s3://lake/year=2024/month=03/day=15/",
    "each makes 10 requests/day = 10M requests/day",
    "the budget: 8.76 ÷ 12 ≈ 43 minutes per month",
    "Score: 24/30 = 5 + 4 + 2 + 4 + 5 + 4",
    "the net drain = 6,000 - 8,000 = still negative 2,000/sec",
    "cost rose from $15,000 to $33,000, 5% fewer good reads, and more",
    "(portal from 1.8s to 9s, 22% adoption drop)",
    "from $2.40 to $3.90 — 100% more work for it",
    "processes: 1000 → 100 (80% RAM reduction)",
    "it raises the square from 36 to 144, a 256x cost increase",
    "refine from 500m to 250m zones (4x more zones)",
    "a 1024×1024 image = 765 tokens",
    "so branching 5 × depth 5 = 3,125 leaf nodes",
    "so 12 primaries + 12 replicas per daily index = 4,320 shards",
    "it has TP across 8 GPUs per group + EP across 8 groups = 64 GPUs",
    "so 7+2 tiers × 3 divisions = 23 positions",
    "saves: cache (35%) + routing (15%) + cascade (30%) = ~60%",
    "DSAR fulfillment within 30 days (target: <7 days)",
    "so 10M vectors × 1536 dims = 60 GB",
    "so 3 ENIs × 10 IPs = 29 pods max",
    "so 256 subtasks × 8 cores per host = 32 hosts",
    "interval 30s + threshold 3 = 90s to detect it",
    "so 20M/day ÷ 86400 × 30min window = ~417K items",
    "store: 100M × 200B = 20 GB + 10M × 200B = 2 GB",
    "a million trees: 1 Million Trees - 5 types x 5 colors = 25 pairs",
    "so `6e6 × 40 B = 240 MB/s = 20.7 TB/day` × RF 3 = 62 TB/day × 7 = 435 TB",
    "99.9% = 8.77 h · 99.99% = 52.6 min · 99.999% = 5.26 min",
    "Optimal: 3 + 3 = 2 coins",
    "erasure coding of 4+2 = 50% overhead",
    "clone 500 times (< 1 microsecond each) = 40ms total",
    "in parallel: 10 subagents × 35s each ≈ 40s",
    "it is divided, 1.5s: input guardrail budget: <50ms",
    "it failed: precision=97.5% (target: >99.9%)",
    "2 × m5.large at $0.096/hr = $140/month",
    "at ~10 MB each: 1 database × 20 connections = 200 MB",
    "so DCG = 0 + 3/log2(3) + 2/log2(4) = 2.893",
    "so 2,000 services × 12 replicas × 250m = 6,000 vCPU",
    "so 2 x 2.6e9 = 5.2 TFLOP",
    "so 10 PB / 1 MB = 10\nbillion objects",
    "a total: 7 generate calls plus 4 + 12 + 12 = 28 evaluate calls",
    "at 4000×$3 + 3500×$3.75 + 800×$15 = $0.038",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right(text: str) -> None:
    seen = fired(text)
    assert seen
    assert all(reason == "claim-right" for reason, _ in seen)


@pytest.mark.parametrize("text", WRONG)
def test_wrong(text: str) -> None:
    assert [reason for reason, _ in fired(text)].count("claim-wrong") == 1


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert [seen for seen in fired(text) if seen[0] == "claim-wrong"] == []


@pytest.mark.parametrize(
    "text",
    [
        "**8 * 3 = 24 bit**",
        "so **8 * 3 = 24 bit**, yes",
        "so __8 * 3 = 24 bit__, yes",
        "so *8 * 3 = 24 bit*, yes",
        "so **8 * 3** = **24 bit**",
        "so *(8 * 3)* = 24 bit",
        r"so 8 \* 3 = 24 bit, yes",
    ],
)
def test_marks_of_emphasis_are_no_part_of_an_equation(text: str) -> None:
    seen = audit("d.md", text)
    assert {v.reason.value for v in seen.verdicts} == {"claim-right"}
    assert len(seen.verdicts) == 3


@pytest.mark.parametrize(
    ("text", "recomputed"),
    [
        ("We cut cost from $12K to $9K a month (-20 %).", "-25 %"),
        ("We cut cost from $12K to $9K a month (−20 %).", "−25 %"),
        ("It went from 10 to 30 (+100 %).", "+200 %"),
        ("It went from 30 to 10 (+20 %).", "−66.67 %"),
        ("We cut cost from $12K to $9K a month (20 % less).", "25 %"),
    ],
)
def test_a_change_is_told_with_its_sign_where_one_is_stated(text: str, recomputed: str) -> None:
    (wrong,) = [v for v in audit("d.md", text).verdicts if v.reason.value == "claim-wrong"]
    assert wrong.recomputed == recomputed


@pytest.mark.parametrize(
    ("text", "recomputed"),
    [
        ("5.6e9 * 10 = 56.37e9", "56e9"),
        ("5.6 × 10^9 * 10 = 56.37 × 10^9", "56 × 10^9"),
        ("4096 * 400 = 1.8e10", "1,638,400"),
        ("so $24*64 = 1792$ rows", "1,536"),
        ("2K * 3 = 7K", "6K"),
    ],
)
def test_what_is_recomputed_is_told_as_it_is_stated(text: str, recomputed: str) -> None:
    (wrong,) = [v for v in audit("d.md", text).verdicts if v.reason.value == "claim-wrong"]
    assert wrong.recomputed == recomputed


def test_a_dollar_that_opens_mathematics_is_no_money() -> None:
    seen = audit("d.md", "At $n = 64$ it is $24*64 = 1536$, for $5 and $6 each.")
    assert [v.figure for v in seen.verdicts] == ["24", "64", "1536", "$5", "$6"]


def test_terms_of_a_wrong_sum_are_disputed() -> None:
    seen = audit("d.md", "15 + 8 = 24 ms")
    assert [v.reason.value for v in seen.verdicts] == ["disputed", "disputed", "claim-wrong"]
    assert seen.verdicts[2].recomputed == "23 ms"
    assert seen.verdicts[2].message == "stated 24 ms, recomputed 23 ms: 15 + 8 = 23 ms"


def test_words_of_an_answer() -> None:
    body = "word " * 40
    assert fired(f"**Answer** (40 words): {body}") == [("claim-right", "40")]
    assert fired(f"**Answer** (60 words): {body}") == [("claim-wrong", "60")]


def test_own_code_blocks() -> None:
    text = "# Title\n\nThis page has {} code blocks.\n\n```\na\n```\n\n```\nb\n```\n"
    assert fired(text.format(2)) == [("claim-right", "2")]
    assert fired(text.format(3)) == [("claim-wrong", "3")]


def test_quotients_of_rounded_values() -> None:
    text = "Rate = 100,000 / 18 = 5,556 per h\n\nCalls = 5,556 × 5 = 27,778"
    assert {reason for reason, _ in fired(text)} == {"claim-right"}
