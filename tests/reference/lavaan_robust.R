# Reference values of robust fits, groups, invariance, modification indices and difference tests.
# Run from this folder: Rscript lavaan_robust.R
suppressMessages(library(lavaan))
syntax <- function(name) paste(readLines(file.path("models", paste0(name, ".lavaan"))), collapse = "\n")
digits <- function(x) format(x, digits = 11, scientific = FALSE, trim = TRUE)
two <- Demo.twolevel
two$weight <- 0.5 + (seq_len(nrow(two)) %% 7) / 4
fits <- list(
  holzinger_MLR = sem(syntax("holzinger"), HolzingerSwineford1939, estimator = "MLR"),
  holzinger_MLM = sem(syntax("holzinger"), HolzingerSwineford1939, estimator = "MLM"),
  democracy_MLR = sem(syntax("democracy"), PoliticalDemocracy, estimator = "MLR"),
  democracy_MLM = sem(syntax("democracy"), PoliticalDemocracy, estimator = "MLM"),
  mimic_MLR = sem(syntax("mimic"), HolzingerSwineford1939, estimator = "MLR"),
  restricted_MLR = sem(syntax("restricted_means"), HolzingerSwineford1939, estimator = "MLR"),
  restricted_MLM = sem(syntax("restricted_means"), HolzingerSwineford1939, estimator = "MLM"),
  restricted_MLMV = sem(syntax("restricted_means"), HolzingerSwineford1939, estimator = "MLMV"),
  holzinger_MLMV = sem(syntax("holzinger"), HolzingerSwineford1939, estimator = "MLMV"),
  democracy_MLMV = sem(syntax("democracy"), PoliticalDemocracy, estimator = "MLMV"),
  mimic_MLMV = sem(syntax("mimic"), HolzingerSwineford1939, estimator = "MLMV"),
  school_MLMV = sem(syntax("holzinger"), HolzingerSwineford1939, estimator = "MLMV", group = "school"),
  mimic_MLM = sem(syntax("mimic"), HolzingerSwineford1939, estimator = "MLM"),
  twolevel_cluster = sem(syntax("twolevel"), two, cluster = "cluster"),
  twolevel_weights = sem(syntax("twolevel"), two, sampling.weights = "weight"),
  twolevel_both = sem(syntax("twolevel"), two, sampling.weights = "weight", cluster = "cluster"),
  school_MLR = sem(syntax("holzinger"), HolzingerSwineford1939, estimator = "MLR", group = "school"),
  school_wishart = sem(syntax("holzinger"), HolzingerSwineford1939, likelihood = "wishart", group = "school"),
  mimic_wishart = sem(syntax("mimic"), HolzingerSwineford1939, likelihood = "wishart")
)
estimates <- measures <- NULL
for (name in names(fits)) {
  found <- parameterEstimates(fits[[name]])
  if (is.null(found$group)) found$group <- 1
  estimates <- rbind(estimates, data.frame(case = name, found[, c("lhs", "op", "rhs", "group", "est", "se")]))
  value <- unclass(fitMeasures(fits[[name]]))
  measures <- rbind(measures, data.frame(case = name, measure = names(value), value = as.numeric(value)))
}
ladder <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
               strict = c("loadings", "intercepts", "residuals"))
steps <- NULL
for (estimator in c("ML", "MLR")) {
  models <- lapply(ladder, function(equal) cfa(syntax("holzinger"), HolzingerSwineford1939, group = "school",
                                               group.equal = equal, estimator = estimator))
  for (level in names(models)) {
    value <- unclass(fitMeasures(models[[level]]))
    steps <- rbind(steps, data.frame(estimator, level, measure = names(value), value = as.numeric(value)))
  }
  test <- as.data.frame(do.call(lavTestLRT, c(unname(models), method = "satorra.bentler.2001")[1:5]))
  steps <- rbind(steps, data.frame(estimator, level = names(ladder)[-1], measure = "delta_chisq",
                                   value = test[["Chisq diff"]][-1]))
}
indices <- NULL
for (name in c("holzinger", "democracy")) {
  data <- if (name == "holzinger") HolzingerSwineford1939 else PoliticalDemocracy
  found <- modindices(sem(syntax(name), data))
  indices <- rbind(indices, data.frame(case = name, found[, c("lhs", "op", "rhs", "mi", "epc", "sepc.all")]))
}
names(indices) <- gsub(".", "_", names(indices), fixed = TRUE)
write.csv(transform(estimates, est = digits(est), se = digits(se)), "lavaan_robust_estimates.csv", row.names = FALSE)
write.csv(transform(measures, value = digits(value)), "lavaan_robust_fit.csv", row.names = FALSE)
write.csv(transform(steps, value = digits(value)), "lavaan_invariance.csv", row.names = FALSE)
write.csv(transform(indices, mi = digits(mi), epc = digits(epc), sepc_all = digits(sepc_all)),
          "lavaan_modification.csv", row.names = FALSE)
cat(as.character(packageVersion("lavaan")), "\n")
