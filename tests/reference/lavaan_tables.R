# What every reference script writes of a fit: estimates, standardised estimates and fit measures.
syntax_of <- function(name) paste(readLines(file.path("models", paste0(name, ".lavaan"))), collapse = "\n")
measures <- c("npar", "chisq", "df", "pvalue", "chisq.scaled", "df.scaled", "pvalue.scaled", "chisq.scaling.factor",
  "baseline.chisq", "baseline.df", "baseline.chisq.scaled", "baseline.df.scaled", "baseline.pvalue.scaled",
  "baseline.chisq.scaling.factor", "cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust", "tli.robust",
  "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue", "rmsea.scaled", "rmsea.ci.lower.scaled",
  "rmsea.ci.upper.scaled", "rmsea.pvalue.scaled", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust",
  "rmsea.pvalue.robust", "srmr", "ntotal")
add <- function(out, fit, name, estimator) {
  raw <- parameterEstimates(fit, remove.nonfree = FALSE)
  if (is.null(raw$group)) raw$group <- 1
  if (is.null(raw$se)) raw$se <- NA
  std <- standardizedSolution(fit)
  raw$est.std <- std$est.std
  raw$est.std.se <- std$se
  rows <- cbind(model = name, estimator = estimator,
                raw[raw$op != "~*~" | raw$se > 0, c("lhs", "op", "rhs", "group", "est", "se", "est.std", "est.std.se")])
  all <- fitMeasures(fit)
  found <- as.numeric(all[measures])
  shift <- fit@test[[length(fit@test)]]$shift.parameter
  fits <- data.frame(model = name, estimator = estimator, measure = c(measures, "chisq.shift.parameter"),
                     value = c(found, if (is.null(shift)) NA else shift))
  list(estimates = rbind(out$estimates, rows), fits = rbind(out$fits, fits[!is.na(fits$value), ]))
}
write_tables <- function(out, stem) {
  estimates <- out$estimates
  names(estimates) <- gsub(".", "_", names(estimates), fixed = TRUE)
  for (column in c("est", "se", "est_std", "est_std_se")) estimates[[column]] <- signif(estimates[[column]], 9)
  fits <- transform(out$fits, value = signif(value, 11))
  write.csv(estimates, paste0(stem, "_estimates.csv"), row.names = FALSE)
  write.csv(fits, paste0(stem, "_fit.csv"), row.names = FALSE)
  cat(as.character(packageVersion("lavaan")), nrow(estimates), nrow(fits), "\n")
}
