"""Pictures: `f(table, *, ax=None) -> Axes`; the shared look is in `style`."""
