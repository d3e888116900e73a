"""What both generations of the official Python client do: they tell what they see, and ask on stdin."""

import asyncio
import json
import sys

from mcp import types


def say(what):
    print(json.dumps(what), flush=True)


async def line():
    return (await asyncio.to_thread(sys.stdin.readline)).rstrip("\n")


async def elicit(context, params):
    say({"page": params.url, "message": params.message})
    return types.ElicitResult(action=await line())


async def serve(client):
    say({"tools": [tool.name for tool in (await client.list_tools()).tools]})
    while next_call := await line():
        call = json.loads(next_call)
        result = await client.call_tool(call["name"], call["arguments"])
        say({"result": result.model_dump(mode="json", by_alias=True)})
