#!/usr/bin/env bash
# Make the offline bundle: wheels, checksums, an install script; for a server without internet.
#   [PYTHON=python3.11] deploy/bundle.sh [--arch x86_64|aarch64|all] [--out dist] [--no-archive]
# Needs internet (or a pip mirror). The target needs the same Python (3.11 here, 3.11 there) and glibc 2.28 or newer.
set -euo pipefail

python=${PYTHON:-python3}
arches=(x86_64 aarch64)
out=dist
archive=yes
glibc=(manylinux_2_28 manylinux_2_27 manylinux_2_26 manylinux_2_24 manylinux_2_17 manylinux2014)  # glibc of the target ≥ 2.28

while (($#)); do
    case $1 in
        --arch) [[ $2 == all ]] || arches=("$2"); shift 2 ;;
        --out) out=$2; shift 2 ;;
        --no-archive) archive=no; shift ;;
        *) sed -n 2,4p "$0" >&2; exit 64 ;;
    esac
done

house=$(cd "$(dirname "$0")/.." && pwd)
[[ $python != */* || $python == /* ]] || python=$PWD/$python
mkdir -p "$out" && out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
pip() { "$python" -m pip --disable-pip-version-check --no-input "$@"; }

# 1. Our own wheel, from a copy of the tracked files: nothing of var/, .env or an old build may get in.
mkdir -p "$work/source" "$work/own" "$work/pure"
git -C "$house" ls-files -z --cached -- bot handlers knowledge storage pyproject.toml README.md LICENSE NOTICE |
    (cd "$house" && tar --null --ignore-failed-read -cf - -T -) | tar -xf - -C "$work/source"

# 2. Resolve once. Both architectures get the same versions; packages published as source only are built here, if pure.
pip wheel --quiet -w "$work/host" "$work/source[postgres]"
mv "$work/host"/dingban-*.whl "$work/own/"
mv "$work/host"/*-none-any.whl "$work/pure/"
own=$(basename "$work/own"/dingban-*.whl)
release=$(cut -d- -f2 <<<"$own")
"$python" - "$work/host" "$work/pure" >"$work/versions.txt" <<'PY'
import pathlib, sys
for folder in sys.argv[1:]:
    for wheel in sorted(pathlib.Path(folder).glob("*.whl")):
        print("{}=={}".format(*wheel.name.split("-")[:2]))
PY

# 3. One folder and one archive per architecture.
for arch in "${arches[@]}"; do
    name=dingban-$release-py${version/./}-linux-$arch
    bundle=$work/$name
    mkdir -p "$bundle/wheels"
    platforms=()
    for tag in "${glibc[@]}"; do platforms+=(--platform "${tag}_$arch"); done
    pip download --quiet --only-binary :all: --no-deps --find-links "$work/pure" "${platforms[@]}" \
        --python-version "$version" --implementation cp --abi "cp${version/./}" --abi abi3 --abi none \
        -d "$bundle/wheels" -r "$work/versions.txt"
    cp "$work/own/$own" "$bundle/wheels/"
    cp "$work/versions.txt" "$bundle/versions.txt"
    cp "$house"/deploy/{install.sh,dingban.sh,dingban.service,env.example,runbook.md} "$bundle/"
    cp "$house"/{LICENSE,NOTICE} "$bundle/"
    printf 'python=%s\narch=%s\nrelease=%s\nglibc=2.28\n' "$version" "$arch" "$release" >"$bundle/TARGET"
    (cd "$bundle" && find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
    if [[ $archive == yes ]]; then
        tar -C "$work" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"
        (cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
        echo "$out/$name.tar.gz"
    else
        rm -rf "${out:?}/$name" && cp -r "$bundle" "$out/$name"
        echo "$out/$name"
    fi
done
