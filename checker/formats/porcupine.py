"""`porcupine-kv`: the key-value logs of Porcupine's tests, `{:process 9, :f :append, :key "0", …}` a line.

`:get`, `:put` and `:append` of strings; every key starts as the empty string, and reading nil finds it
absent.
"""

from __future__ import annotations

import re

from checker.formats.jepsen import Defaults
from checker.formats.jepsen_edn import EdnFormat

FORMAT = EdnFormat(
    name="porcupine-kv",
    defaults=Defaults(register="", keyed="", nil_register="absent", nil="absent"),
    mark=re.compile(rb'\{(?=[^{}]*:f\s+:(?:get|put|append)\b)(?=[^{}]*:key\s+")'),
)
