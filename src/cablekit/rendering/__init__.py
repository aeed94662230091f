"""A cable for people: views of it, and its canonical text.

`terminal`, `html` for notebooks and `explain`, which shows what each rule read, have a function of their own name each;
`text` with its parts writes canonical text, which is `cablekit.render`. Nothing is imported here, so that what shows
HTML does not need rich.
"""

from __future__ import annotations
