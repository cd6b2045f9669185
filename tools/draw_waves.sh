#!/usr/bin/env bash
# Calibrate the populations anew and draw the shipped files from them (each with its own n and seed).
# The wave of 2024 comes first: the core module of the others follows from it.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" tools/calibrate_population.py 2024 2022 2019 innovatie_2025 markt_2024
"$python" - <<'PY'
from pathlib import Path

from werksem.survey.synthetic import write_synthetic

for name in ("werkonderzoek_2019", "werkonderzoek_2022", "werkonderzoek_2024", "innovatie_2025", "markt_2024"):
    write_synthetic(Path(f"models/population/{name}.yaml"), Path(f"data/{name}.parquet"))
PY
