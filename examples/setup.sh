# Sourced by examples/quickstart and tests/run: sees to it that what the build needs is there.
# A second run finds everything installed and does nothing.

coppice_packages=(g++ cmake ninja-build libtbb-dev nlohmann-json3-dev libcli11-dev libsqlite3-dev
  libfmt-dev libeigen3-dev libfast-float-dev zlib1g-dev node-d3)

# need_packages PACKAGE...: installs those that are missing, or says which they are and ends.
need_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    missing_elsewhere "$@"
    return
  fi
  local missing=() package
  for package in "$@"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "error: these packages are missing, and there is no sudo to install them:" >&2
      echo "  ${missing[*]}" >&2
      echo "  hint: as root, apt-get install ${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "error: the packages could not be installed: ${missing[*]}" >&2
    exit 2
  fi
  rm -f "$log"
}

# Not Debian: what can be found is checked by its program or header, the rest by CMake itself.
missing_elsewhere() {
  local missing=() tool
  for tool in g++ cmake ninja; do
    command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
  done
  local library
  for library in tbb/task_arena.h nlohmann/json.hpp CLI/CLI.hpp sqlite3.h fmt/format.h \
    fast_float/fast_float.h zlib.h eigen3/Eigen/Dense; do
    if command -v g++ >/dev/null 2>&1 &&
      ! echo "#include <$library>" | g++ -std=c++20 -E -x c++ - >/dev/null 2>&1; then
      missing+=("the library with <$library>")
    fi
  done
  [ -f "${D3_SCRIPT:-/usr/share/nodejs/d3/dist/d3.min.js}" ] ||
    missing+=("d3 of version 5 as one minified file, its path in \$D3_SCRIPT")
  [ ${#missing[@]} -eq 0 ] && return
  echo "error: this machine is not Debian; please install what is missing:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  echo "  hint: on Debian 12 these are the packages ${coppice_packages[*]}" >&2
  exit 2
}
