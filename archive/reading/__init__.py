"""From a capture to its meaning: pure functions, one way for all families."""
