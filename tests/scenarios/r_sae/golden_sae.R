# Writes golden_sae.csv: what R's sae package makes of the same areas. See README.md.
#
#   Rscript golden_sae.R INPUTS [folder with sae's eblupFH.R and mseFH.R, where the package is not installed]

options(digits = 15)
arguments <- commandArgs(trailingOnly = TRUE)
inputs <- arguments[1]
if (length(arguments) > 1) {
  for (name in c("eblupFH.R", "mseFH.R")) source(file.path(arguments[2], name))
} else {
  suppressPackageStartupMessages(library(sae))
}

row <- function(case, what, name, value)
  data.frame(case = case, what = what, name = name, value = sprintf("%.15g", value))

by_sae <- function(case) {
  data <- read.csv(file.path(inputs, paste0(case, ".csv")), colClasses = c(area = "character"))
  data$x <- as.matrix(data[grep("^x", names(data))])
  found <- mseFH(y ~ x, d, method = "REML", MAXITER = 10000, PRECISION = 1e-13, data = data)
  stopifnot(found$est$fit$convergence)
  coefficients <- found$est$fit$estcoef
  rbind(row(case, "a", "", found$est$fit$refvar),
        row(case, "beta", seq_len(nrow(coefficients)), coefficients$beta),
        row(case, "beta_se", seq_len(nrow(coefficients)), coefficients$std.error),
        row(case, "eblup", data$area, as.numeric(found$est$eblup)),
        row(case, "mse", data$area, found$mse))
}

write.csv(do.call(rbind, lapply(c("milk", "wide", "few", "flat"), by_sae)), file.path(inputs, "golden_sae.csv"),
          row.names = FALSE, quote = FALSE)
