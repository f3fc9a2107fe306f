"""Annotated corpora in the formats that they are published in, as examples.

One module a family of formats; ``reading`` finds out which one a file has. Every adapter keeps
the corpus's own labels, which ``label_maps`` translates where that is asked for.
"""
