"""The official Python client, first generation. Usage: python python1.py URL legacy"""

import asyncio
import os
import sys

import httpx
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from python import elicit, say, serve


async def main():
    headers = {"Authorization": "Bearer " + os.environ["VAULT_KEY"]}
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        async with streamable_http_client(sys.argv[1], http_client=http) as (read, write, _):
            async with ClientSession(read, write, elicitation_callback=elicit) as client:
                say({"version": (await client.initialize()).protocolVersion})
                await serve(client)


asyncio.run(main())
