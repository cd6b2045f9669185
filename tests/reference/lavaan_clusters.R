# Reference values of robust estimators by cluster, with a fixed covariate and without, one group and two.
# Clusters lie within groups (odd and even ones). lavaan 0.6-14 gives MLMV by cluster another sandwich than
# MLM unless robust.cluster.sem is asked for, which is the one MLMV has without clusters.
# Run from this folder: Rscript lavaan_clusters.R
suppressMessages(library(lavaan))
digits <- function(x) format(x, digits = 11, scientific = FALSE, trim = TRUE)
two <- Demo.twolevel
two$half <- paste0("h", two$cluster %% 2)
x <- paste(readLines(file.path("models", "twolevel.lavaan")), collapse = "\n")
models <- list(x = x, none = sub(" + x1", "", x, fixed = TRUE))
kinds <- list(MLR = list(), MLM = list(), MLMV = list(se = "robust.cluster.sem"))
estimates <- measures <- NULL
for (covariate in names(models)) for (kind in names(kinds)) for (groups in c("one", "two", "equal")) {
  more <- list(one = list(), two = list(group = "half"), equal = list(group = "half", group.equal = "loadings"))
  fit <- suppressWarnings(do.call("sem", c(list(models[[covariate]], two, estimator = kind, cluster = "cluster"),
                                         kinds[[kind]], more[[groups]])))
  found <- parameterEstimates(fit)
  if (is.null(found$group)) found$group <- 1
  name <- paste(covariate, groups, kind, sep = "_")
  estimates <- rbind(estimates, data.frame(case = name, found[, c("lhs", "op", "rhs", "group", "est", "se")]))
  value <- unclass(fitMeasures(fit))
  measures <- rbind(measures, data.frame(case = name, measure = names(value), value = as.numeric(value)))
}
write.csv(transform(estimates, est = digits(est), se = digits(se)), "lavaan_clusters_estimates.csv", row.names = FALSE)
write.csv(transform(measures, value = digits(value)), "lavaan_clusters_fit.csv", row.names = FALSE)
cat(as.character(packageVersion("lavaan")), "\n")
