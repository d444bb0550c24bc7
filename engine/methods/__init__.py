"""Other ways to a derivative, each with its own steps, beside automatic differentiation."""
