"""Unmodified SDKs of Python do their main call at a base URL. Fails where one can't.

Usage: sdk.py BASE KEY     BASE holds {label}, such as http://127.0.0.1:8080/v0/proxy/{label}
"""

import sys

import anthropic
import openai
import requests
import stripe

base, key = sys.argv[1:]


def at(label):
    return base.replace("{label}", label)


client = openai.OpenAI(base_url=at("openai") + "/v1", api_key=key, max_retries=0)
said = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
assert said.choices[0].message.content == "hello"
print("openai", openai.__version__, "ok")

client = anthropic.Anthropic(base_url=at("anthropic"), api_key=key, max_retries=0)
said = client.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "hi"}])
assert said.content[0].text == "hello"
print("anthropic", anthropic.__version__, "ok")

client = stripe.StripeClient(key, base_addresses={"api": at("stripe")}, max_network_retries=0)
assert client.v1.customers.create({"email": "a@example.com"}).id == "cus_1"
print("stripe", stripe.VERSION, "ok")

answer = requests.get(at("github") + "/repos/acme/site", auth=("x", key), timeout=30)
assert answer.json()["full_name"] == "acme/site", answer.text
answer = requests.get(at("slack") + "/api/auth.test", headers={"Authorization": "token " + key}, timeout=30)
assert answer.json()["ok"], answer.text
print("requests", requests.__version__, "ok")
