"""Runs the calls that come as JSON on stdin with Python's hvac, and prints the answers as JSON."""

import json
import sys

import hvac


def method_of(client, name):
    found = client
    for part in name.split("."):
        found = getattr(found, part)
    return found


def answer_of(client, call):
    try:
        answer = method_of(client, call["method"])(**call["options"])
    except hvac.exceptions.VaultError as error:
        return {"failed": type(error).__name__}
    if answer is None or isinstance(answer, (bool, str, dict)):
        return {"answer": answer}
    return {"answer": None, "status": answer.status_code}


def main():
    given = json.load(sys.stdin)
    client = hvac.Client(url=given["address"], token=given["token"])
    missing = []
    for name in given["names"]:
        try:
            method_of(client, name)
        except AttributeError:
            missing.append(name)
    answers = [answer_of(client, call) for call in given["calls"]]
    json.dump({"missing": missing, "answers": answers}, sys.stdout)


main()
