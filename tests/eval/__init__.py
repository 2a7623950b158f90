"""How well pages are read: ``make eval``. Fields and text against the truth, beside other readers, floors pinned.

Judged are (a) the twenty documents of the gold files: in the markup of the portal family each comes from, on the
practice portals, and as plain text, a piece at a time and each seed as a whole; (b) saved real pages, with a truth
written by eye; (c) 104 labelled pages of 北京市中医管理局; (d) a, b and c again with the names of the body container
hidden, as on a family that nobody has met yet, and press pages in GBK, which are of no family at all. Each page is read
alone, without its catalogue row.

A field is *stated* if a label, a meta tag, a heading, the letterhead, the note below a title (题注) or the signature
says it; what running prose says is neither asked for nor held against the reader. Recall counts stated fields,
precision given ones: a value that the page does not state is *invented*, the worst that a reader can do. Text is
compared by F1 over characters, white space left out; *prose* is the text without rows of tables. The yardsticks:
:mod:`tests.eval.readers`.
"""
