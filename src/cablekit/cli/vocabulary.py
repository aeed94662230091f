"""``cablekit tags`` and ``cablekit posts``."""

from __future__ import annotations

import json
from difflib import get_close_matches
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from cablekit.cli.program import Exit, complain, show, write_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cablekit.vocabulary.posts import Post
    from cablekit.vocabulary.tags import TagEntry


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--name", "word", metavar="WORD", help="Find the codes whose name has this in it.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
def tags(codes: tuple[str, ...], word: str | None, as_json: bool) -> Exit:
    """Tell what TAGS stand for, or find the code for a subject.

    \b
    Example:
      cablekit tags KCRM PHUM
      cablekit tags --name trafficking
      cablekit tags --json KTIP
    """
    from cablekit.vocabulary import tags as table

    if not codes and word is None:
        raise click.UsageError("Nothing to look up. Give codes, or --name WORD.")
    found: list[TagEntry] = []
    code = Exit.DONE
    for asked in codes:
        entries = table.entries(asked)
        found.extend(entries)
        if not entries:
            near = table.split_glued(asked) or _near(asked, (entry.code for entry in table.all()))
            complain(asked, "no such TAG", _suggestion(near, "search the names with --name WORD"))
            code = Exit.PARTLY
    if word is not None:
        named = [entry for entry in table.all() if word.casefold() in f"{entry.name}\n{entry.in_1974}".casefold()]
        found.extend(named)
        if not named:
            complain(word, "no TAG has this in its name", "try a part of the word")
            code = Exit.PARTLY
    if as_json:
        _write_array(entry._asdict() for entry in found)
    else:
        _show_columns(_tag_columns(entry) for entry in found)
    return code


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...", required=True)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
def posts(names: tuple[str, ...], as_json: bool) -> Exit:
    """Tell which post a name or a routing indicator stands for.

    NAME is a key, a city, an address designator, an alias, or a routing indicator. Where several posts share it, all
    are given.

    \b
    Example:
      cablekit posts "THE HAGUE" RUEHBS
      cablekit posts --json "AMEMBASSY BISHKEK"
    """
    from cablekit.vocabulary import posts as table

    found: list[Post] = []
    code = Exit.DONE
    for asked in names:
        post = table.find(asked)
        hits = (post,) if post else table.candidates(asked) or table.by_routing_indicator(asked)
        found.extend(hits)
        if not hits:
            near = [post.post for post in table.near(asked)] or _near(asked, (post.post for post in table.all()))
            complain(asked, "no such post", _suggestion(near, "try the city, or a routing indicator"))
            code = Exit.PARTLY
    if as_json:
        _write_array({**post._asdict(), "spellings": [form._asdict() for form in post.spellings]} for post in found)
    else:
        _show_columns(_post_columns(post) for post in found)
    return code


def _near(asked: str, keys: Iterable[str]) -> list[str]:
    """Give the three keys most like what was asked; of those alike, the ones that begin like it."""
    wanted = "".join(asked.upper().split())

    def shared(key: str) -> int:
        return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(wanted, key, strict=False))))

    near = get_close_matches(wanted, list(dict.fromkeys(keys)), n=20)
    return sorted(near, key=shared, reverse=True)[:3]


def _suggestion(near: Iterable[str], otherwise: str) -> str:
    names = " or ".join(near)
    return f"did you mean {names}?" if names else otherwise


def _tag_columns(entry: TagEntry) -> tuple[str, ...]:
    then = f"(1974: {entry.in_1974})" if entry.in_1974 else ""
    return entry.code, entry.kind, " ".join(part for part in (entry.name, then) if part)


def _post_columns(post: Post) -> tuple[str, ...]:
    place = ", ".join(part for part in (post.display_name, post.country) if part)
    codes = (f"RI {post.routing_indicator}" if post.routing_indicator else None,)
    geographic = (f"TAG {post.geographic_tag}" if post.geographic_tag else None,)
    aliases = (f"also {', '.join(post.aliases)}" if post.aliases else None,)
    return post.post, place, "; ".join(part for part in (*codes, *geographic, post.plad, *aliases) if part)


def _write_array(entries: Iterable[dict[str, Any]]) -> None:
    write_utf8(json.dumps(list(entries), indent=2, ensure_ascii=False))


def _show_columns(rows: Iterable[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    for row in rows:
        grid.add_row(*map(Text, row))
    if grid.row_count:
        show(grid)
