"""Receipts: what was asked of which archive, and what it answered, so that a paper can cite a search."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from cablekit.errors import CablekitError
from cablekit.model import Model

if TYPE_CHECKING:
    from cablekit.archive.compile import Sort
    from cablekit.archive.search import Searcher

_SHA256 = Field(pattern="^[0-9a-f]{64}$")


class ReceiptError(CablekitError, ValueError):
    """Something that is no receipt."""


class Receipt(Model):
    """A search and its answer. The same archive and the same query give the same receipt."""

    receipt: Literal[1] = 1
    """Version of these fields."""
    query: str
    sort: Literal["rank", "date", "-date", "mrn"] | None = None
    """As asked for; none: by rank where the query asks for words, else by date."""
    editions: bool = False
    """Whether every edition was searched."""
    archive: str = _SHA256
    """Fingerprint of the archive, SHA-256."""
    count: int = Field(ge=0)
    """Number of hits, all of them."""
    results: str = _SHA256
    """SHA-256 over the hits in order: for each the SHA-256 of its original in hexadecimal digits, and a line feed."""
    cablekit: str
    """Version of cablekit that searched."""

    def differences(self, now: Receipt) -> tuple[str, ...]:
        """Say what is not as it was. Another version of cablekit alone is no difference."""
        said = []
        if self.archive != now.archive:
            said.append(f"the archive is another: its fingerprint is {now.archive}, in the receipt {self.archive}")
        if self.count != now.count:
            said.append(f"{now.count:,} cables are found, in the receipt {self.count:,}")
        elif self.results != now.results:
            said.append("as many cables are found, but others or in another order")
        if said and self.cablekit != now.cablekit:
            said.append(f"the receipt is of cablekit {self.cablekit}, this is {now.cablekit}")
        return tuple(said)


def of(
    searcher: Searcher, fingerprint: str, query: str, *, sort: Sort | None = None, editions: bool = False
) -> Receipt:
    """Search, and write down what was found; raises `QueryError`."""
    import cablekit

    results, count = sha256(), 0
    for digest in searcher.originals(query, sort=sort, editions=editions):
        results.update(f"{digest}\n".encode())
        count += 1
    return Receipt(
        query=query,
        sort=sort,
        editions=editions,
        archive=fingerprint,
        count=count,
        results=results.hexdigest(),
        cablekit=cablekit.__version__,
    )


def read(data: bytes) -> Receipt:
    """Read a receipt from its JSON; raises `ReceiptError`."""
    try:
        return Receipt.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ReceiptError(f"is not a receipt ({where + ': ' if where else ''}{first['msg']})") from None
