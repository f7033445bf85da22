# Indices of change on the HAM-D table of test_change_methods.py, in base R from the formulae; prints what the test holds.
pairs <- "25,13 15,11 28,4 30,25 21,9 26,17 31,15 21,2 27,8 28,7 23,13 24,30 28,9 26,8 27,14 32,27 27,20 25,28 28,14 25,24 22,10 24,18 24,22 21,8 18,20 27,2 25,13 27,18 22,2 23,16 25,16 25,24 26,8 22,6 24,22 23,20 26,18 28,24 24,9 21,25"
m <- do.call(rbind, lapply(strsplit(strsplit(pairs, " ")[[1]], ","), as.numeric))
pre <- m[, 1]; post <- m[, 2]; r <- .8; S <- sd(pre); M <- mean(pre); se <- S * sqrt(1 - r)
show <- function(name, x) cat(name, sprintf("%.7f", x), "\n")
show("gln", (((post - M) - r * (pre - M)) / (S * sqrt(1 - r^2)))[1:3])
show("hll", (((post - 12) - r * (pre - M)) / (S * sqrt(1 - r^2)))[1:3])
en <- post - (r * (pre - M) + M)
show("en", (en / se)[1:3])
show("nk", (en / sqrt(r^2 * S^2 * (1 - r) + S^2 * (1 - .7)))[1:3])
r1 <- (var(pre) - se^2) / var(pre); r2 <- (var(post) - se^2) / var(post)
rdd <- (var(pre) * r1 + var(post) * r2 - 2 * cov(pre, post)) / (var(pre) + var(post) - 2 * cov(pre, post))
ha <- ((post - pre) * rdd + (mean(post) - M) * (1 - rdd)) / (sqrt(rdd) * sqrt(2) * se)
show("rdd", rdd); show("ha", ha[1:3])
cut <- (S * 8 + 8 * M) / (S + 8)
passed <- (mean(post) + (post - mean(post)) * r2 - cut) / (sqrt(r2) * se) < -1.65
cat("ha counts", sum(ha < -1.65 & pre >= cut & passed), sum(ha < -1.65 & !(pre >= cut & passed)), sum(abs(ha) <= 1.65), sum(ha > 1.65), "\n")
