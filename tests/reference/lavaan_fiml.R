# Reference values of FIML: estimates and fit measures of lavaan with missing = "ml".
# Run from this folder: Rscript lavaan_fiml.R ../../../shared/data/bfi/bfi.csv
# (without the file the bfi model is left out). Blanks are made by rule, see blanked().
suppressMessages(library(lavaan))
options(warn = 1)

# answer of row i (from 0) to column j (from 1) is blank where (7 i² + 31 i j + 17 j² + 13 i) mod 101 < 9
blanked <- function(data, columns) {
  i <- seq_len(nrow(data)) - 1
  for (j in seq_along(columns)) data[(7 * i^2 + 31 * i * j + 17 * j^2 + 13 * i) %% 101 < 9, columns[j]] <- NA
  data
}
holzinger <- blanked(HolzingerSwineford1939, paste0("x", 1:9))
holzinger[7, paste0("x", 1:9)] <- NA
with_x <- holzinger
with_x$ageyr[c(3, 50)] <- NA
holzinger$team <- (seq_len(301) - 1) %% 40
holzinger$weight <- 1 + ((seq_len(301) - 1) %% 5) / 2 + (holzinger$school == "Pasteur")
democracy <- blanked(PoliticalDemocracy, c(paste0("y", 1:8), paste0("x", 1:3)))
# leaving a panel: who has t1 above 1 and an even row misses the last wave, every seventh row the last two
growth <- Demo.growth
row <- seq_len(nrow(growth)) - 1
growth$t4[(growth$t1 > 1 & row %% 2 == 0) | row %% 7 == 0] <- NA
growth$t3[row %% 7 == 0] <- NA

plain <- list(ML = list(estimator = "ML"), expected = list(estimator = "ML", information = "expected"),
              MLR = list(estimator = "MLR"))
cases <- list(
  holzinger = list(data = holzinger, variants = c(plain, list(
    cluster = list(estimator = "MLR", cluster = "team"),
    weights = list(estimator = "MLR", sampling.weights = "weight")))),
  democracy = list(data = democracy, variants = plain),
  fiml_constrained = list(data = democracy, variants = plain[c("ML", "MLR")]),
  mimic = list(data = with_x, variants = plain),
  growth = list(data = growth, variants = plain[c("ML", "MLR")]),
  fiml_random_x = list(data = with_x, fixed.x = FALSE, variants = plain),
  fiml_groups = list(data = holzinger, group = "school", variants = c(plain[c("ML", "MLR")], list(
    weights = list(estimator = "MLR", sampling.weights = "weight"))))
)
bfi <- commandArgs(TRUE)
if (length(bfi)) cases$fiml_bfi <- list(data = read.csv(bfi[1]), variants = plain[c("ML", "MLR")])

measures <- c("npar", "chisq", "df", "pvalue", "chisq.scaled", "df.scaled", "pvalue.scaled",
  "chisq.scaling.factor", "baseline.chisq", "baseline.df", "baseline.chisq.scaled",
  "baseline.chisq.scaling.factor", "cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust", "tli.robust",
  "logl", "unrestricted.logl", "aic", "bic", "bic2", "ntotal", "scaling.factor.h1", "scaling.factor.h0",
  "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue", "rmsea.scaled", "rmsea.ci.lower.scaled",
  "rmsea.ci.upper.scaled", "rmsea.pvalue.scaled", "rmsea.robust", "rmsea.ci.lower.robust",
  "rmsea.ci.upper.robust", "rmsea.pvalue.robust", "srmr")
estimates <- fits <- NULL
for (name in names(cases)) {
  case <- cases[[name]]
  syntax <- paste(readLines(file.path("models", paste0(name, ".lavaan"))), collapse = "\n")
  for (variant in names(case$variants)) {
    # with weights lavaan 0.6-14 is not of one mind about rows without any answer: leave them out
    data <- if (variant == "weights") case$data[-7, ] else case$data
    fit <- do.call("sem", c(list(model = syntax, data = data, missing = "ml", group = case$group,
                               fixed.x = is.null(case$fixed.x)),
                          case$variants[[variant]]))
    raw <- parameterEstimates(fit, remove.nonfree = FALSE)
    if (is.null(raw$group)) raw$group <- 1
    std <- standardizedSolution(fit)
    stopifnot(identical(raw$lhs, std$lhs), identical(raw$rhs, std$rhs))
    estimates <- rbind(estimates, data.frame(
      model = name, variant = variant, group = raw$group, lhs = raw$lhs, op = raw$op, rhs = raw$rhs,
      est = raw$est, se = raw$se, est_std = std$est.std, est_std_se = std$se))
    found <- fitMeasures(fit)
    present <- intersect(measures, names(found))
    fits <- rbind(fits, data.frame(model = name, variant = variant, measure = present,
                                   value = as.numeric(found[present])))
    cat(name, variant, "\n")
  }
}
digits <- function(x) formatC(x, digits = 12, format = "g", width = 1)
for (name in c("est", "se", "est_std", "est_std_se")) estimates[[name]] <- digits(estimates[[name]])
write.csv(estimates, "lavaan_fiml_estimates.csv", row.names = FALSE)
write.csv(transform(fits, value = digits(value)), "lavaan_fiml_fit.csv", row.names = FALSE)
cat(as.character(packageVersion("lavaan")), "\n")
