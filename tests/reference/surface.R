# The recipe behind the numbers of test_surface.py. Run: Rscript tests/reference/surface.R
# lm, the delta method by hand (derivatives by D), and the CR1 sandwich by hand.
options(digits = 12)
i <- 1:60
x <- round(2 * sin(1.3 * i), 6); y <- round(x * 0.5 + 1.5 * cos(2.9 * i), 6); g <- rep(1:15, each = 4)
z <- round(3 + 0.4 * x + 0.5 * y - 0.3 * x^2 + 0.5 * x * y - 0.35 * y^2 + 0.8 * sin(7.7 * i), 6)
m <- lm(z ~ x + y + I(x^2) + I(x * y) + I(y^2))
b <- unname(coef(m)); X <- model.matrix(m)
cat("b", b, "\n", "se", sqrt(diag(vcov(m))), "\n", "R2", summary(m)$r.squared, "\n")
s <- rowsum(X * resid(m), g); B <- solve(crossprod(X))
cluster <- 15 / 14 * 59 / 54 * B %*% crossprod(s) %*% B
cat("cluster se", sqrt(diag(cluster)), "\n")
X0 <- quote((b2 * b4 - 2 * b1 * b5) / (4 * b3 * b5 - b4^2))
Y0 <- quote((b1 * b4 - 2 * b2 * b3) / (4 * b3 * b5 - b4^2))
P11 <- quote((b5 - b3 + sqrt((b3 - b5)^2 + b4^2)) / b4)
shapes <- list(a1 = quote(b1 + b2), a2 = quote(b3 + b4 + b5), a3 = quote(b1 - b2), a4 = quote(b3 - b4 + b5),
  a5 = quote(b3 - b5), x0 = X0, y0 = Y0, p10 = bquote(.(Y0) - .(P11) * .(X0)), p11 = P11)
at <- setNames(as.list(b), paste0("b", 0:5))
for (n in names(shapes)) {
  d <- sapply(paste0("b", 0:5), function(k) eval(D(shapes[[n]], k), at))
  cat(n, eval(shapes[[n]], at), sqrt(d %*% vcov(m) %*% d), sqrt(d %*% cluster %*% d), "\n")
}
