# Domain estimates, further statistics, and changes. Sourced by golden.R; see README.md.

# What an answer counts for: bands and shares 1 or 0, a net 1, -1 or 0.
value_of <- function(values, item) {
  y <- switch(item$statistic,
    mean = values,
    median = values,
    proportion = as.numeric(values %in% item$codes),
    band = as.numeric(values >= item$from & values < item$below),
    net = (values %in% item$positive) - (values %in% item$negative)
  )
  y[is.na(values)] <- NA
  y
}

# The interval for a net: the mean's, cut at -1 and 1; where all are alike Wilson's, stretched.
net_interval <- function(y, w, mean, se, kish, most_df) {
  if (kish <= 1 || length(unique(y)) == 1 || most_df < 1) return(2 * wilson((mean + 1) / 2, 0, kish, most_df) - 1)
  ends <- larger_se(y, w, mean, se, kish, most_df)
  c(max(ends[1], -1), min(ends[2], 1))
}

# qrule "math", on rows: the lowest answer with at least a share of the weight at or below it.
quantile_of <- function(y, w, share) {
  rows <- order(y)
  upto <- cumsum(w[rows]) / sum(w)
  at <- which(upto >= share - 1e-12)
  y[rows][if (length(at)) at[1] else length(rows)]
}

# Our interval for a median: the quantiles at the ends of the proportions' interval about one half.
median_interval <- function(y, w, middle, variance, kish, most_df) {
  below <- sum(w[y <= middle]) / sum(w)
  n <- if (variance > 1e-20) min(below * (1 - below) / variance, kish) else kish
  ends <- wilson(0.5, 0.25 / n, kish, most_df)
  c(quantile_of(y, w, ends[1]), quantile_of(y, w, ends[2]))
}

# svyquantile's own numbers. It has none where its interval for the share leaves 0 to 1. Where the first
# person alone holds more than the share asked for, survey 4.1 begins at the second: no golden value.
r_median <- function(part) {
  nothing <- c(estimate = NA, se = NA, woodruff_lower = NA, woodruff_upper = NA)
  y <- part$variables$.y
  if (degf(part) < 1) return(replace(nothing, "estimate", quantile_of(y, weights(part), 0.5)))
  if (length(unique(y)) == 1) return(c(estimate = y[1], se = 0, woodruff_lower = y[1], woodruff_upper = y[1]))
  rows <- order(y)
  first <- if (y[rows][1] == y[rows][2]) 0 else weights(part)[rows][1] / sum(weights(part))
  if (first > 0.5) return(nothing)
  middle <- unclass(svyquantile(~.y, part, 0.5, qrule = "math", ci = FALSE))$.y[[1]]
  share <- confint(svymean(~I(as.numeric(.y <= middle)), part), df = degf(part))
  found <- unclass(svyquantile(~.y, part, 0.5, qrule = "math", interval.type = "mean", ci = TRUE))$.y
  found <- setNames(as.numeric(found)[c(1, 4, 2, 3)], names(nothing))
  found[is.nan(found)] <- NA
  if (share[1] < first) found[c("se", "woodruff_lower")] <- NA
  if (share[2] < first) found["woodruff_upper"] <- NA
  found
}

# One row: the estimate and standard error are given by svymean and svyby; the rest is worked out.
domain_figure <- function(design, here, item, estimate, se, jackknife_se) {
  w <- weights(design, "sampling")[here]
  y <- design$variables$.y[here]
  part <- design[here, ]
  clustered <- nrow(unique(design$cluster)) < nrow(design)
  clusters <- if (clustered) length(unique(design$cluster[here, 1])) else NA
  most_df <- if (clustered) clusters - 1 else Inf
  kish <- sum(w)^2 / sum(w^2)
  row <- data.frame(
    n = sum(here), effective_n = kish, estimate = estimate, se = se, lower = NA, upper = NA,
    weighted_n = sum(w), logit_lower = NA, logit_upper = NA, clusters = clusters,
    woodruff_lower = NA, woodruff_upper = NA, jackknife_se = jackknife_se
  )
  mixed <- length(unique(y)) > 1
  if (item$statistic == "median") {
    woodruff <- r_median(part)
    row[names(woodruff)] <- woodruff
    middle <- quantile_of(y, w, 0.5)
    share <- svymean(~I(as.numeric(.y <= middle)), part)
    row[c("lower", "upper")] <- median_interval(y, w, middle, vcov(share)[1], kish, most_df)
  } else if (item$statistic %in% c("mean", "net")) {
    ends <- if (item$statistic == "mean") larger_se else net_interval
    row[c("lower", "upper")] <- ends(y, w, estimate, se, kish, most_df)
  } else {
    if (!mixed) row$estimate <- y[1]
    row[c("lower", "upper")] <- wilson(row$estimate, se^2, kish, most_df)
    if (mixed && degf(part) > 1) {
      logit <- attr(svyciprop(~.y, part, method = "logit"), "ci")
      if (all(is.finite(logit))) row[c("logit_lower", "logit_upper")] <- logit
    }
  }
  row
}

# Every domain that `by` makes ("" is none): svymean without `by`, svyby with it.
domain_rows <- function(design, item, by, replicated = NULL) {
  data <- design$variables
  there <- !is.na(data$.y) & Reduce(`&`, lapply(by, function(column) data[[column]] != ""), TRUE)
  part <- design[there, ]
  again <- if (is.null(replicated)) NULL else replicated[there, ]
  if (length(by) == 0) {
    total <- svymean(~.y, part)
    of_jackknife <- if (is.null(again)) NA else replicate_se(again, item, rep("all", sum(there)))
    return(domain_figure(design, there, item, coef(total)[[1]], SE(total)[[1]], of_jackknife[[1]]))
  }
  table <- svyby(~.y, as.formula(paste("~", paste(by, collapse = "+"))), part, svymean)
  se <- SE(table)
  key <- do.call(paste, c(data[by], sep = "\r"))
  of_row <- do.call(paste, c(lapply(by, function(column) as.character(table[[column]])), sep = "\r"))
  of_jackknife <- if (is.null(again)) NULL else replicate_se(again, item, key[there])
  rows <- lapply(seq_len(nrow(table)), function(i) {
    figure <- domain_figure(design, there & key == of_row[i], item, table$.y[i], se[i],
      if (is.null(of_jackknife)) NA else of_jackknife[[of_row[i]]])
    cbind(table[i, by, drop = FALSE], figure)
  })
  do.call(rbind, rows)
}

# area, wave, item and the numbers: for all, then by area.
area_estimates <- function(design, items, wave, replicated = NULL) {
  each_item(design, items, replicated, function(design, replicated, name, item) {
    total <- domain_rows(design, item, character(0), replicated)
    by_area <- domain_rows(design, item, ".area", replicated)
    rbind(
      cbind(area = "all", wave = wave, item = name, total),
      cbind(area = by_area$.area, wave = wave, item = name, by_area[names(by_area) != ".area"])
    )
  })
}

# The same by group: svyby(~y, ~level) for all, svyby(~y, ~area + level) by area.
group_estimates <- function(design, items, groups, wave, replicated = NULL) {
  found <- lapply(names(groups), function(group) {
    level <- as.character(margin_factor(design$variables, groups[[group]]))
    level[level == NOT_STATED] <- ""
    design$variables$.level <- level
    if (!is.null(replicated)) replicated$variables$.level <- level
    each_item(design, items, replicated, function(design, replicated, name, item) {
      total <- domain_rows(design, item, ".level", replicated)
      by_area <- domain_rows(design, item, c(".area", ".level"), replicated)
      numbers <- setdiff(names(total), ".level")
      about <- function(area, table) {
        cbind(area = area, wave = wave, item = name, group = group, level = table$.level, table[numbers])
      }
      rbind(about("all", total), about(by_area$.area, by_area))
    })
  })
  do.call(rbind, found)
}

each_item <- function(design, items, replicated, estimates_of) {
  found <- lapply(names(items), function(name) {
    item <- items[[name]]
    y <- value_of(suppressWarnings(as.numeric(design$variables[[item$column]])), item)
    design$variables$.y <- y
    if (!is.null(replicated)) replicated$variables$.y <- y
    estimates_of(design, replicated, name, item)
  })
  do.call(rbind, found)
}

# Changes from wave to wave of separate samples: svycontrast on the two waves side by side; p.adjust.
changes <- function(found, tested) {
  waves <- sort(unique(found$wave))
  rows <- list()
  for (i in seq_len(length(waves) - 1)) {
    both <- merge(found[found$wave == waves[i], ], found[found$wave == waves[i + 1], ],
      by = c("area", "item"), suffixes = c(".1", ".2"))
    contrast <- lapply(seq_len(nrow(both)), function(j) {
      pair <- c(before = both$estimate.1[j], after = both$estimate.2[j])
      attr(pair, "var") <- diag(c(both$se.1[j], both$se.2[j])^2)
      dimnames(attr(pair, "var")) <- list(names(pair), names(pair))
      attr(pair, "statistic") <- "mean"
      class(pair) <- "svystat"
      moved <- svycontrast(pair, c(before = -1, after = 1))
      c(coef(moved)[[1]], SE(moved)[[1]])
    })
    both$difference <- sapply(contrast, `[`, 1)
    both$se <- sapply(contrast, `[`, 2)
    can <- !is.na(both$se) & both$se.1 > 1e-10 & both$se.2 > 1e-10 & both$item %in% tested
    both$z <- ifelse(can, both$difference / both$se, NA)
    both$p <- 2 * pnorm(-abs(both$z))
    with(both, rows[[length(rows) + 1]] <<- data.frame(
      area, item, from_wave = waves[i], to_wave = waves[i + 1], from_n = n.1, to_n = n.2,
      from_estimate = estimate.1, to_estimate = estimate.2, difference, se, z, p,
      lower = difference - sqrt((estimate.2 - lower.2)^2 + (upper.1 - estimate.1)^2),
      upper = difference + sqrt((upper.2 - estimate.2)^2 + (estimate.1 - lower.1)^2)
    ))
  }
  table <- do.call(rbind, rows)
  table$adjusted_p <- p.adjust(table$p, method = "BH")
  table
}
