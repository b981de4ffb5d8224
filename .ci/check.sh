#!/bin/bash
# check.sh [STAGE …]: what CI runs after ./run test, and what a developer runs before pushing.
#   format       clang-format and the house rules that a compiler cannot see (tidy.py, errors.py)
#   asan         clang, address and undefined-behaviour sanitizers: all tests
#   tsan         g++, thread sanitizer: the tests with threads
#   fuzz         parser and codec, half a minute each
#   conformance  the openCypher scenarios, where they are beside the project, whole and with each
#                pass of the optimiser left out
#   all          all of them
# Each stage installs what it needs and builds in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n=== %s (%s s so far)\n' "$*" "$SECONDS"; }

need() {
  local missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -q >/dev/null
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    "${missing[@]}" >/dev/null
}

build() {  # DIRECTORY TARGETS CMAKE-OPTIONS…
  local directory=$1 targets=$2
  shift 2
  cmake -S . -B "$directory" -G Ninja -DKB_WERROR=ON -DKB_TESTS=ON "$@" >/dev/null
  # shellcheck disable=SC2086
  ninja -C "$directory" --quiet $targets
}

# One build for asan and fuzz. Line numbers are enough of debugging information: all of it, and no
# precompiled headers, took half as long again.
build_clang() {  # TARGETS
  need clang-14 libclang-rt-14-dev llvm-14
  build build-asan "$1" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG= -DKB_PCH=ON \
    -DCMAKE_CXX_COMPILER=clang++-14 "-DCMAKE_CXX_FLAGS=-O1 -g1 -fsanitize=fuzzer-no-link" \
    -DKB_SANITIZE=address,undefined -DKB_FUZZ=ON
}

stage_format() {
  need clang-format-14 python3
  git ls-files '*.cc' '*.h' | xargs clang-format-14 --dry-run -Werror
  python3 .ci/tidy.py
  python3 .ci/errors.py --strict
}

stage_asan() {
  build_clang all
  LSAN_OPTIONS="suppressions=$PWD/.ci/leaks.txt:print_suppressions=0" \
    ASAN_OPTIONS=detect_stack_use_after_return=0 UBSAN_OPTIONS=print_stacktrace=1 ctest --test-dir build-asan --output-on-failure -j "$(nproc)" -LE slow
}

stage_tsan() {
  # g++ makes warnings up under the sanitizer.
  build build-tsan kb_threads_tests -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG= \
    "-DCMAKE_CXX_FLAGS=-O1 -g1" -DKB_SANITIZE=thread -DKB_PCH=ON -DKB_WERROR=OFF
  # The sanitizer of g++ 12 needs the addresses of old: kernels now spread them too far.
  local fixed=(setarch "$(uname -m)" -R)
  "${fixed[@]}" true 2>/dev/null || fixed=()
  # RocksDB's package was not built with the sanitizer: without this its locks look like races.
  TSAN_OPTIONS=ignore_noninstrumented_modules=1 "${fixed[@]}" build-tsan/kb_threads_tests
}

stage_fuzz() {
  build_clang "kb_fuzz_parse kb_fuzz_codec"
  for target in parse codec; do
    local corpus=build-asan/corpus-$target
    mkdir -p "$corpus"
    if [ "$target" = parse ]; then  # deep nests, and every statement of the golden scripts
      cp tests/fuzz/corpus/parse/* "$corpus"
      grep -rhE '^(\[[a-z]+\])?> ' tests/golden | sed -E 's/^[^>]*> //' |
        split -l 1 -a 4 - "$corpus/golden-"
    fi
    "build-asan/kb_fuzz_$target" -max_total_time=30 -timeout=5 -max_len=8192 -verbosity=0 \
      -artifact_prefix="build-asan/$target-" "$corpus"
  done
}

stage_conformance() {
  local kit=../shared/conformance
  [ -d "$kit" ] || { echo "no scenarios beside the project: skipped"; return 0; }
  need python3
  python3 tests/tck/compare.py --kit "$kit" --kb build/kb
  # No answer may rest on a pass of the optimiser.
  local pass
  for pass in $(sed -nE 's/^ *Pass\{"([a-z_]+)".*/\1/p' query/optimize/passes.cc); do
    printf 'without %s: ' "$pass"
    python3 tests/tck/compare.py --kit "$kit" --kb build/kb --without-pass "$pass"
  done
}

stages=("$@")
[ ${#stages[@]} -gt 0 ] && [ "${stages[0]}" != all ] || stages=(format asan tsan fuzz conformance)
for stage in "${stages[@]}"; do
  say "$stage"
  "stage_$stage"
done
say "all stages passed"
