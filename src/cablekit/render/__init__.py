"""Views of a cable for people: `terminal`, `html` for notebooks, and `explain`, which shows what each rule read.

Each module has one function of its own name. Nothing is imported here, so that what shows HTML does not need rich.
"""

from __future__ import annotations
