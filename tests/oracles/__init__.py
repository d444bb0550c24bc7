"""What we did not write, asked about the same expressions: JAX and mpmath."""
