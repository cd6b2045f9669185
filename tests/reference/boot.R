# Reference values of bootstrap intervals and p-values: R's boot (Canty & Ripley) on one fixed set of replicates.
# Run from this folder: Rscript boot.R
suppressMessages(library(boot))
RNGversion("3.6.0")
set.seed(2024)
# a correlation, an indirect effect, a variance and a mean of 32 cars, 999 resamples
quantities <- function(data, rows) {
  d <- data[rows, ]
  a <- coef(lm(wt ~ disp, d))[["disp"]]
  b <- coef(lm(mpg ~ disp + wt, d))[["wt"]]
  c(correlation = cor(d$mpg, d$wt), indirect = 100 * a * b, variance = var(d$hp) / 1000, mean = mean(d$qsec))
}
done <- boot(mtcars, quantities, R = 999)
t <- round(done$t, 8)
t0 <- done$t0
write.csv(setNames(as.data.frame(t), names(t0)), "boot_replicates.csv", row.names = FALSE)

L <- sapply(seq_along(t0), function(j) empinf(done, index = j, t = done$t[, j]))
a <- colSums(L^3) / (6 * colSums(L^2)^1.5)
slot <- c(percentile = "percent", basic = "basic", bca = "bca")
type <- c(percentile = "perc", basic = "basic", bca = "bca")
# one row of boot.ci: level, ranks of the two order statistics, lower, upper
limits <- function(kind, j, level) {
  suppressWarnings(boot.ci(done, conf = level, type = type[[kind]], t0 = t0[[j]], t = t[, j], L = L[, j]))[[slot[[kind]]]][1, ]
}
# boot interpolates between order statistics on normal scores; quantile's type 6 does it linearly
linear <- function(kind, j, level) {
  tail <- c(1 - level, 1 + level) / 2
  w <- qnorm(mean(t[, j] < t0[[j]]))
  if (kind == "bca") tail <- pnorm(w + (w + qnorm(tail)) / (1 - a[j] * (w + qnorm(tail))))
  q <- quantile(t[, j], tail, type = 6, names = FALSE)
  if (kind == "basic") 2 * t0[[j]] - rev(q) else q
}
intervals <- pvalues <- NULL
for (kind in names(type)) for (j in seq_along(t0)) {
  for (level in c(0.8, 0.9, 0.95, 0.99)) {
    found <- limits(kind, j, level)
    plain <- linear(kind, j, level)
    intervals <- rbind(intervals, data.frame(
      quantity = names(t0)[j], kind, level, estimate = t0[[j]], acceleration = a[j], lower = found[4], upper = found[5],
      lower_linear = plain[1], upper_linear = plain[2]))
  }
  # the level at which a limit of boot.ci is an order statistic: there both ways of interpolating agree
  for (rank in c(5, 20, 100, 250, 800, 950, 990)) {
    null <- sort(t[, j])[rank]
    # of two equal replicates either rank is a root: no one p-value to compare with
    if (sum(t[, j] == null) > 1) next
    if (kind == "basic") null <- 2 * t0[[j]] - null
    miss <- function(log_p, side) limits(kind, j, 1 - exp(log_p))[[3 + side]] - null
    for (side in 1:2) {
      ends <- c(miss(log(1e-3), side), miss(log(0.999), side))
      if (prod(sign(ends)) >= 0) next
      p <- exp(uniroot(miss, log(c(1e-3, 0.999)), side = side, tol = 1e-13)$root)
      pvalues <- rbind(pvalues, data.frame(
        quantity = names(t0)[j], kind, null, estimate = t0[[j]], acceleration = a[j], pvalue = p))
    }
  }
}
write.csv(format(intervals, digits = 15, trim = TRUE), "boot_intervals.csv", row.names = FALSE, quote = FALSE)
write.csv(format(pvalues, digits = 15, trim = TRUE), "boot_pvalues.csv", row.names = FALSE, quote = FALSE)
