"""What families share: what a list page is made of. Rows, links, pagers, and what scripts say."""
