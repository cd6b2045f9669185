"""The study file as frozen types: every section of it, its defaults, and what contradicts what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, field_validator, model_validator

from werksem.spec.calibrating import Calibrate
from werksem.spec.describe import Describe
from werksem.spec.design import with_design_defaults
from werksem.spec.disclosure import Disclosure, with_disclosure
from werksem.spec.section import Count, Draws, Level, Name, Number, Replicates, Section

__all__ = [
    "Bayes", "Bootstrap", "Count", "Data", "Disclosure", "Importance", "MomentsInput", "Name", "Number",
    "Ols", "ReplicateWeights", "Report", "Section", "Sem", "Sensitivity", "Study",
]  # fmt: skip

Seed = Annotated[StrictInt, Field(ge=0, lt=2**63)]
Measure = Literal["configural", "metric", "scalar", "strict"]
Equal = Literal[
    "loadings", "intercepts", "means", "thresholds", "regressions",
    "residuals", "residual_covariances", "lv_variances", "lv_covariances",
]  # fmt: skip
# lavaan's own spelling
Dotted = Literal["residual.covariances", "lv.variances", "lv.covariances"]


# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}


def _listed(found: Any) -> Any:
    """Return one file as a list of one."""
    return (found,) if isinstance(found, str | Path) else found


Files = Annotated[tuple[Path, ...], BeforeValidator(_listed, json_schema_input_type=Path | tuple[Path, ...])]


class MomentsInput(Section):
    """Summary statistics instead of respondents; rows of ``correlation`` may be lower triangles.

    ``correlation`` maps each name to a list (in the order of the names; the row up to, or up to
    and including, the diagonal, or the full row) or to a mapping of names to numbers.
    ``spec.matrix.correlation_matrix`` turns it into names and a full matrix.
    """

    n: Count | dict[Name, Count]
    correlation: dict[Name, list[Number] | dict[Name, Number]]
    sd: dict[Name, Annotated[Number, Field(gt=0)]] | None = None
    mean: dict[Name, Number] | None = None


class ReplicateWeights(Section):
    """Replicate weights that came with the data; names and defaults as in R's ``survey::svrepdesign``.

    ``columns`` is a list, or a pattern such as ``repw_*``. ``combined`` weights hold the sampling
    weight. The variance is scale · sum rscales (theta_r - centre)², around the estimate where ``mse``.
    """

    columns: Name | tuple[Name, ...]
    type: Literal["bootstrap", "brr", "fay", "jk1", "jkn", "other"]
    scale: Annotated[Number, Field(gt=0)] | None = None
    rscales: tuple[Annotated[Number, Field(ge=0)], ...] = ()
    rho: Annotated[Number, Field(ge=0, lt=1)] | None = None
    combined: StrictBool = True
    mse: StrictBool = False


class Data(Section):
    """Which respondents: a file or moments, rows, groups, weights, design and recodings.

    ``fpc`` is a column with the number of clusters (else respondents) in the population of the row's
    stratum, or, where no value is above 1, the share of them that was sampled.
    """

    file: Path | None = None
    obtain: str | None = None
    moments: MomentsInput | None = None
    where: str | None = None
    group: Name | None = None
    weights: Name | None = None
    cluster: Name | None = None
    strata: Name | None = None
    fpc: Name | None = None
    replicate_weights: ReplicateWeights | None = None
    missing: Literal["listwise", "fiml"] = "listwise"
    sample: Literal["own", "common"] = "own"
    missing_codes: tuple[Number | str, ...] = ()
    codes: dict[Name, dict[str, Number | None]] = Field(default_factory=dict)
    derive: dict[Name, str] = Field(default_factory=dict)
    ordered: Literal["all"] | tuple[Name, ...] = ()


class Ols(Section):
    """Betas on scale means, SPSS style; ``se`` is ``cluster`` or ``HC3`` by default where the design asks."""

    se: Literal["classical", "HC3", "cluster", "CR2"] = "classical"


class Sem(Section):
    """The latent-variable model; keys and defaults as in lavaan."""

    estimator: Literal["ML", "MLR", "MLM", "MLMV", "ULS", "ULSMV", "GLS", "WLS", "DWLS", "WLSMV"] = "ML"
    engine: Literal["semopy", "werksem"] = "semopy"
    se: Literal["standard", "robust", "cluster"] = "standard"
    information: Literal["expected", "observed"] = "expected"
    meanstructure: StrictBool | None = None
    fixed_x: StrictBool = True
    likelihood: Literal["normal", "wishart"] = "normal"
    scaling: Literal["marker", "unit_variance"] = "marker"
    group_equal: tuple[Equal, ...] = ()
    multigroup: StrictBool = False

    @field_validator("group_equal", mode="before", json_schema_input_type=tuple[Equal | Dotted, ...])
    @classmethod
    def _lavaan_names(cls, value: Any) -> Any:
        """Read lavaan's ``residual.covariances`` as ``residual_covariances``."""
        if not isinstance(value, list):
            return value
        return [entry.replace(".", "_") if isinstance(entry, str) else entry for entry in value]


class Bootstrap(Section):
    """Resampling: how many, of what, which interval; ``indices`` is a CSV of given resamples.

    ``replicates: auto`` goes on until the limits are as sharp as they are printed. ``lonely_psu`` is what a
    stratum with one unit adds to the variance, as ``survey.lonely.psu`` in R. ``engine: dask`` computes on
    the cluster at ``scheduler`` (``tcp://…``), or on processes of this machine.
    """

    replicates: Replicates | Literal["auto"] = 5000
    seed: Seed = 2024
    scheme: Literal["cases", "strata", "cluster", "replicate_weights", "bollen-stine", "parametric"] = "cases"
    lonely_psu: Literal["fail", "certainty", "remove", "adjust"] = "fail"
    interval: Literal["percentile", "basic", "bc", "bca", "monte_carlo"] = "bca"
    level: Level = 0.95
    indices: Path | None = None
    engine: Literal["threads", "dask"] = "threads"
    scheduler: str | None = None

    @field_validator("scheduler")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[a-z]+://\S+", value):
            raise ValueError(f'found "{value}", right is an address such as tcp://127.0.0.1:8786')
        return value


class Bayes(Section):
    """The hierarchical posterior; ``vary`` is what differs between the groups of ``data.group``.

    ``vary`` names kinds (``paths``, ``means``, at level latent ``variances`` and ``covariances``) or single
    parameters. ``nested`` is a column of units within the groups, a third level, whose ``vary_nested``
    differ too. ``outcomes`` are the outcomes at level scores that are not continuous. ``priors`` by kind
    or by parameter are taken literally. ``rope`` is the difference between groups that does not matter;
    ``leave_out`` asks for predictive checks that leave out groups or respondents, one at a time.
    """

    level: Literal["scores", "latent"] = "scores"
    vary: tuple[Name, ...] = ()
    nested: Name | None = None
    vary_nested: tuple[Name, ...] = ("means",)
    outcomes: dict[Name, Literal["probit", "logit", "ordered"]] = Field(default_factory=dict)
    method: Literal["nuts", "laplace"] = "nuts"
    chains: Annotated[StrictInt, Field(ge=1, le=64)] = 4
    draws: Draws = 1000
    tune: Draws = 1000
    seed: Seed = 2024
    priors: dict[Name, str] = Field(default_factory=dict)
    rope: Annotated[Number, Field(ge=0)] = 0.05
    leave_out: tuple[Literal["groups", "respondents"], ...] = ()

    @model_validator(mode="after")
    def _left_out(self) -> Bayes:
        """Refuse a check that the model does not have."""
        units = self.nested is not None and bool(self.vary_nested)
        if "respondents" in self.leave_out and units and self.level == "scores":
            raise ValueError(
                "leave_out: respondents cannot be left out where units within groups differ; right is "
                "leave_out: [groups], or no nested"
            )
        return self


class Sensitivity(Section):
    """What the SEM is asked to withstand: shares of every answer's variance that are a common method's."""

    method_variance: tuple[Annotated[Number, Field(ge=0, lt=0.5)], ...] = ()

    @field_validator("method_variance")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        """Refuse shares out of order or twice."""
        if list(value) != sorted(set(value)):
            raise ValueError(f"shares rise and each stands once, found {list(value)}")
        return value


class Importance(Section):
    """How R² divides over predictors: ``of`` these outcomes (all where empty), with bootstrap intervals."""

    of: tuple[Name, ...] = ()
    replicates: Draws = 1000
    seed: Seed = 2024


class Report(Section):
    """Which reports are written: a page, and tables to publish (Word, LaTeX, CSV, Markdown)."""

    formats: tuple[Literal["html", "csv", "docx", "tex", "md"], ...] = ("html",)


class Study(Section):
    """A study file with every default filled in; a section that is None does not run.

    ``model`` is the absolute path of the model file, None for an inline model. Paths are absolute.
    ``design`` says what the data can bear: reports speak of effects only where it is not a
    cross-section. ``blocks`` are predictors that are tested together, by name; the one named controls
    holds the control variables.
    """

    study: Annotated[str, Field(pattern=r"^\w[\w .+-]*$", max_length=100)]
    model: Path | None
    data: Data
    title: str = ""
    source: str = ""
    language: Literal["nl", "en"] = "nl"
    design: Literal["cross-section", "panel", "experiment"] = "cross-section"
    ols: Ols | None = None
    sem: Sem | None = None
    invariance: Annotated[tuple[Measure, ...], Field(min_length=1)] | None = None
    bootstrap: Bootstrap | None = None
    bayes: Bayes | None = None
    blocks: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = Field(default_factory=dict)
    published: Files = ()
    claims: Path | None = None
    sensitivity: Sensitivity | None = None
    importance: Importance | None = None
    describe: Describe | None = None
    calibrate: Calibrate | None = None
    disclosure: Disclosure = Disclosure()
    report: Report = Report()

    @field_validator("study")
    @classmethod
    def _folder(cls, value: str) -> str:
        """Refuse names that some computer cannot give to a folder, or keeps for itself."""
        if value.split(".")[0].strip().upper() in DEVICES or value[-1] in " .":
            raise ValueError(f'found "{value}", which cannot be the name of a folder on every computer')
        return value

    @model_validator(mode="before")
    @classmethod
    def _design(cls, raw: Any) -> Any:
        return with_design_defaults(with_disclosure(raw))
