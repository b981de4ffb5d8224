#!/usr/bin/env python3
"""House rules that a compiler cannot see. Each complaint says what to do instead."""

import re
import subprocess
import sys
from pathlib import Path

FLOORS = ["schema", "storage", "query", "kb"]
LINES_MAX = 500
COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
complaints: list[str] = []


def complain(path: str, line: int, text: str) -> None:
    complaints.append(f"{path}:{line}: {text}")


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], stdout=subprocess.PIPE, text=True, check=True)
    return listed.stdout.split()


def check_include(path: str, number: int, target: str) -> None:
    floor = path.split("/")[0]
    to = target.split("/")[0]
    if floor in FLOORS and to in FLOORS and FLOORS.index(to) > FLOORS.index(floor):
        complain(path, number, f"{floor}/ must not include {target}: floors depend downwards only")
    if target.startswith("rocksdb/") and floor not in ("storage", "tests"):
        complain(path, number, "RocksDB stays below storage/: go through storage/graph.h or store.h")
    if target.startswith("tao/pegtl") and not path.startswith(("query/parse/", "tests/bench/")):
        complain(path, number, "PEGTL stays in query/parse/: call parse::Parse")
    graph = ("query/algo/", "storage/view_bgl.h", "kb/bgl.h", "kb/io/dot.cc", "tests/")
    if target.startswith("boost/graph") and not path.startswith(graph):
        complain(path, number, "Boost.Graph stays in query/algo/, the adaptor and kb/io/dot.cc")


BANNED = [
    (re.compile(r"\bstd::(cout|cerr)\b"), "print only in kb/shell/", ("kb/shell/", "tests/")),
    (re.compile(r"(?<![\w.])assert\("), "use KB_ASSERT", ()),
    (re.compile(r"\bFIXME\b|\bTODO\b|\bXXX\b"), "finish it, or open an issue", ()),
    (re.compile(r"(?<![\w:])(?:new|delete)\s+[A-Za-z_:]+[ ({<;]"), "use values and std::make_unique", ()),
]


def check_source(path: str) -> None:
    lines = Path(path).read_text().splitlines()
    if len(lines) > LINES_MAX:
        complain(path, len(lines), f"{len(lines)} lines, at most {LINES_MAX}: move the second theme out")
    check_functions(path, lines)
    header = path.endswith(".h")
    if header and "#pragma once" not in lines:
        complain(path, 1, "a header begins with its purpose and `#pragma once`")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            complain(path, number, f"{len(line)} columns, at most {COLUMNS_MAX}")
        if included := re.match(r'#include [<"]([^>"]+)[>"]', line):
            check_include(path, number, included[1])
        if header and re.match(r"\s*using namespace\b", line):
            complain(path, number, "no `using namespace` in a header: name what is used")
        if "NOLINT" in line:
            continue
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', line).split("//")[0]
        for pattern, cure, allowed in BANNED:
            if pattern.search(code) and not path.startswith(allowed or ("\0",)):
                complain(path, number, f"{pattern.search(code)[0].strip()}: {cure}")


def check_functions(path: str, lines: list[str]) -> None:
    """Functions that begin at the margin: methods and file-local ones, in clang-format's layout."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line[:1].isspace() or not line:
            continue
        if line == "}" and begin is not None:
            table = any("static const" in line for line in lines[begin:begin + 3])
            if number - begin >= FUNCTION_LINES_MAX and not table:
                complain(path, begin, f"{number - begin + 1} lines in one function, at most "
                         f"{FUNCTION_LINES_MAX}: name a part of it")
            begin = None
        elif re.match(r"(namespace|class|struct|enum|union|extern|using|#|//|[{})])", line):
            begin = None
        elif "(" in line and begin is None:
            begin = number
        elif line.endswith(";"):
            begin = None


def check_readme(path: str) -> None:
    base = Path(path).parent
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        for name in re.findall(r"`([\w.]+(?:/[\w.]+)+/?)`", line):
            if not ((base / name).exists() or Path(name).exists() or name.startswith(("build/", "../"))):
                complain(path, number, f"{name} is not there: mend the path")


def check_cmake(sources: list[str]) -> None:
    listed = Path("CMakeLists.txt").read_text()
    for path in sources:
        if path.endswith(".cc") and path not in listed:
            complain(path, 1, "is in no CMake target: add it or take it away")


def main() -> int:
    sources = tracked("*.cc", "*.h")
    for path in sources:
        check_source(path)
    for path in tracked("*.md"):
        check_readme(path)
    check_cmake(sources)
    print("\n".join(complaints) if complaints else f"{len(sources)} files, no complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
