# The recipe behind the numbers of test_student.py. Run: Rscript tests/reference/student.R
options(digits = 17)
z <- c(-12, -4.5, -2.9953640785, -1, -0.1, 0, 0.7, 3)
n <- c(4, 6.5, 12, 30, 400)
for (k in n) cat("pt", k, paste(format(pt(z, k), digits = 16), collapse = ", "), "\n")
for (k in n) cat("qt", k, paste(format(qt(c(.0001, .005, .01, .02, .3), k), digits = 16), collapse = ", "), "\n")
for (k in n) cat("dt", k, paste(format(dt(z, k, log = TRUE), digits = 16), collapse = ", "), "\n")
for (x in list(c(0, 10), c(3, 40), c(22, 1000), c(40, 40))) {
  ci <- prop.test(x[1], x[2], correct = FALSE)$conf.int
  cat("wilson", x, format(ci[1], digits = 16), format(ci[2], digits = 16), "\n")
}
# the filter of worked example 7, its log-likelihood with every weight 1
y <- c(47, 49, 48, 50, 51, 50, 52, 44, 49, 52, 53, 52, 47, 45, 46, 51)
m <- 47; C <- 4; S <- 4; n <- 6; q <- .05; total <- 0
for (t in seq_along(y)) {
  R <- if (t == 1) C else C + q
  Q <- R + 1; e <- y[t] - m; sc <- sqrt(S * Q); z <- e / sc
  total <- total + dt(z, n, log = TRUE) - log(sc)
  m <- m + R / (R + 1) * e; C <- R / (R + 1); S <- (n * S + e^2 / Q) / (n + 1); n <- n + 1
}
cat("log-likelihood", format(total, digits = 16), "level", format(m, digits = 16), "variance", format(S, digits = 16), "\n")
# reliable change, worked example 1
x1 <- 32.5; x2 <- 47.5; sd <- 7.5; r <- .80
cat("rc", format((x2 - x1) / (sd * sqrt(2) * sqrt(1 - r)), digits = 16), "\n")
cat("points", format(qnorm(.975) * 10.5 * sqrt(2) * sqrt(1 - .931), digits = 16), "\n")
