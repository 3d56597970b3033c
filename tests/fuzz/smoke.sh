#!/bin/sh
# smoke.sh BUILD SECONDS [TARGET]: runs every libFuzzer target, or one, and requires the canary to fail.
# New inputs stay under BUILD; a crash leaves its input there and its path is printed.
set -eu
build=$1
seconds=$2
only=${3:-}
corpus=$(dirname "$0")/corpus

fuzz_one() {
  name=$1
  mkdir -p "$build/fuzz/$name"
  "$build/bin/fuzz_$name" -max_total_time="$seconds" -max_len=70000 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=0 -verbosity=0 -artifact_prefix="$build/fuzz/$name-" \
    "$build/fuzz/$name" "$corpus/$name" >"$build/fuzz/$name.log" 2>&1
}

mkdir -p "$build/fuzz"
if fuzz_one canary; then
  echo "fuzz: the canary lived: a crash would not be noticed" >&2
  exit 1
fi
echo "fuzz: canary died as it must"

failed=0
for program in "$build"/bin/fuzz_*; do
  name=${program##*/fuzz_}
  [ "$name" != canary ] || continue
  [ -z "$only" ] || [ "$only" = "$name" ] || continue
  if fuzz_one "$name"; then
    echo "fuzz: $name fine for $seconds s"
  else
    failed=1
    tail -n 30 "$build/fuzz/$name.log" >&2
    echo "fuzz: $name FAILED; again: $build/bin/fuzz_$name $build/fuzz/$name-crash-*" >&2
  fi
done
exit "$failed"
