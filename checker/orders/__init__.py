"""The orders that operations stand in: what came first, what a read read from, what it knew, what is newer.

From plain orders of rows (`ordering`, `groups`) over reads-from (`candidates`) and causal order (`causality`)
to the versions of a key (`versions`). Nothing here imports `prepared`, which brings these orders together
and is the argument of most of them; what is judged by them may import both.
"""
