"""The search for an order of one object's operations that its sequential specification allows.

A `specification` and some operations are posed as a `problem` in whole numbers, which the `search` goes
through event by event (Wing & Gong, 1993; Lowe, 2017), wider and wider (`deepening`) within a `budget`. It
knows neither registers nor keys: those are in `sequential`, and whoever has another object brings its own.
"""
