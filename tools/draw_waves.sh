#!/usr/bin/env bash
# Calibrate the populations anew and draw the shipped waves from them (each with its own n and seed).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" tools/calibrate_population.py 2022 2024
"$python" - <<'PY'
from pathlib import Path

from werksem.survey.synthetic import write_synthetic

for wave in (2022, 2024):
    write_synthetic(Path(f"models/population/werkonderzoek_{wave}.yaml"), Path(f"data/werkonderzoek_{wave}.parquet"))
PY
