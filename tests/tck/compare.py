#!/usr/bin/env python3
"""Runs the openCypher scenarios and compares the failing ones with the list beside this file.

The list (failing.txt) may only shrink: a scenario that fails and is not in it is an error, and so is
one that is in it and passes (take it out: --update). Scenarios are named as the runner names them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

LIST = Path(__file__).with_name("failing.txt")


def run(kit: Path, program: str, without: str) -> dict[str, bool]:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [sys.executable, str(kit / "tck"), "--features", str(kit / "features"), "--jobs", "2",
                   "--json", out.name, "--", program, "pipe", ":memory:"]
        command += ["--without-pass", without] if without else []
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        print(ended.stdout.strip().splitlines()[-1] if ended.stdout.strip() else "no outcome")
        if ended.returncode not in (0, 1):
            sys.exit(f"the runner ended with {ended.returncode}")
        return {verdict["id"]: verdict["passed"] for verdict in json.load(open(out.name))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kit", type=Path, required=True)
    parser.add_argument("--kb", required=True)
    parser.add_argument("--without-pass", default="", help="leave out a pass of the optimiser")
    parser.add_argument("--update", action="store_true", help="rewrite the list; it may only shrink")
    options = parser.parse_args()
    verdicts = run(options.kit, options.kb, options.without_pass)
    known = set(LIST.read_text().splitlines()) if LIST.exists() else None
    failing = {name for name, passed in verdicts.items() if not passed}
    if options.update:
        if known is not None and not failing <= known:
            sys.exit("the list may only shrink; new failures:\n  " + "\n  ".join(sorted(failing - known)))
        LIST.write_text("".join(f"{name}\n" for name in sorted(failing)))
        return 0
    known = known or set()
    for name in sorted(failing - known):
        print(f"fails, and did not before: {name}")
    for name in sorted(name for name in known if verdicts.get(name)):
        print(f"passes now, take it out of the list: {name}")
    return 1 if failing - known or any(verdicts.get(name) for name in known) else 0


if __name__ == "__main__":
    sys.exit(main())
