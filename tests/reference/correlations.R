# Reference values of correlations of scale means: base R's cor.test, and R's survey under a sampling design:
# svyvar's covariance matrix of the (co)variances, carried to each correlation by the delta method.
# Run from this folder, after survey_replicates.R: Rscript correlations.R
# Writes correlations.csv.
suppressMessages(library(survey))
sample <- read.csv("survey_sample.csv")
names <- c("x1", "x2", "y")
out <- NULL
add <- function(design, lhs, rhs, n, r, se, df, p) {
  out <<- rbind(out, data.frame(design, lhs, rhs, n, r, se, df, p))
}
for (i in 2:3) for (j in seq_len(i - 1)) {
  test <- cor.test(sample[[names[i]]], sample[[names[j]]])
  r <- unname(test$estimate)
  add("classical", names[i], names[j], nrow(sample), r, r / unname(test$statistic), unname(test$parameter), test$p.value)
}
designs <- list(
  weights = svydesign(~ 1, weights = ~ weight, data = sample),
  cluster = svydesign(~ psu, weights = ~ weight, data = sample),
  strata = svydesign(~ psu, strata = ~ stratum, weights = ~ weight, data = sample, nest = TRUE),
  fpc = svydesign(~ psu, strata = ~ region, fpc = ~ population, data = sample)
)
for (label in c("weights", "cluster", "strata", "fpc")) {
  design <- designs[[label]]
  for (i in 2:3) for (j in seq_len(i - 1)) {
    found <- svyvar(as.formula(paste("~", names[i], "+", names[j])), design)
    S <- matrix(as.numeric(found), 2)
    V <- attr(found, "var")   # of s11, s21, s12, s22
    r <- S[2, 1] / sqrt(S[1, 1] * S[2, 2])
    gradient <- c(-r / (2 * S[1, 1]), 1 / sqrt(S[1, 1] * S[2, 2]), 0, -r / (2 * S[2, 2]))
    se <- sqrt(as.numeric(gradient %*% V %*% gradient))
    df <- degf(design)
    add(label, names[i], names[j], nrow(sample), r, se, df, 2 * pt(-abs(r) / se, df))
  }
}
write.csv(format(out, digits = 12, trim = TRUE), "correlations.csv", row.names = FALSE, quote = FALSE)
