#!/usr/bin/env bash
# A folder from which werksem installs without a network: its wheel, those of everything it needs, and a list
# with their hashes. Run it on a computer with a network and the same system and Python as the one without.
#   tools/wheelhouse.sh DIR [EXTRA,EXTRA…]      extras: dask, report (none by default)
# Then, on the other computer:
#   python3 -m venv .venv
#   .venv/bin/pip install --no-index --find-links DIR --require-hashes -r DIR/requirements.txt
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:?"right is tools/wheelhouse.sh DIR [EXTRA,EXTRA…]"}
extras=${2:+[$2]}
python=${PYTHON:-python3}
if [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
    echo "$folder is not empty: name another, so that no older wheel stays behind" >&2
    exit 2
fi
mkdir -p "$folder"
# `wheel` and not `download`: what is published as source only (semopy) becomes a wheel here
"$python" -m pip wheel --quiet --disable-pip-version-check --wheel-dir "$folder" "$root$extras"
"$python" - "$folder" <<'PYTHON'
import hashlib, pathlib, sys
folder = pathlib.Path(sys.argv[1])
with (folder / "requirements.txt").open("w", encoding="utf-8") as out:
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        print(f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}", file=out)
PYTHON
echo "$(ls "$folder"/*.whl | wc -l) wheels, $(du -sm "$folder" | cut -f1) MB in $folder"
