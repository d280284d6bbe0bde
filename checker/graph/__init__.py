"""Operations as a graph: the edges between a few of them with their reasons, paths along them, and circles.

Verdicts are reached on columns; this is for arguments, for people, and for the checks that ask for circles.
It stands on `prepared`; checks and explanations may import it.
"""
