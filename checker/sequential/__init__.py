"""What operations on registers do when they come one after another: find, write and append values.

Each operation is taken apart into `deeds`; what is appended makes strings or lists (`growing`). One
`register` and several `registers` are specifications for the `search`. Who may have made what was found
(`makers`), and what is left of lists without others (`lists`), is for those who look at some operations
without the rest.
"""
