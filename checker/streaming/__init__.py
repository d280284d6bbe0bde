"""Files larger than memory: judged part by part, key by key, as far as that proves anything.

Theory of operation: most guarantees are of one key each, as long as positions say which of its versions are
newer. So the lines of a file are dealt out by key into parts that fit in memory (`split`), every part is
judged as a history by itself (`judging`), and the verdicts are added up (`merge`). What looks at several keys
together (`causal`, `consistent-prefix`, writes of one log, sessions without positions) stays `unknown`, out
of budget. It asks the judge, and nobody asks it.
"""

from __future__ import annotations

from checker.streaming.judging import check_file as check_file

__all__ = ["check_file"]
