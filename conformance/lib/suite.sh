# Sourced by every `run`: packages, test runs, and the line that sums up.

set -u
suite=$(cd "$(dirname "$0")" && pwd)
lib=$(cd "$suite/../lib" && pwd)
cd "$suite" || exit 1
: "${CARPORT_BIN:?set CARPORT_BIN to the carport binary}"
CARPORT_BIN=$(realpath "$CARPORT_BIN")
export CARPORT_BIN
passed=0 failed=0
scratch=$(mktemp -d)
server=
trap 'stop; rm -rf "$scratch"' EXIT

# Leaves the suite out where a program is missing. In CI everything must run.
needs() {
  local program
  for program in "$@"; do
    if command -v "$program" >/dev/null; then continue; fi
    if [ "${CI:-}" = true ]; then finish_broken "$program is not installed"; fi
    echo "left out: $program is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
  done
}

# Starts a `carport dev` for the whole run, with these flags besides. Other `carport` commands find it by
# CARPORT_DATA; CARPORT_READY is a file with its ready line.
serve() {
  export CARPORT_DATA="$scratch/data" CARPORT_READY="$scratch/ready"
  "$CARPORT_BIN" dev --json --listen 127.0.0.1:0 --no-tutorial "$@" >"$CARPORT_READY" &
  server=$!
  until [ -s "$CARPORT_READY" ]; do
    kill -0 "$server" 2>/dev/null || finish_broken "carport dev ended before it was ready"
    sleep 0.05
  done
}

stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null
    wait "$server"
  fi
}

# Installs the locked npm packages of a folder, once, also when two suites ask at the same time.
npm_ready() {
  (
    cd "$1" || exit 1
    exec 9<package.json
    flock 9
    if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi
    npm ci --no-fund --no-audit --loglevel=error && touch node_modules/.package-lock.json
  ) || finish_broken "npm ci in $1"
}

# Makes .venv from requirements.txt, once.
venv_ready() {
  (
    exec 9<requirements.txt
    flock 9
    if [ .venv/ready -nt requirements.txt ]; then exit 0; fi
    python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt && touch .venv/ready
  ) || finish_broken "pip install"
}

# Runs JUnit by Maven and adds what it counted. Versions are pinned, so what was fetched once is never asked for
# again, and the run does without a network.
maven_tests() {
  rm -rf target/surefire-reports target/methods.txt
  mvn -q -B -ntp -Dstyle.color=never test
  local status=$? counts
  counts=$(python3 - target/surefire-reports <<'PY'
import glob, sys, xml.etree.ElementTree as tree
passed = bad = 0
for file in glob.glob(sys.argv[1] + "/TEST-*.xml"):
    suite = tree.parse(file).getroot()
    wrong = int(suite.get("failures")) + int(suite.get("errors"))
    bad += wrong
    passed += int(suite.get("tests")) - wrong - int(suite.get("skipped"))
print(passed, bad)
PY
  ) || counts="0 1"
  if [ "$status" != 0 ] && [ "${counts#* }" = 0 ]; then counts="${counts% *} 1"; fi
  # shellcheck disable=SC2086
  count $counts
}

# Runs files with node's test runner and adds what it counted.
node_tests() {
  local tap="$scratch/tap"
  node --test --test-concurrency="${concurrency:-1}" --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "$@"
  local status=$? pass fail
  pass=$(sed -n 's/^# pass //p' "$tap")
  fail=$(($(sed -n 's/^# fail //p;s/^# cancelled //p' "$tap" | paste -sd+)))
  # A run that ends badly without a failed test (nothing to run, a crash) is a failure too.
  if [ "$status" != 0 ] && [ "$fail" = 0 ]; then fail=1; fi
  count "${pass:-0}" "$fail"
}

# Runs pytest and adds what it counted.
pytest_run() {
  .venv/bin/python -m pytest -p no:cacheprovider --junitxml="$scratch/report.xml" "$@"
  local status=$? counts
  counts=$(.venv/bin/python - "$scratch/report.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
bad = int(suite.get("failures")) + int(suite.get("errors"))
print(int(suite.get("tests")) - bad - int(suite.get("skipped")), bad)
PY
  ) || counts="0 1"
  if [ "$status" != 0 ] && [ "${counts#* }" = 0 ]; then counts="${counts% *} 1"; fi
  # shellcheck disable=SC2086
  count $counts
}

# Runs Go's tests and adds what it counted: the innermost ones, each once.
go_tests() {
  local out="$scratch/go"
  go test -count=1 -v "$@" 2>&1 | tee "$out"
  local status=${PIPESTATUS[0]} pass fail
  pass=$(go_innermost PASS "$out")
  fail=$(go_innermost FAIL "$out")
  if [ "$status" != 0 ] && [ "$fail" = 0 ]; then fail=1; fi
  count "$pass" "$fail"
}

# How many tests without tests of their own ended so.
go_innermost() {
  awk -v how="$1" '
    /^ *--- (PASS|FAIL|SKIP): / {
      end[$3] = $2
      for (name = $3; sub(/\/[^\/]*$/, "", name); ) parent[name] = 1
    }
    END { for (name in end) if (!(name in parent) && end[name] == how ":") n++; print n + 0 }
  ' "$2"
}

count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}

finish_broken() {
  echo "could not prepare: $1"
  failed=$((failed + 1))
  finish
}
