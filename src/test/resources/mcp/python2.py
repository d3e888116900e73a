"""The official Python client, second generation. Usage: python python2.py URL legacy|auto|2026-07-28"""

import asyncio
import os
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from python import elicit, say, serve


async def main():
    headers = {"Authorization": "Bearer " + os.environ["VAULT_KEY"]}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(sys.argv[1], http_client=http)
        async with Client(transport, mode=sys.argv[2], elicitation_callback=elicit) as client:
            say({"version": client.protocol_version})
            await serve(client)


asyncio.run(main())
