"""Automatic differentiation, step by step: text to graph, passes over graphs, traces of passes.

Start at `engine.api`, which does for a caller all there is to do; `engine.passes` holds the algorithms, one a file, and
`engine.ops` the operations, one a row.
"""
