"""Bugs planted in the judge, one at a time: whether a test notices, and if none does, why none can.

Theory of operation: `changes` offers every small change of a module's syntax tree, and `mutants` gives each a
name that outlives shifted lines. `items` are who may notice: the tests, and the histories of the battery;
`coverage` says which of them call which function. Most changes are within one function: `swapped` gives
that function its new code in a forked child of a process in which all is imported and collected, and asks
those who call it. What stands outside of functions is executed `anew`, by a child that imports the mutant
instead. What was found is a `log`; why nobody can notice what nobody noticed is said in
`benchmarks/survivors` (`reasons`).
"""
