# Reference values of ML fits: estimates and fit measures of lavaan for every model in models/.
# Run from this folder: Rscript lavaan_ml.R
suppressMessages(library(lavaan))
data_of <- list(
  holzinger = HolzingerSwineford1939, democracy = PoliticalDemocracy,
  democracy_equal = PoliticalDemocracy, growth = Demo.growth, path = HolzingerSwineford1939,
  second_order = HolzingerSwineford1939, mimic = HolzingerSwineford1939,
  single = HolzingerSwineford1939
)
measures <- c("npar", "chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "logl",
              "unrestricted.logl", "aic", "bic", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
              "rmsea.pvalue", "srmr", "ntotal")
estimates <- fits <- NULL
for (name in names(data_of)) {
  syntax <- paste(readLines(file.path("models", paste0(name, ".lavaan"))), collapse = "\n")
  for (info in c("expected", "observed")) {
    fit <- sem(syntax, data = data_of[[name]], information = info)
    raw <- parameterEstimates(fit, remove.nonfree = FALSE)
    std <- standardizedSolution(fit)
    std$est.std.se <- std$se
    both <- merge(raw[, c("lhs", "op", "rhs", "est", "se", "z", "pvalue", "ci.lower", "ci.upper")],
                  std[, c("lhs", "op", "rhs", "est.std", "est.std.se")], sort = FALSE)
    estimates <- rbind(estimates, cbind(model = name, information = info, both))
    if (info == "expected") {
      r2 <- lavInspect(fit, "rsquare")
      estimates <- rbind(estimates, data.frame(
        model = name, information = info, lhs = names(r2), op = "r2", rhs = names(r2), est = as.numeric(r2),
        se = NA, z = NA, pvalue = NA, ci.lower = NA, ci.upper = NA, est.std = NA, est.std.se = NA))
      found <- fitMeasures(fit, measures)
      fits <- rbind(fits, data.frame(model = name, measure = measures, value = as.numeric(found)))
    }
  }
}
names(estimates) <- gsub(".", "_", names(estimates), fixed = TRUE)
write.csv(format(estimates, digits = 10, scientific = FALSE, trim = TRUE), "lavaan_ml_estimates.csv", row.names = FALSE, quote = TRUE)
write.csv(transform(fits, value = format(value, digits = 12, scientific = FALSE, trim = TRUE)), "lavaan_ml_fit.csv", row.names = FALSE)
cat(as.character(packageVersion("lavaan")), "\n")
