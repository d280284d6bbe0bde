"""Where each seeded bug of Raft is hunted.

A bug has a configuration of its own: a read mode, settings, and weights of the operations and faults that the
rule it breaks is there for, on as few nodes as have all the parts. It claims what the mode claims, so the
same hunt without the bug has to come back clean. A bug that lies deep has scripts: openings that set the
stage, after which the decisive steps are drawn.
"""
