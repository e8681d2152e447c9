# Design weights, clusters, caps and the jackknife. Sourced by golden.R; see README.md.

# Raking formulas and population tables, with the not-stated level at its share of the design weights.
raking_tables <- function(data, population, margins, d) {
  tables <- list()
  for (i in seq_along(margins)) {
    column <- paste0("margin_", i)
    data[[column]] <- margin_factor(data, margins[[i]])
    rows <- population[population$margin == names(margins)[i], ]
    unstated <- sum(d[data[[column]] == NOT_STATED])
    table <- data.frame(level = rows$level, Freq = rows$count / sum(rows$count) * (sum(d) - unstated))
    if (unstated > 0) table <- rbind(table, data.frame(level = NOT_STATED, Freq = unstated))
    table$level <- factor(table$level, levels = levels(data[[column]]))
    names(table)[1] <- column
    tables[[i]] <- table
  }
  list(data = data, formulas = lapply(paste0("~margin_", seq_along(margins)), as.formula), tables = tables)
}

rake_from <- function(design, prepared, epsilon = 1e-13) {
  rake(design, prepared$formulas, prepared$tables, control = list(maxit = 5000, epsilon = epsilon))
}

# Weights raked from the design weights d, cut at a cap and raked again until both hold.
raked_from <- function(data, population, margins, d, cap = Inf) {
  prepared <- raking_tables(data, population, margins, d)
  prepared$data$.d <- d
  weight <- weights(rake_from(svydesign(ids = ~1, weights = ~.d, data = prepared$data), prepared))
  while (max(weight) > cap * (1 + 1e-12)) {
    prepared$data$.w <- pmin(weight, cap)
    weight <- weights(rake_from(svydesign(ids = ~1, weights = ~.w, data = prepared$data), prepared))
  }
  weight
}

# JK1: every cluster left out in turn, and every replicate raked to the same population.
jackknifed <- function(data, population, margins, d, cluster) {
  prepared <- raking_tables(data, population, margins, d)
  prepared$data$.d <- d
  prepared$data$.cluster <- cluster
  design <- svydesign(ids = ~.cluster, weights = ~.d, data = prepared$data)
  # rake() judges by the full sample; start its replicates close, so that they have converged with it
  replicated <- as.svrepdesign(design, type = "JK1", compress = FALSE)
  rake_from(replicated, prepared)
}

# Standard errors by domain: svyby on replicates; for medians the median of each replicate's weights.
replicate_se <- function(replicated, item, domain) {
  replicated$variables$.domain <- domain
  found <- list()
  for (name in unique(domain)) {
    here <- domain == name
    part <- replicated[here, ]
    used <- part$repweights[, , drop = FALSE]
    # where a replicate has nobody left there is no error
    if (any(colSums(used) <= 0)) {
      found[[name]] <- NA
    } else if (item$statistic == "median") {
      medians <- withReplicates(part, function(w, data) quantile_of(data$.y[w > 0], w[w > 0], 0.5))
      found[[name]] <- SE(medians)[[1]]
    } else {
      found[[name]] <- SE(svymean(~.y, part))[[1]]
    }
  }
  found
}

# What analysis/replicates.py deals out: the ids in order of their bytes, in turn.
dealt <- function(ids, groups) (order(order(ids, method = "radix")) - 1) %% groups
