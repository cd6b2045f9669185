# Every rung of a beta passport by lavaan and lm: Rscript passport.R, in this folder.
# 900 respondents: four scales of answers in five categories, a yes/no outcome, a control, weights.
suppressMessages(library(lavaan))
set.seed(20261121)
n <- 900
f <- matrix(rnorm(3 * n), n) %*% chol(matrix(c(1, .5, .3, .5, 1, .4, .3, .4, 1), 3))
age <- 0.2 * f[, 1] + rnorm(n)
y <- 0.3 * f[, 1] + 0.2 * f[, 2] + 0.1 * f[, 3] - 0.15 * age + rnorm(n, sd = .8)
items <- function(t, loadings) sapply(loadings, function(l) l * t + sqrt(1 - l^2) * rnorm(n))
cut5 <- function(x, at = c(-1.6, -0.8, 0.1, 1.1)) findInterval(x, at) + 1
cut_all <- function(m) apply(m, 2, cut5)
d <- data.frame(
  cut_all(items(f[, 1], c(.8, .7, .6))), cut_all(items(f[, 2], c(.75, .65))), cut_all(items(f[, 3], c(.7, .7, .5, .6))),
  cut_all(items(as.numeric(scale(y)), c(.8, .75, .7)))
)
names(d) <- c(paste0("a", 1:3), paste0("b", 1:2), paste0("c", 1:4), paste0("y", 1:3))
d$leave <- as.integer(-0.5 * scale(y) + rnorm(n) > 0.8)
d$age <- round(45 + 10 * age)
d$w <- round(exp(rnorm(n, sd = .4)), 3)
# some blanks: rungs stand on other rows
d$a3[sample(n, 40)] <- NA
d$y2[sample(n, 30)] <- NA
write.csv(d, "passport_data.csv", row.names = FALSE, quote = FALSE, na = "")

scales <- list(A = paste0("a", 1:3), B = paste0("b", 1:2), C = paste0("c", 1:4), Y = paste0("y", 1:3))
# a scale mean takes half of its items, rounded up
score <- function(x, items) {
  part <- x[, items, drop = FALSE]
  m <- rowMeans(part, na.rm = TRUE)
  m[rowSums(!is.na(part)) < ceiling(length(items) / 2)] <- NA
  m
}
scored <- function(x) {
  s <- data.frame(lapply(scales, function(items) score(x, items)))
  cbind(s, leave = x$leave, age = x$age, w = x$w)
}
betas <- function(S, predictors, outcome) {
  b <- solve(S[predictors, predictors], S[predictors, outcome])
  b * sqrt(diag(S)[predictors] / S[outcome, outcome])
}
cov_w <- function(x, w) cov.wt(as.matrix(x), wt = w / sum(w), method = "ML")$cov
out <- NULL
add <- function(case, rung, outcome, values) {
  out <<- rbind(out, data.frame(case, rung, lhs = outcome, rhs = names(values), std = unname(values)))
}
lm_betas <- function(case, rung, s, outcome, predictors, w) {
  s <- s[complete.cases(s[, c(outcome, predictors)]), ]
  # a name of its own: lm looks for weights among the columns first
  s$counted <- if (is.null(w)) 1 else s[[w]]
  S <- cov_w(s[, c(predictors, outcome)], s$counted)
  fit <- lm(reformulate(predictors, outcome), data = s, weights = counted)
  b <- coef(fit)[predictors] * sqrt(diag(S)[predictors] / S[outcome, outcome])
  add(case, rung, outcome, b)
}
full <- d[complete.cases(d[, c(unlist(scales), "leave")]), ]
full_age <- d[complete.cases(d[, c(unlist(scales), "age")]), ]
measurement <- paste(names(scales), "=~", sapply(scales, paste, collapse = " + "))

# plain: Y and leave on A, B, C
P <- c("A", "B", "C")
model <- c(measurement, "Y ~ A + B + C", "leave ~ A + B + C")
std <- function(fit, outcome, predictors) {
  s <- standardizedSolution(fit, se = FALSE)
  s <- s[s$op == "~" & s$lhs == outcome, ]
  setNames(s$est.std[match(predictors, s$rhs)], predictors)
}
omega <- function(fit, name) {
  e <- inspect(fit, "est")
  l <- e$lambda[scales[[name]], name]
  psi <- inspect(fit, "cov.lv")[name, name]
  common <- sum(l)^2 * psi
  common / (common + sum(diag(e$theta)[scales[[name]]]))
}
corrected <- function(case, fit, x, w, outcome, predictors) {
  s <- scored(x)
  w <- if (is.null(w)) rep(1, nrow(s)) else s[[w]]
  S <- cov_w(s[, c(predictors, outcome)], w)
  for (name in intersect(names(scales), c(predictors, outcome))) S[name, name] <- S[name, name] * omega(fit, name)
  add(case, "corrected", outcome, betas(S, predictors, outcome))
}
fit <- sem(model, full, meanstructure = TRUE)
for (outcome in c("Y", "leave")) {
  lm_betas("plain", "ols", scored(d), outcome, P, NULL)
  lm_betas("plain", "rows", scored(full), outcome, P, NULL)
  corrected("plain", fit, full, NULL, outcome, P)
  add("plain", "sem", outcome, std(fit, outcome, P))
}
ordinal <- sem(model, full, ordered = c(unlist(scales), "leave"), estimator = "WLSMV")
for (outcome in c("Y", "leave")) add("plain", "ordinal", outcome, std(ordinal, outcome, P))
for (name in names(scales)) {
  S <- cov(full[, scales[[name]]])
  k <- ncol(S)
  add("plain", "alpha", name, c(alpha = k / (k - 1) * (1 - sum(diag(S)) / sum(S))))
  add("plain", "omega", name, c(omega = omega(fit, name)))
}

# weighted, with a control
Q <- c(P, "age")
s <- scored(d)
lm_betas("weighted", "ols_unweighted", s, "Y", P, NULL)
lm_betas("weighted", "ols", s, "Y", P, "w")
lm_betas("weighted", "rows", scored(full_age), "Y", P, "w")
lm_betas("weighted", "predictors", scored(full_age), "Y", Q, "w")
fit <- sem(c(measurement, "Y ~ A + B + C + age"), full_age, sampling.weights = "w", estimator = "MLR")
corrected("weighted", fit, full_age, "w", "Y", Q)
add("weighted", "sem", "Y", std(fit, "Y", Q))

# rows with blanks too
blanks <- sem(c(measurement, "Y ~ A + B + C"), d, missing = "fiml")
add("blanks", "full_information", "Y", std(blanks, "Y", P))
whole <- sem(c(measurement, "Y ~ A + B + C"), d[complete.cases(d[, unlist(scales)]), ])
add("blanks", "sem", "Y", std(whole, "Y", P))
out$std <- format(out$std, digits = 10)
write.csv(out, "passport.csv", row.names = FALSE, quote = FALSE)
