# Ways of answering set side by side, by R's survey package. See README.md.
#
#   Rscript tests/scenarios/r_modes/golden.R tests/scenarios/r_modes [folder to write to]

suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
here <- arguments[1]
out <- if (length(arguments) > 1) arguments[2] else here

rows <- read.csv(file.path(here, "responses.csv"), na.strings = "", stringsAsFactors = FALSE)
rows$age[is.na(rows$age)] <- "not stated"
rows$district <- ifelse(substr(rows$area, 1, 1) == "N", "North", "South")

# Every mode to the same population; those who did not tell their age keep their share.
weighted <- function(of) {
  n <- nrow(of)
  untold <- sum(of$age == "not stated")
  age <- data.frame(age = c("young", "old", "not stated"), Freq = c(0.6 * (n - untold), 0.4 * (n - untold), untold))
  district <- data.frame(district = c("North", "South"), Freq = c(n / 2, n / 2))
  start <- suppressWarnings(svydesign(ids = ~1, data = of))
  raked <- rake(start, list(~age, ~district), list(age, district), control = list(maxit = 1000, epsilon = 1e-10))
  of$w <- weights(raked)
  svydesign(ids = ~1, weights = ~w, data = of)
}

figures <- list()
for (mode in c("web", "paper", "assisted")) {
  design <- weighted(rows[rows$mode == mode, ])
  life <- svymean(~life, subset(design, !is.na(life)))
  cold <- svymean(~I(as.numeric(warm == 2)), subset(design, warm != 3))
  for (each in list(list("satisfied", life, 1), list("cold", cold, 100))) {
    figures[[length(figures) + 1]] <- data.frame(
      indicator = each[[1]], mode = mode, value = each[[3]] * coef(each[[2]])[[1]], se = each[[3]] * SE(each[[2]])[[1]]
    )
  }
}
found <- do.call(rbind, figures)
web <- found[found$mode == "web", ]
against <- web[match(found$indicator, web$indicator), ]
found$difference <- found$value - against$value
z <- found$difference / sqrt(found$se^2 + against$se^2)
found$p <- 2 * pnorm(-abs(z))
found[found$mode == "web", c("difference", "p")] <- NA
found$q <- p.adjust(found$p, method = "BH")
write.csv(format(found, digits = 15, trim = TRUE), file.path(out, "golden.csv"), row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))), file.path(out, "versions.txt"))
