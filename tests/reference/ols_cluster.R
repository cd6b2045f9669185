# Standard errors, degrees of freedom and joint tests of regressions by cluster: clubSandwich 0.5.8 (CR2, Satterthwaite,
# HTZ), sandwich 3.0-2 (vcovCL, vcovHC). Run in this folder: Rscript ols_cluster.R
# A sample of unequal clusters, few of them treated, goes to ols_cluster_data.csv; ols_cluster.csv has what R says of it.
suppressMessages({library(clubSandwich); library(sandwich)})
set.seed(41)
sizes <- c(3, 4, 5, 5, 6, 8, 9, 11, 14, 18, 25, 40, 62)
g <- rep(seq_along(sizes), sizes)
n <- length(g)
d <- data.frame(
  org = g, treat = as.numeric(g %in% c(2, 7, 11)), alone = as.numeric(g == 10),
  x = rnorm(n) + .6 * rnorm(13)[g], z = rnorm(n), weight = round(runif(n, .4, 2.2), 2))
d$y <- .3 * d$x - .2 * d$z + .2 * d$treat + .5 * rnorm(13)[g] + rnorm(n) * (1 + .4 * abs(d$x))
d <- d[sample(n), ]
write.csv(transform(d, x = round(x, 4), z = round(z, 4), y = round(y, 4)), "ols_cluster_data.csv", row.names = FALSE,
          quote = FALSE)
d <- read.csv("ols_cluster_data.csv")
rows <- NULL
put <- function(case, what, name, value) {
  rows <<- rbind(rows, data.frame(case, what, name, value = format(value, digits = 12, scientific = FALSE, trim = TRUE)))
}
formulas <- list(main = y ~ treat + x + z, alone = y ~ alone + x + z)
for (model in names(formulas)) for (weighted in c(FALSE, TRUE)) {
  case <- paste0(model, if (weighted) "_weighted" else "")
  fit <- if (weighted) lm(formulas[[model]], d, weights = weight) else lm(formulas[[model]], d)
  V <- vcovCR(fit, cluster = d$org, type = "CR2")
  tests <- as.data.frame(coef_test(fit, V, test = "Satterthwaite"))
  for (name in names(coef(fit))) {
    at <- match(name, names(coef(fit)))
    put(case, "cr2_se", name, tests$SE[at]); put(case, "cr2_df", name, tests[["df_Satt"]][at])
    put(case, "cr2_p", name, tests[["p_Satt"]][at])
  }
  for (block in c("all", "x+z")) {
    at <- if (block == "all") 2:4 else 3:4
    test <- Wald_test(fit, constrain_zero(at), V, test = "HTZ")
    put(case, "htz_f", block, test$Fstat); put(case, "htz_df2", block, test$df_denom); put(case, "htz_p", block, test$p_val)
  }
  if (model == "main") for (kind in c("cluster", "HC3")) {
    S <- if (kind == "cluster") vcovCL(fit, cluster = d$org, type = "HC1") else vcovHC(fit, type = "HC3")
    b <- coef(fit)[2:4]
    f <- drop(b %*% solve(S[2:4, 2:4], b)) / 3
    df2 <- if (kind == "cluster") 12 else n - 4
    put(case, "f", kind, f); put(case, "f_p", kind, pf(f, 3, df2, lower.tail = FALSE))
    if (kind == "cluster") # the effective degrees of freedom of an ordinary regression by cluster: those of CR1
      for (name in names(coef(fit)))
        put(case, "cr1_df", name, as.data.frame(coef_test(fit, vcovCR(fit, cluster = d$org, type = "CR1S"),
          test = "Satterthwaite"))[["df_Satt"]][match(name, names(coef(fit)))])
  }
}
write.csv(rows, "ols_cluster.csv", row.names = FALSE, quote = FALSE)
