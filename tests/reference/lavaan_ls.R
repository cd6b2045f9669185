# Reference values of least squares on continuous data: ULS, GLS, WLS, DWLS and their robust variants.
# Run from this folder: Rscript lavaan_ls.R
suppressMessages(library(lavaan))
source("lavaan_tables.R")
data_of <- list(holzinger = HolzingerSwineford1939, path = HolzingerSwineford1939, mimic = HolzingerSwineford1939,
                democracy = PoliticalDemocracy, democracy_equal = PoliticalDemocracy, growth = Demo.growth)
estimators <- c("ULS", "GLS", "WLS", "DWLS", "ULSMV", "WLSMV", "WLSM", "WLSMVS")
out <- NULL
for (name in names(data_of)) for (means in c(FALSE, TRUE)) for (estimator in estimators) {
  if ((estimator == "WLS" && grepl("democracy", name)) || (name == "growth" && !means)) next
  fit <- sem(syntax_of(name), data = data_of[[name]], estimator = estimator, meanstructure = means)

  if (!lavInspect(fit, "converged")) { cat("not converged:", name, means, estimator, "\n"); next }
  out <- add(out, fit, paste0(name, if (means) "_means" else ""), estimator)
}
for (estimator in estimators) {
  fit <- sem(syntax_of("holzinger"), data = HolzingerSwineford1939, estimator = estimator, group = "school")
  out <- add(out, fit, "holzinger_school", estimator)
  if (estimator == "WLS") next
  fit <- sem(syntax_of("mimic"), data = HolzingerSwineford1939, estimator = estimator, fixed.x = TRUE)
  out <- add(out, fit, "mimic_fixed", estimator)
}
write_tables(out, "lavaan_ls")
