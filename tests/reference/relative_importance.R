# LMG by brute force: lm() in every order of entering, on R's own data set swiss (Groemping, 2006, uses it), and
# in every order of two blocks. Tests of a block of predictors: anova(), and Wald with HC3 and cluster covariances
# written out from hatvalues() and estfun-like sums. Writes relative_importance*.csv beside this script.
orders <- function(v) {
  if (length(v) < 2) return(list(v))
  out <- list()
  for (i in seq_along(v)) for (rest in orders(v[-i])) out[[length(out) + 1]] <- c(v[i], rest)
  out
}
r2 <- function(players, data) {
  if (!length(players)) return(0)
  summary(lm(reformulate(unlist(players), "Fertility"), data))$r.squared
}
lmg <- function(players, data) {
  all <- orders(names(players))
  gain <- setNames(numeric(length(players)), names(players))
  for (one in all) for (k in seq_along(one))
    gain[one[k]] <- gain[one[k]] + r2(players[one[1:k]], data) - r2(players[one[seq_len(k - 1)]], data)
  gain / length(all)
}
predictors <- setdiff(names(swiss), "Fertility")
single <- lmg(setNames(as.list(predictors), predictors), swiss)
blocks <- list(
  Agriculture = "Agriculture", schooling = c("Examination", "Education"), Catholic = "Catholic",
  Infant.Mortality = "Infant.Mortality"
)
grouped <- lmg(blocks, swiss)

# i dominates j completely where it adds more to every subset without both
subsets <- function(v) c(list(character()), unlist(lapply(seq_along(v), function(m) combn(v, m, simplify = FALSE)), FALSE))
dominates <- sapply(predictors, function(i) sum(sapply(setdiff(predictors, i), function(j)
  all(sapply(subsets(setdiff(predictors, c(i, j))), function(s)
    r2(c(as.list(s), i), swiss) > r2(c(as.list(s), j), swiss))))))

write.csv(data.frame(
  player = c(names(single), names(grouped)), kind = rep(c("predictor", "block"), c(5, 4)),
  lmg = sprintf("%.12g", c(single, grouped)), dominates = c(dominates, rep(NA, 4))
), "relative_importance.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(swiss, "relative_importance_swiss.csv", row.names = FALSE, quote = FALSE)

# the block Examination + Education over the others
small <- lm(Fertility ~ Agriculture + Catholic + Infant.Mortality, swiss)
large <- update(small, . ~ . + Examination + Education)
classical <- anova(small, large)
X <- model.matrix(large); e <- resid(large); h <- hatvalues(large)
at <- c("Examination", "Education"); n <- nrow(X); k <- ncol(X) - 1
bread <- solve(crossprod(X))
wald <- function(V) drop(t(coef(large)[at]) %*% solve(V[at, at]) %*% coef(large)[at]) / length(at)
hc3 <- bread %*% crossprod(X * (e / (1 - h))) %*% bread
cluster <- rep(1:12, length.out = n)
sums <- rowsum(X * e, cluster)
G <- nrow(sums)
cl <- bread %*% crossprod(sums) %*% bread * G / (G - 1) * (n - 1) / (n - k - 1)
f <- c(classical$F[2], wald(hc3), wald(cl))
df2 <- c(n - k - 1, n - k - 1, G - 1)
write.csv(data.frame(
  se = c("classical", "HC3", "cluster"), f = sprintf("%.12g", f), df1 = 2, df2 = df2,
  pvalue = sprintf("%.12g", pf(f, 2, df2, lower.tail = FALSE)),
  delta_r2 = sprintf("%.12g", summary(large)$r.squared - summary(small)$r.squared)
), "relative_importance_tests.csv", row.names = FALSE, quote = FALSE)
