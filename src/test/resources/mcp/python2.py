"""The official Python client, second generation. Usage: python python2.py URL legacy|auto|2026-07-28"""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client


def say(what):
    print(json.dumps(what), flush=True)


async def line():
    return (await asyncio.to_thread(sys.stdin.readline)).rstrip("\n")


async def elicit(context, params):
    say({"page": params.url, "message": params.message})
    return types.ElicitResult(action=await line())


async def main():
    headers = {"Authorization": "Bearer " + os.environ["VAULT_KEY"]}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(sys.argv[1], http_client=http)
        async with Client(transport, mode=sys.argv[2], elicitation_callback=elicit) as client:
            say({"version": client.protocol_version})
            say({"tools": [tool.name for tool in (await client.list_tools()).tools]})
            while next_call := await line():
                call = json.loads(next_call)
                result = await client.call_tool(call["name"], call["arguments"])
                say({"result": result.model_dump(mode="json", by_alias=True)})


asyncio.run(main())
