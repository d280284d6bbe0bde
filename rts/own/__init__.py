"""Testing one's own store: a store written in plain Trio, run, broken and judged like the stores that
ship."""
