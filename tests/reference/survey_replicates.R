# Reference values of replicate weights: R's survey on a small simulated sample of clusters in strata.
# Run from this folder: Rscript survey_replicates.R
# Writes survey_sample.csv (answers, design, replicate weights that hold the sampling weight) and
# survey_replicates.csv (replicates, standard errors, linearised standard errors, degrees of freedom).
suppressMessages(library(survey))
set.seed(20240)
size <- c(3, 5, 4, 6, 3, 7, 5, 4, 6, 3, 5, 4)
psu <- rep(seq_along(size), size)
sample <- data.frame(
  psu = paste0("p", psu),
  stratum = c("a", "b", "c", "d", "e", "f")[(psu + 1) %/% 2],        # two clusters each
  region = c("north", "middle", "south")[findInterval(psu, c(1, 3, 7))],   # 2, 4 and 6 clusters
  alone = c("one", rep("middle", 5), rep("south", 6))[psu]           # a stratum with one cluster
)
# clusters of a region weigh the same, so a mean is linear in their multipliers
sample$weight <- round(c(north = 60, middle = 90, south = 40)[sample$region] / size[psu], 12)
sample$population <- c(north = 5, middle = 10, south = 24)[sample$region]
effect <- rnorm(length(size), sd = 0.8)[psu]
n <- nrow(sample)
sample$x1 <- round(3 + effect + rnorm(n), 3)
sample$x2 <- round(2 - 0.4 * effect + 0.3 * sample$x1 + rnorm(n), 3)
sample$y <- round(1 + 0.5 * sample$x1 - 0.3 * sample$x2 + 0.6 * effect + rnorm(n), 3)

out <- NULL
add <- function(design, quantity, name, value, replicate = NA) {
  out <<- rbind(out, data.frame(design, quantity, name, replicate, value = as.numeric(value)))
}
names <- c("mean_x1", "mean_x2", "mean_y", "b_0", "b_x1", "b_x2")
statistics <- function(design, kind) {
  means <- svymean(~ x1 + x2 + y, design, return.replicates = TRUE)
  model <- svyglm(y ~ x1 + x2, design, return.replicates = TRUE)
  replicates <- cbind(means$replicates, model$replicates)
  est <- c(coef(means), coef(model))
  se <- c(sqrt(diag(vcov(means))), sqrt(diag(vcov(model))))
  add(kind, if (isTRUE(design$mse)) "se_mse" else "se", names, se)
  if (isTRUE(design$mse)) return(invisible())
  add(kind, "est", names, est)
  limits <- confint(means, df = degf(design))
  add(kind, "ci_lower", names[1:3], limits[, 1])
  add(kind, "ci_upper", names[1:3], limits[, 2])
  add(kind, "degf", "", degf(design))
  add(kind, "scale", "", design$scale)
  add(kind, "rscale", "", design$rscales, seq_along(design$rscales))
  for (r in seq_len(nrow(replicates))) add(kind, "replicate", names, replicates[r, ], r)
}
by_stratum <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = sample)
by_region <- svydesign(~psu, strata = ~region, weights = ~weight, data = sample)
with_fpc <- svydesign(~psu, strata = ~region, weights = ~weight, fpc = ~population, data = sample)
unstratified <- svydesign(~psu, weights = ~weight, data = sample)
weights_of <- list()
made <- list(
  bootstrap = function(mse) as.svrepdesign(by_region, type = "subbootstrap", replicates = 20, mse = mse),
  jkn = function(mse) as.svrepdesign(by_region, type = "JKn", mse = mse),
  jkn_fpc = function(mse) as.svrepdesign(with_fpc, type = "JKn", mse = mse),
  jk1 = function(mse) as.svrepdesign(unstratified, type = "JK1", mse = mse),
  brr = function(mse) as.svrepdesign(by_stratum, type = "BRR", mse = mse),
  fay = function(mse) as.svrepdesign(by_stratum, type = "Fay", fay.rho = 0.3, mse = mse)
)
for (kind in base::names(made)) for (mse in c(FALSE, TRUE)) {
  set.seed(7)
  design <- made[[kind]](mse)
  statistics(design, kind)
  full <- weights(design, "analysis")
  colnames(full) <- paste0(kind, "_", seq_len(ncol(full)))
  weights_of[[kind]] <- full
}
# what the rescaling bootstrap must spread as: linearised standard errors of the design
linear <- function(design, kind) add(kind, "linear_se", names[1:3], SE(svymean(~ x1 + x2 + y, design)))
linear(by_region, "region")
linear(with_fpc, "region_fpc")
for (rule in c("certainty", "remove", "adjust")) {
  options(survey.lonely.psu = rule)
  linear(svydesign(~psu, strata = ~alone, weights = ~weight, data = sample), paste0("alone_", rule))
}
# factors without the sampling weight, as combined.weights = FALSE
options(survey.lonely.psu = "fail")
factors <- weights(made$jkn(FALSE), "replication")
colnames(factors) <- paste0("factor_", seq_len(ncol(factors)))
write.csv(cbind(sample, do.call(cbind, base::unname(weights_of)), factors), "survey_sample.csv",
          row.names = FALSE, quote = FALSE)
out$value <- format(out$value, digits = 15, scientific = FALSE, trim = TRUE)
write.csv(out, "survey_replicates.csv", row.names = FALSE, quote = FALSE, na = "")
cat(as.character(packageVersion("survey")), "\n")
