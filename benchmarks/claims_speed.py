"""Documents of 1 to 50 MB through `harness claims` in, time, memory and their ratios out.

`python -m benchmarks.claims_speed [FILE]...`: the files' text is repeated; without any, the
shipped pages are, which are dense with figures. Start-up is measured on a text of one line.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (1, 10, 50)
_DENSE = """It takes 15 ms + 8 ms + 25 ms = 48 ms,
so 400→150 ms (-62.5 %), at 20K events/s for $12K/mo.

| part | ms | $ |\n|---|---|---|\n| read | 15 | 3 |\n| write | 25 | 4 |\n| total | 40 | 7 |

"""
"""A number in every twelve characters: sums, an arrow, a table with a total."""
PAGES = Path(__file__).parents[1] / "snippets" / "chain-systems"


def measured(path: Path) -> tuple[float, float, int]:
    """Processor and wall seconds of one run, and its peak memory in bytes."""
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.claims_speed", "--one", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    wall = time.monotonic() - began
    processor, peak = done.stdout.split()[-2:]
    return float(processor), wall, int(peak)


def one(path: str) -> None:
    """Audit one document in this process, and print what it took."""
    from harness.cli.verbs import main  # noqa: PLC0415 - loading it is part of what is measured

    arguments = ["claims", "--exit-zero", "--output-format", "concise", path]
    main.main(arguments, prog_name="harness", standalone_mode=False)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sys.stdout.flush()
    sys.stdout.write(f"\n{used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}\n")


def main() -> None:
    """Print one line a size."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
        return
    files = [Path(name) for name in sys.argv[1:]] or sorted(PAGES.glob("*.md"))
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in files)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.md").write_text("One line.\n")
        start, _, base = measured(folder / "empty.md")
        sys.stdout.write(f"start-up {start:.2f} s, {base >> 20} MB\n")
        dense = (_DENSE * (1_000_000 // len(_DENSE.encode()) + 1)).encode()[:1_000_000]
        (folder / "dense.md").write_bytes(dense.decode(errors="ignore").encode())
        processor, wall, _ = measured(folder / "dense.md")
        sys.stdout.write(
            f"  1 MB, a number in every 12 characters: {processor - start:.2f} s beyond start-up "
            f"({wall:.2f} s by the clock)\n"
        )
        for size in SIZES:
            path = folder / f"{size}.md"
            wanted = size * 1_000_000
            whole = (text * (wanted // len(text.encode()) + 1)).encode()[:wanted]
            path.write_bytes(whole.decode(errors="ignore").encode())
            processor, wall, peak = measured(path)
            beyond = processor - start
            sys.stdout.write(
                f"{size:3} MB: {beyond:6.2f} s beyond start-up ({beyond / size:.2f} s a MB; "
                f"{wall:.2f} s by the clock), peak {peak >> 20} MB, "
                f"{(peak - base) / wanted:.1f} times the file beyond start-up, "
                f"{peak / wanted:.1f} in all\n"
            )


if __name__ == "__main__":
    main()
