"""When a posterior is in order: every threshold of its diagnostics, in one place."""

from __future__ import annotations

__all__ = ["CONFLICT", "EBFMI_MIN", "ESS_MIN", "PARETO_K_MAX", "RHAT_MAX"]

# Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021)
RHAT_MAX = 1.01
ESS_MIN = 400.0
# Betancourt (2016): below it the energies are explored too slowly for the tails to be reached
EBFMI_MIN = 0.3
# Vehtari, Simpson, Gelman, Yao and Gabry (2024): above it importance weights cannot be trusted
PARETO_K_MAX = 0.7
# Kallioinen, Paananen, Bürkner and Vehtari (2024): a posterior that moves more is sensitive
CONFLICT = 0.05
