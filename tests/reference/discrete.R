# Reference values of regressions of answers in categories: glm for yes or no, MASS::polr for ordered ones.
# Run from this folder: Rscript discrete.R
suppressMessages(library(MASS))
n <- 240
i <- seq_len(n)
x <- round(3 + 1.2 * sin(1.7 * i), 1)
w <- (i * 7) %% 3 == 0
z <- 0.7 * x - 0.5 * w - 2 + 1.6 * cos(2.3 * i + 0.1 * i^2)
data <- data.frame(x = x, w = as.numeric(w), yes = as.numeric(z > 0), item = findInterval(z, c(-1.5, -0.4, 0.6, 1.5)) + 1)
write.csv(data, "discrete_data.csv", row.names = FALSE, quote = FALSE)
out <- NULL
add <- function(family, values) {
  out <<- rbind(out, data.frame(family = family, name = names(values), value = unname(values)))
}
control <- glm.control(epsilon = 1e-14, maxit = 100)
for (link in c("probit", "logit")) add(link, coef(glm(yes ~ x + w, binomial(link), data, control = control)))
fit <- polr(factor(item) ~ x + w, data, method = "probit", control = list(reltol = 1e-15, maxit = 1000))
add("ordered", c(coef(fit), fit$zeta))
write.csv(out, "discrete.csv", row.names = FALSE, quote = FALSE)
