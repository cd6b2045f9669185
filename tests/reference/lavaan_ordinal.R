# Reference values of ordinal and mixed models: DWLS, WLSMV, ULSMV and relatives.
# Run from this folder: Rscript lavaan_ordinal.R
suppressMessages(library(lavaan))
source("lavaan_tables.R")
cut_at <- function(x, at) 1 + rowSums(outer(as.numeric(scale(x)), at, ">"))
FIVE <- c(-1.2, -0.4, 0.5, 1.3); THREE <- c(-0.6, 0.7); TWO <- 0.2
items <- paste0("x", 1:9)
cut_data <- function(at) { d <- HolzingerSwineford1939; d$agemo <- d$agemo / 12; d[items] <- lapply(d[items], cut_at, at); d }
five <- cut_data(FIVE); three <- cut_data(THREE); two <- cut_data(TWO)
five$weight <- 1 + (seq_len(nrow(five)) %% 3)
mixed <- three; mixed[c("x4", "x5", "x6")] <- HolzingerSwineford1939[c("x4", "x5", "x6")]
mixed[c("x7", "x8")] <- five[c("x7", "x8")]
sparse <- cut_data(0.9)[seq(1, 301, by = 4), ]
probit <- HolzingerSwineford1939; probit$agemo <- probit$agemo / 12; probit$x9 <- two$x9
mediator <- HolzingerSwineford1939; mediator$x4 <- three$x4; mediator$x9 <- two$x9
EVERY <- c("DWLS", "ULS", "WLS", "WLSMV", "ULSMV", "WLSM", "WLSMVS", "ULSMVS")
MAIN <- c("WLSMV", "ULSMV", "DWLS")
runs <- list(
  list("hs5", "holzinger", five, items, EVERY), list("hs3", "hs_path", three, items, MAIN),
  list("hs2", "holzinger", two, items, MAIN), list("sparse", "holzinger", sparse, items, c("WLSMV", "ULSMV")),
  list("mixed", "holzinger", mixed, setdiff(items, c("x4", "x5", "x6")), EVERY),
  list("covariates", "hs_covariates", three, items, EVERY), list("probit", "hs_probit", probit, "x9", MAIN),
  list("mediator", "hs_mediator", mediator, c("x4", "x9"), MAIN))
out <- NULL
for (run in runs) for (estimator in run[[5]]) {
  fit <- sem(syntax_of(run[[2]]), data = run[[3]], estimator = estimator, ordered = run[[4]])
  out <- add(out, fit, run[[1]], estimator)
}
for (estimator in MAIN) {
  fit <- sem(syntax_of("holzinger"), data = three, estimator = estimator, ordered = items, group = "school")
  out <- add(out, fit, "school", estimator)
  fit <- sem(syntax_of("holzinger"), data = three, estimator = estimator, ordered = items, group = "school", group.equal = "loadings")
  out <- add(out, fit, "school_loadings", estimator)
  fit <- sem(syntax_of("holzinger"), data = three, estimator = estimator, ordered = items, group = "school",
             group.equal = c("loadings", "thresholds"))
  out <- add(out, fit, "school_thresholds", estimator)
  fit <- sem(syntax_of("holzinger"), data = five, estimator = estimator, ordered = items, sampling.weights = "weight")
  out <- add(out, fit, "weighted", estimator)
}
bfi <- "../../../shared/data/bfi/bfi.csv"
if (file.exists(bfi)) {
  bfi <- na.omit(read.csv(bfi)[1:1500, c(paste0("A", 1:5), paste0("C", 1:5), paste0("N", 1:5))])
  for (estimator in MAIN) {
    fit <- sem(syntax_of("bfi_items"), data = bfi, estimator = estimator, ordered = TRUE)
    out <- add(out, fit, "bfi", estimator)
  }
}
write_tables(out, "lavaan_ordinal")
