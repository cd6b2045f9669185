# Reference values of joint tests and bifactor indices: lavaan 0.6-14 and base R. Run in this folder: Rscript blocks.R
# A sample from a known bifactor population goes to blocks_data.csv; blocks.csv has what lavaan and lm say of it.
library(lavaan)
set.seed(2016)
general <- c(.70, .65, .60, .55, .70, .60, .65, .50, .60)
own <- c(.45, .50, .40, .50, .40, .55, .35, .60, .45)
Lambda <- cbind(general, diag(3)[rep(1:3, each = 3), ] * own)
Sigma <- Lambda %*% t(Lambda)
diag(Sigma) <- 1
n <- 800
X <- matrix(rnorm(n * 9), n) %*% chol(Sigma)
colnames(X) <- paste0("x", 1:9)
data <- as.data.frame(X)
data$y1 <- as.numeric(X %*% c(.3, .1, 0, .1, .2, 0, 0, .05, .1) + rnorm(n))
data$y2 <- data$y1 + rnorm(n)
data$team <- rep(1:40, each = 20)
write.csv(round(data, 4), "blocks_data.csv", row.names = FALSE, quote = FALSE)
data <- read.csv("blocks_data.csv")
rows <- list()
put <- function(what, name, value) rows[[length(rows) + 1]] <<- data.frame(what, name, value)

# bifactor: indices from lavaan's standardised solution, summed factor by factor
factors <- list(s1 = 1:3, s2 = 4:6, s3 = 7:9)
bifactor <- paste(
  "g =~", paste(paste0("x", 1:9), collapse = " + "),
  "\n s1 =~ x1 + x2 + x3 \n s2 =~ x4 + x5 + x6 \n s3 =~ x7 + x8 + x9")
fit <- cfa(bifactor, data, std.lv = TRUE, orthogonal = TRUE)
std <- inspect(fit, "std")
put("bifactor", "chisq", fitMeasures(fit, "chisq"))
L <- std$lambda; theta <- diag(std$theta)
variance <- sum(L[, "g"])^2 + sum(sapply(names(factors), function(f) sum(L[, f])^2)) + sum(theta)
put("bifactor", "g.omega", 1 - sum(theta) / variance)
put("bifactor", "g.omega_h", sum(L[, "g"])^2 / variance)
put("bifactor", "g.ecv", sum(L[, "g"]^2) / sum(L^2))
for (f in names(factors)) {
  at <- factors[[f]]
  V <- sum(L[at, "g"])^2 + sum(L[at, f])^2 + sum(theta[at])
  put("bifactor", paste0(f, ".omega"), 1 - sum(theta[at]) / V)
  put("bifactor", paste0(f, ".omega_h"), sum(L[at, f])^2 / V)
  put("bifactor", paste0(f, ".ecv"), sum(L[at, f]^2) / sum(L[at, c("g", f)]^2))
}

# joint test of a block of latent paths: lavTestWald, plain and robust; R2 of lavaan with and without the block
sem_model <- "s1 =~ x1 + x2 + x3 \n s2 =~ x4 + x5 + x6 \n s3 =~ x7 + x8 + x9
  y1 ~ a*s1 + b*s2 + s3 \n y2 ~ c*s1 + d*s2 + s3 + y1"
for (estimator in c("ML", "MLR")) {
  fit <- sem(sem_model, data, estimator = estimator)
  test <- lavTestWald(fit, "a == 0 \n b == 0")
  put(estimator, "wald", test$stat)
  test <- lavTestWald(fit, "c == 0 \n d == 0")
  put(estimator, "wald_y2", test$stat); put(estimator, "pvalue_y2", test$p.value)
}
put("MLR", "r2", inspect(fit, "r2")["y1"])
C <- inspect(fit, "cov.all")
put("MLR", "r2_without", C["y1", "s3"]^2 / C["s3", "s3"] / C["y1", "y1"])

# OLS: classical F of a block; by team with the factor G/(G-1) (n-1)/(n-k-1) and F on (q, G-1)
m <- lm(y1 ~ x1 + x4 + x7 + x9, data); m0 <- lm(y1 ~ x7 + x9, data)
a <- anova(m0, m)
put("ols", "f", a$F[2]); put("ols", "pvalue", a$`Pr(>F)`[2])
put("ols", "delta_r2", summary(m)$r.squared - summary(m0)$r.squared)
D <- model.matrix(m); e <- residuals(m); G <- length(unique(data$team)); k <- ncol(D)
S <- rowsum(D * e, data$team); B <- solve(crossprod(D))
V <- B %*% crossprod(S) %*% B * G / (G - 1) * (n - 1) / (n - k)
b <- coef(m)[2:3]
put("cluster", "wald", drop(t(b) %*% solve(V[2:3, 2:3]) %*% b))
put("cluster", "pvalue", pf(drop(t(b) %*% solve(V[2:3, 2:3]) %*% b) / 2, 2, G - 1, lower.tail = FALSE))
h <- hatvalues(m)
V <- B %*% crossprod(D * (e / (1 - h))) %*% B
put("HC3", "wald", drop(t(b) %*% solve(V[2:3, 2:3]) %*% b))

# nested models on the same data (Satorra & Bentler 2001), and the differences beside it
one <- cfa(paste("g =~", paste(paste0("x", 1:9), collapse = " + ")), data, estimator = "MLR")
three <- cfa("s1 =~ x1 + x2 + x3 \n s2 =~ x4 + x5 + x6 \n s3 =~ x7 + x8 + x9", data, estimator = "MLR")
test <- lavTestLRT(three, one, method = "satorra.bentler.2001")
put("lrt", "delta_chisq", test$`Chisq diff`[2]); put("lrt", "delta_df", test$`Df diff`[2])
put("lrt", "delta_pvalue", test$`Pr(>Chisq)`[2])
put("lrt", "delta_cfi", fitMeasures(one, "cfi.robust") - fitMeasures(three, "cfi.robust"))
put("lrt", "delta_bic", fitMeasures(one, "bic") - fitMeasures(three, "bic"))
write.csv(do.call(rbind, rows), "blocks.csv", row.names = FALSE, quote = FALSE)
