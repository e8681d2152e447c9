# Writes golden_metafor.csv and golden_bayes.csv: what R makes of the same areas. See README.md.
#
#   Rscript tests/scenarios/r_sae/golden.R tests/scenarios/r_sae [folder to write to]
#
# Shares no code with analysis/. REML and its EBLUPs come from metafor. The posterior is integrated by R's
# own adaptive quadrature (integrate), over log A, with whole matrices.

suppressPackageStartupMessages(library(metafor))
options(digits = 15)
arguments <- commandArgs(trailingOnly = TRUE)
inputs <- arguments[1]
outputs <- if (length(arguments) > 1) arguments[2] else inputs
cases <- c("milk", "wide", "few", "flat")

row <- function(case, what, name, value)
  data.frame(case = case, what = what, name = name, value = sprintf("%.15g", value))

by_metafor <- function(case, data) {
  x <- as.matrix(data[grep("^x", names(data))])
  fit <- rma(yi = data$y, vi = data$d, mods = x, method = "REML",
             control = list(threshold = 1e-14, maxiter = 1000, tau2.min = 0))
  values <- blup(fit)$pred
  rbind(row(case, "a", "", fit$tau2),
        row(case, "beta", seq_along(fit$beta), as.numeric(fit$beta)),
        row(case, "beta_se", seq_along(fit$se), fit$se),
        row(case, "eblup", data$area, as.numeric(values)))
}

by_quadrature <- function(case, data) {
  y <- data$y; d <- data$d
  x <- cbind(1, as.matrix(data[grep("^x", names(data))]))
  given <- function(a) {
    vi <- diag(1 / (a + d))
    information <- t(x) %*% vi %*% x
    q <- solve(information)
    b <- q %*% t(x) %*% vi %*% y
    r <- y - x %*% b
    gamma <- a / (a + d)
    list(log = -0.5 * (sum(log(a + d)) + as.numeric(determinant(information)$modulus) + as.numeric(t(r) %*% vi %*% r)),
         mean = as.numeric(gamma * y + (1 - gamma) * (x %*% b)),
         variance = gamma * d + (1 - gamma)^2 * diag(x %*% q %*% t(x)))
  }
  # t = log A; the Jacobian is A. Heavy tails are followed to where nothing is left.
  log_density <- function(t) given(exp(t))$log + t
  at <- seq(-25, 40, by = 0.05)
  seen <- vapply(at, log_density, 0)
  top <- max(seen)
  kept <- at[seen > top - 45]
  pieces <- seq(min(kept), max(kept), length.out = 13)
  # Gauss-Kronrod points of every piece are met again and again: keep what was worked out.
  known <- new.env()
  lookup <- function(t) {
    key <- sprintf("%.17g", t)
    if (is.null(known[[key]])) known[[key]] <- given(exp(t))
    known[[key]]
  }
  over <- function(f) sum(vapply(seq_len(12), function(i) integrate(
    function(ts) vapply(ts, function(t) { g <- lookup(t); f(g) * exp(g$log + t - top) }, 0),
    pieces[i], pieces[i + 1], rel.tol = 1e-11, abs.tol = 1e-15, subdivisions = 1000)$value, 0))
  total <- over(function(g) 1)
  found <- lapply(seq_along(y), function(i) {
    mean <- over(function(g) g$mean[i]) / total
    second <- over(function(g) g$variance[i] + (g$mean[i] - mean)^2) / total
    quantile <- function(share) uniroot(
      function(v) over(function(g) pnorm(v, g$mean[i], sqrt(g$variance[i]))) / total - share,
      mean + c(-1, 1) * 8 * sqrt(second), tol = 1e-11)$root
    rbind(row(case, "mean", data$area[i], mean), row(case, "sd", data$area[i], sqrt(second)),
          row(case, "lower", data$area[i], quantile(0.025)), row(case, "upper", data$area[i], quantile(0.975)))
  })
  do.call(rbind, found)
}

read <- function(case) read.csv(file.path(inputs, paste0(case, ".csv")), colClasses = c(area = "character"))
write <- function(rows, name) write.csv(do.call(rbind, rows), file.path(outputs, name), row.names = FALSE, quote = FALSE)
write(lapply(cases, function(case) by_metafor(case, read(case))), "golden_metafor.csv")
write(lapply(cases, function(case) by_quadrature(case, read(case))), "golden_bayes.csv")
writeLines(c(R.version.string, paste("metafor", packageVersion("metafor"))), file.path(outputs, "versions.txt"))
