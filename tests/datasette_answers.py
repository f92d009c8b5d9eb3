"""A program: open an SQLite file in Datasette, in this process, and print what it answers to addresses, as one JSON list."""

import asyncio
import json
import sys

from datasette.app import Datasette


async def answers(path: str, addresses: list[str]) -> list[object]:
    opened = Datasette(immutables=[path])
    got = [await opened.client.get(address) for address in addresses]
    return [one.json() if one.headers["content-type"].startswith("application/json") else one.text for one in got]


if __name__ == "__main__":
    json.dump(asyncio.run(answers(sys.argv[1], sys.argv[2:])), sys.stdout)
