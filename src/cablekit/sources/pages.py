"""Page texts: a JSON line before each document and each page, a line of signs between pages.

So come texts that were read from page images, or drawn from pages of the web. The lines are container, not cable. A document
is one cable, unless the first lines of another stand on a later page (see `cablekit.sources.messages`); then a record begins
with that page. Pages without first lines go on with the cable before, those above the first one belong to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from cablekit.sources.failures import failure
from cablekit.sources.limits import Limits
from cablekit.sources.messages import Messages, Paged
from cablekit.sources.record import Failure, Metadata, Provenance, Record
from cablekit.text import decode

NAME = "pages"
