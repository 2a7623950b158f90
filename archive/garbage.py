"""Python's garbage collector, told what kind of program this is."""

import gc


def settle() -> None:
    """Once all is imported: leave the modules alone, and look for cycles every 20,000 objects instead of every 700.

    Nearly everything here dies by its reference count; a tenth of the time of a crawl went into looking at what lives
    for ever."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
