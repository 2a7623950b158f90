"""Web ARChive files: write, read, repair, verify. One gzip member a record, WARC/1.1, raw HTTP blocks."""
