# Reference values of measurement quality: lavaan for omega and AVE as defined parameters, closed forms in base R.
# Run from this folder: Rscript quality.R
suppressMessages(library(lavaan))
out <- NULL
add <- function(data, quantity, name, value) {
  out <<- rbind(out, data.frame(data = data, quantity = quantity, name = name, value = as.numeric(value)))
}
hs <- list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))
bfi <- read.csv("../../../shared/data/bfi/bfi.csv")
keys <- list(A = paste0("A", 1:5), C = paste0("C", 1:5), E = paste0("E", 1:5), N = paste0("N", 1:5), O = paste0("O", 1:5))
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) bfi[[item]] <- 7 - bfi[[item]]
bfi <- na.omit(bfi[unlist(keys)])

# alpha, alpha if an item is dropped, item-rest correlations: by row sums, not by matrices
alpha <- function(x) { k <- ncol(x); k / (k - 1) * (1 - sum(sapply(x, var)) / var(rowSums(x))) }
classic <- function(data, x, construct) {
  add(data, "alpha", construct, alpha(x))
  for (item in names(x)) {
    rest <- x[setdiff(names(x), item)]
    add(data, "item_rest", item, cor(x[[item]], rowSums(rest)))
    add(data, "alpha_if_dropped", item, alpha(rest))
  }
}
# HTMT and HTMT2 as in their definitions (semTools::htmt, absolute correlations)
ratios <- function(data, x, scales) {
  R <- abs(cor(x))
  for (j in seq_along(scales)[-1]) for (i in seq_len(j - 1)) {
    a <- scales[[i]]; b <- scales[[j]]
    within <- function(v) R[v, v][lower.tri(R[v, v])]
    pair <- paste(names(scales)[i], names(scales)[j])
    add(data, "htmt", pair, mean(R[a, b]) / sqrt(mean(within(a)) * mean(within(b))))
    geo <- function(v) exp(mean(log(v)))
    add(data, "htmt2", pair, geo(R[a, b]) / sqrt(geo(within(a)) * geo(within(b))))
  }
}
for (case in list(list("holzinger", HolzingerSwineford1939, hs), list("bfi", bfi, keys))) {
  for (construct in names(case[[3]])) classic(case[[1]], case[[2]][case[[3]][[construct]]], construct)
  ratios(case[[1]], case[[2]][unlist(case[[3]])], case[[3]])
}

# omega and AVE with their delta-method standard errors; a residual covariance counts in omega
model <- "
visual =~ x1 + l2*x2 + l3*x3
textual =~ x4 + l5*x5 + l6*x6
speed =~ x7 + l8*x8 + l9*x9
x1 ~~ e1*x1
x2 ~~ e2*x2
x3 ~~ e3*x3
x7 ~~ e7*x7
x8 ~~ e8*x8
x9 ~~ e9*x9
x7 ~~ c*x8
visual ~~ v*visual
speed ~~ s*speed
omega_visual := (1 + l2 + l3)^2*v / ((1 + l2 + l3)^2*v + e1 + e2 + e3)
ave_visual := (1 + l2^2 + l3^2)*v / ((1 + l2^2 + l3^2)*v + e1 + e2 + e3)
omega_speed := (1 + l8 + l9)^2*s / ((1 + l8 + l9)^2*s + e7 + e8 + e9 + 2*c)
ave_speed := (1 + l8^2 + l9^2)*s / ((1 + l8^2 + l9^2)*s + e7 + e8 + e9)
"
fit <- cfa(model, HolzingerSwineford1939)
found <- subset(parameterEstimates(fit), op == ":=")
for (i in seq_len(nrow(found))) {
  add("holzinger_c", "defined", found$lhs[i], found$est[i])
  add("holzinger_c", "defined_ci_lower", found$lhs[i], found$ci.lower[i])
  add("holzinger_c", "defined_ci_upper", found$lhs[i], found$ci.upper[i])
}

# one-way analysis of variance with unequal units
likeness <- function(data, name, y, unit) {
  keep <- !is.na(y)
  y <- y[keep]; unit <- factor(unit[keep])
  ms <- summary(aov(y ~ unit))[[1]][["Mean Sq"]]
  n <- table(unit)
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  icc <- (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2])
  add(data, "icc1", name, icc)
  add(data, "icc2", name, 1 - ms[2] / ms[1])
  add(data, "design_effect", name, 1 + (sum(n^2) / sum(n) - 1) * max(icc, 0))
}
army <- read.csv("../../../shared/data/army_bh1996/bh1996.csv")
for (name in c("COHES", "LEAD", "HRS", "WBEING")) likeness("bh1996", name, army[[name]], army$GRP)
likeness("holzinger_full", "x1", HolzingerSwineford1939$x1, HolzingerSwineford1939$school)

# reliability of a sum of ordered items: Green & Yang (2009, eq. 21), and alpha of polychoric correlations
five <- as.data.frame(lapply(HolzingerSwineford1939[paste0("x", 1:9)], function(v) {
  z <- as.numeric(scale(v))
  1 + rowSums(outer(z, c(-1.2, -0.4, 0.5, 1.3), ">"))
}))
ordinal <- cfa(paste(sapply(names(hs), function(f) paste(f, "=~", paste(hs[[f]], collapse = "+"))), collapse = "\n"),
               five, ordered = names(five), std.lv = TRUE)
est <- lavInspect(ordinal, "est")
tau <- lapply(names(five), function(item) as.numeric(est$tau[grep(paste0("^", item, "\\|"), rownames(est$tau)), 1]))
names(tau) <- names(five)
implied <- fitted(ordinal)$cov
phi2 <- function(a, b, r) if (r > 1 - 1e-12) pnorm(min(a, b)) else pbivnorm::pbivnorm(a, b, r)
share <- function(i, j, r) {
  both <- 0
  for (a in tau[[i]]) for (b in tau[[j]]) both <- both + phi2(a, b, r)
  both - sum(pnorm(tau[[i]])) * sum(pnorm(tau[[j]]))
}
for (construct in names(hs)) {
  items <- hs[[construct]]
  load <- est$lambda[items, construct]
  common <- total <- 0
  for (i in seq_along(items)) for (j in seq_along(items)) {
    common <- common + share(items[i], items[j], load[i] * load[j])
    total <- total + share(items[i], items[j], if (i == j) 1 else implied[items[i], items[j]])
  }
  add("hs5", "omega_ordinal", construct, common / total)
  R <- lavInspect(ordinal, "sampstat")$cov[items, items]
  k <- length(items)
  add("hs5", "alpha_ordinal", construct, k / (k - 1) * (1 - k / sum(R)))
}
write.csv(transform(out, value = signif(value, 11)), "quality.csv", row.names = FALSE)
cat(as.character(packageVersion("lavaan")), nrow(out), "\n")
