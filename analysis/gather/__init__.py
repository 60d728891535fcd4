"""Sources → Articles: the first room. It reads and cleans; it never counts."""
