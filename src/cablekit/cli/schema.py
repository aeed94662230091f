"""``cablekit schema``."""

from __future__ import annotations

import click

from cablekit.cli.program import write_utf8


@click.command()
def schema() -> None:
    """Print the JSON Schema of a cable.

    \b
    Example:
      cablekit schema > cable.schema.json
    """
    import json

    from cablekit.model import Cable
    from cablekit.model.cable import SCHEMA_VERSION

    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:cablekit:cable:{SCHEMA_VERSION}",
        "title": "Cable",
        "version": SCHEMA_VERSION,
    }
    write_utf8(json.dumps({**head, **Cable.model_json_schema()}, indent=2, ensure_ascii=False))
