"""What we did not write, asked about the same expressions: JAX, mpmath and, where it is installed, PyTorch."""
