"""One check for each guarantee: from what was prepared to an outcome with its witnesses.

A check keeps its `tally`; checks do not import each other, but for the `pairs` that several compare one by
one. `linearizable` has a room of its own, and `guarantees` gives each check its name.
"""
