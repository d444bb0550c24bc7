"""The ways to a derivative, side by side: numerical, symbolic, forward and reverse; and how well each does."""
