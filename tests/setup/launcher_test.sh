#!/usr/bin/env bash
# launcher_test.sh SOURCE_FOLDER: runs SOURCE_FOLDER/ftaudit and test in a made-up checkout, where cmake, apt-get and
# their like are stubs that write down how they were called. The machine's LLVM is the only real thing.
set -euo pipefail

source_folder=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
checkout="$scratch/a checkout"
calls=$scratch/calls
failures=0

mkdir -p "$checkout/tool/cli" "$checkout/rules" "$checkout/reports" "$checkout/tests" "$scratch/bin" "$scratch/home"
cp "$source_folder/ftaudit" "$source_folder/test" "$checkout/"
cp "$source_folder/tool/packages.txt" "$checkout/tool/"
cp "$source_folder/tests/requirements.txt" "$checkout/tests/"
touch "$checkout/CMakeLists.txt" "$checkout/CMakePresets.json" "$checkout/tool/main.cpp"
export HOME=$scratch/home XDG_DATA_HOME="" PATH=$scratch/bin:$PATH CALLS=$calls CHECKOUT=$checkout
unset FTAUDIT_LLVM_VERSION

stub() { cat >"$scratch/bin/$1"; chmod +x "$scratch/bin/$1"; }

# "Builds" a binary that writes down its arguments; fails when the checkout's main.cpp says so.
stub cmake <<'STUB'
#!/usr/bin/env bash
echo "cmake $*" >>"$CALLS"
cat >>"$CALLS.read"
build=$CHECKOUT/build/release
if [[ $1 == --build ]]; then
  if grep -q broken "$CHECKOUT/tool/main.cpp"; then echo "main.cpp:1: error: broken"; exit 1; fi
  mkdir -p "$build/tool/cli"
  cat >"$build/tool/cli/ftaudit" <<'BINARY'
#!/usr/bin/env bash
if [[ "$1 ${2:-}" == "python list" ]]; then exit "${PYTHON_LIST:-0}"; fi
printf '<%s>' "$@" >>"$CALLS"; echo >>"$CALLS"
if [[ "$1 ${2:-}" == "python install" ]]; then exit "${PYTHON_INSTALL:-0}"; fi
[[ $1 != baseline ]] || cat
echo "audited in $PWD"
BINARY
  chmod +x "$build/tool/cli/ftaudit"
else
  mkdir -p "$build"
  touch "$build/build.ninja"
  printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\nFTAUDIT_LLVM_VERSION:STRING=%s\n' "$CHECKOUT" "$(sed -nE 's/.*-DFTAUDIT_LLVM_VERSION=([0-9]+).*/\1/p' <<<"$*")" >"$build/CMakeCache.txt"
fi
STUB
stub dpkg-query <<'STUB'
#!/usr/bin/env bash
for package in "${@:4}"; do [[ " ${MISSING:-} " == *" $package "* ]] || echo "installed $package"; done
STUB
stub apt-get <<'STUB'
#!/usr/bin/env bash
echo "apt-get $*" >>"$CALLS"
exit "${APT_GET:-0}"
STUB
stub apt-cache <<'STUB'
#!/usr/bin/env bash
[[ " ${NOT_OFFERED:-} " == *" $2 "* ]] || echo " $2 | 1.0 | somewhere"
STUB
stub python3 <<'STUB'
#!/usr/bin/env bash
echo "python3 $*" >>"$CALLS"
exit "${PIP:-0}"
STUB
stub sudo <<'STUB'
#!/usr/bin/env bash
echo "sudo $*" >>"$CALLS"
[[ $1 == -n ]] && shift
exec "$@"
STUB
stub ctest <<'STUB'
#!/usr/bin/env bash
echo "ctest $*" >>"$CALLS"
STUB

# launch EXIT_CODE ARGUMENT...: leaves what was said in $out and $err, and what the stubs were called with in $calls.
launch() {
  local expected=$1 code=0; shift
  : >"$calls"
  "${program:-$checkout/ftaudit}" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
  out=$(<"$scratch/out") err=$(<"$scratch/err")
  check "exit code of ftaudit $*" "$code" "$expected"
}
check() {
  [[ $2 == "$3" ]] && return
  printf 'FAILED: %s\n  is:     %s\n  wanted: %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}
check_has() {
  [[ $2 == *"$3"* ]] && return
  printf 'FAILED: %s\n  is:     %s\n  lacks:  %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

# The first call sets up, keeps stdout for results, and hands the arguments on as they are, in the caller's folder.
cd "$scratch/home"
launch 0 scan "a b" '*' ""
check "stdout of the first call" "$out" "audited in $scratch/home"
check_has "arguments" "$(<"$calls")" "<scan><a b><*><>"
check_has "headers of packages" "$(<"$calls")" "<headers><install><pybind11><nanobind><numpy><cppy><cython>"
check_has "configuring" "$(<"$calls")" "--preset release"
check_has "what it says" "$err" "ftaudit: building"

# Later calls run the binary and nothing else; a link to the launcher does as well.
launch 0 scan x
check "a later call" "$(<"$calls")" "<scan><x>"
check "a later call is quiet" "$err" ""
ln -s "$checkout/ftaudit" "$scratch/bin/linked-ftaudit"
program=linked-ftaudit launch 0 scan y
check "through a link" "$(<"$calls")" "<scan><y>"

# A changed, an added, a removed source, and one put there with an old date: each is built before it runs.
rebuilt() { launch 0 rules; check_has "$1" "$(<"$calls")" "cmake --build"; launch 0 rules; check "$1: once" "$(<"$calls")" "<rules>"; }
sleep 0.02; touch "$checkout/tool/main.cpp"; rebuilt "changed source"
sleep 0.02; mkdir "$checkout/rules/new"; touch "$checkout/rules/new/rule.cpp"; rebuilt "added source"
sleep 0.02; rm -r "$checkout/rules/new"; rebuilt "removed source"
sleep 0.02; touch -d 2001-01-01 "$scratch/old"; mv "$scratch/old" "$checkout/reports/old.cpp"; rebuilt "source with an old date"
sleep 0.02; touch -d 2001-01-01 "$checkout/tool/main.cpp"; rebuilt "source replaced by one with an old date"
check "so that ninja sees it" "$(find "$checkout/tool/main.cpp" -newermt 2002-01-01 | wc -l)" 1

# What stands on a redirected stdin is for the command, never for the set-up.
sleep 0.02; touch "$checkout/tool/main.cpp"
: >"$calls.read"
out=$(printf 'for the command\n' | "$checkout/ftaudit" baseline 2>"$scratch/err")
check "the set-up reads nothing" "$(<"$calls.read")" ""
check_has "the command reads it all" "$out" "for the command"

# A build that fails is never run past.
sleep 0.02; echo broken >"$checkout/tool/main.cpp"
launch 3 rules
check_has "failed build" "$err" "main.cpp:1: error: broken"
check_has "failed build" "$err" "ftaudit: failed: building"
check "nothing ran" "$(grep -c '<rules>' "$calls" || true)" 0
echo mended >"$checkout/tool/main.cpp"; rebuilt "mended source"

# Missing packages are named, then installed; when apt-get fails, that is the last word.
sleep 0.02; touch "$checkout/tool/main.cpp"
MISSING="cmake lld-19 lld-20 lld-21 lld-22 doctest-dev" launch 0 rules
check_has "packages are named" "$err" "ftaudit: installing with apt-get: cmake doctest-dev lld-"
check_has "packages are installed" "$(<"$calls")" "apt-get -q install -y --no-install-recommends cmake doctest-dev lld-"
touch "$checkout/tool/main.cpp"
MISSING=cmake APT_GET=100 launch 3 rules
check_has "apt-get fails" "$err" "ftaudit: failed: updating apt's lists"
launch 0 rules

# --setup runs nothing, says what it could not get, and --setup=test minds the tests' packages.
launch 0 --setup
check "nothing is run" "$(grep -c '<--setup>' "$calls" || true)" 0
PYTHON_LIST=3 launch 0 --setup
check_has "headers of CPython" "$(<"$calls")" "<python><install><3.13t><--headers>"
PYTHON_LIST=3 PYTHON_INSTALL=3 launch 3 --setup
MISSING=python3-jsonschema launch 0 --setup
check "a test's package" "$(grep -c apt-get "$calls" || true)" 0
program=$checkout/test MISSING=python3-jsonschema launch 0 -R project
check_has "the tests' packages" "$(<"$calls")" "install -y --no-install-recommends python3-jsonschema"
check_has "everything is built" "$(<"$calls")" "--target all"
check_has "ctest's arguments" "$(tail -n 1 "$calls")" "-R project"
check_has "what comes from PyPI" "$(<"$calls")" "python3 -m pip install"
program=$checkout/test PIP=1 launch 0 -R project
check_has "PyPI is not there" "$err" "so the tests that need packaging uv mkdocs-material are skipped"
program=$checkout/test MISSING=chromium launch 0
check_has "what apt offers" "$(<"$calls")" "install -y --no-install-recommends chromium"
program=$checkout/test MISSING=chromium NOT_OFFERED=chromium launch 0
check "what apt has no package for" "$(grep -c apt-get "$calls" || true)" 0

# A set-up fetches the packages that are not there; what an older ftaudit did not want comes with the next build, once.
mkdir -p "$HOME/.local/share/ftaudit/headers/"{cppy-1.3.1,nanobind-3.1.0,numpy-2.4.6,pybind11-3.1.0}
launch 0 --setup
check "what is missing is fetched" "$(grep '<headers>' "$calls")" "<headers><install><cython>"
echo "pybind11 nanobind numpy cppy" >"$checkout/build/release/.fetched"
launch 0 rules
check "not before a build" "$(<"$calls")" "<rules>"
sleep 0.02; touch "$checkout/tool/main.cpp"
launch 0 rules
check "set up by an older one" "$(grep '<headers>' "$calls")" "<headers><install><cython>"
sleep 0.02; touch "$checkout/tool/main.cpp"
launch 0 rules
check "not after each edit" "$(grep -c '<headers>' "$calls" || true)" 0
mkdir "$HOME/.local/share/ftaudit/headers/cython-3.3.1"
launch 0 --setup
check "all of them are there" "$(grep -c '<headers>' "$calls" || true)" 0

# Two first calls at once: one sets up, the other waits for it, both run.
rm -rf "$checkout/build"
: >"$calls"
"$checkout/ftaudit" scan one >/dev/null 2>&1 &
"$checkout/ftaudit" scan two >/dev/null 2>&1
wait $!
check "configured once" "$(grep -c -- '--preset release' "$calls")" 1
check_has "the one" "$(<"$calls")" "<scan><one>"
check_has "the other" "$(<"$calls")" "<scan><two>"

# sudo may ask for a password where there is a terminal, and only there; nobody else can be had from root.
if ((EUID == 0)) && command -v setpriv >/dev/null && [[ -x /usr/bin/python3 ]]; then
  chown -R 65534 "$scratch"
  as_somebody() {
    : >"$calls"; touch "$checkout/tool/main.cpp"; chown 65534 "$checkout/tool/main.cpp" "$calls"
    MISSING=cmake setpriv --reuid=65534 --clear-groups "$@" >"$scratch/out" 2>&1 </dev/null || true
  }
  as_somebody "$checkout/ftaudit" rules
  check_has "without a terminal" "$(<"$calls")" "sudo -n apt-get"
  as_somebody /usr/bin/python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$checkout/ftaudit" rules
  check_has "on a terminal" "$(<"$calls")" "sudo apt-get"
fi

if ((failures > 0)); then echo "$failures checks failed"; exit 1; fi
echo "the launcher does as it says"
