"""The official Python client, first generation. Usage: python python1.py URL legacy"""

import asyncio
import json
import os
import sys

import httpx
from mcp import ClientSession, types
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
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        async with streamable_http_client(sys.argv[1], http_client=http) as (read, write, _):
            async with ClientSession(read, write, elicitation_callback=elicit) as client:
                say({"version": (await client.initialize()).protocolVersion})
                say({"tools": [tool.name for tool in (await client.list_tools()).tools]})
                while next_call := await line():
                    call = json.loads(next_call)
                    result = await client.call_tool(call["name"], call["arguments"])
                    say({"result": result.model_dump(mode="json", by_alias=True)})


asyncio.run(main())
