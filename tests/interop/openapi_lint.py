#!/usr/bin/python3
"""Lints the agent's OpenAPI document: openapi_lint.py DOCUMENT SCHEMA [--prove]

SCHEMA is the OpenAPI Initiative's JSON Schema of OpenAPI 3.1; every schema inside must be JSON Schema draft 2020-12; the
rules below are ours. --prove breaks the document in ways each rule has to notice, so that a lint that sees nothing fails.
Exit 1: something is wrong, one line each.
"""
import copy
import json
import re
import sys

import jsonschema

METHODS = ("get", "put", "post", "delete", "patch")


def parts(value, where="#"):
    """Every value of a document with its place."""
    yield where, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from parts(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from parts(inner, f"{where}/{number}")


def resolve(document, reference):
    value = document
    for step in reference.lstrip("#/").split("/"):
        value = value[step]
    return value


def operations(document):
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def by_official_schema(document, official):
    for error in jsonschema.Draft202012Validator(official).iter_errors(document):
        yield "/".join(str(step) for step in error.absolute_path) + ": " + error.message[:200]


def schemas_are_schemas(document, _):
    for name, schema in document["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            yield f"components/schemas/{name}: {error.message[:200]}"


def references_lead_somewhere(document, _):
    for where, value in parts(document):
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            try:
                resolve(document, value["$ref"])
            except (KeyError, TypeError):
                yield f"{where}: no {value['$ref']}"


def nothing_is_unused(document, _):
    used = {value["$ref"] for _, value in parts(document) if isinstance(value, dict) and isinstance(value.get("$ref"), str)}
    for kind in ("parameters", "responses"):
        for name in document["components"][kind]:
            if f"#/components/{kind}/{name}" not in used:
                yield f"components/{kind}/{name} is not used"


def operations_are_described(document, _):
    names = set()
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        here = f"{method} {path}"
        name = operation.get("operationId", "")
        if not name or name in names:
            yield f"{here}: no operationId of its own"
        names.add(name)
        if not operation.get("summary"):
            yield f"{here}: no summary"
        if not operation.get("tags") or not set(operation["tags"]) <= tags:
            yield f"{here}: a tag that is not declared"
        replies = operation.get("responses", {})
        if "default" not in replies:
            yield f"{here}: no reply for errors"
        if not any(status.startswith("2") for status in replies):
            yield f"{here}: no reply for success"


def paths_declare_their_parameters(document, _):
    for path, method, operation in operations(document):
        wanted = set(re.findall(r"{(\w+)}", path))
        given = [resolve(document, one["$ref"]) for one in operation.get("parameters", [])]
        declared = {one["name"] for one in given if one["in"] == "path"}
        if wanted != declared:
            yield f"{method} {path}: declares {sorted(declared)}"
        names = [(one["in"], one["name"]) for one in given]
        if len(names) != len(set(names)):
            yield f"{method} {path}: a parameter twice"


def bodies_are_where_they_may_be(document, _):
    for path, method, operation in operations(document):
        if "requestBody" in operation and method in ("get", "delete"):
            yield f"{method} {path}: a body"


RULES = (by_official_schema, schemas_are_schemas, references_lead_somewhere, nothing_is_unused,
         operations_are_described, paths_declare_their_parameters, bodies_are_where_they_may_be)


def lint(document, official):
    return [f"{rule.__name__}: {line}" for rule in RULES for line in rule(document, official)]


def broken(document):
    """Documents with one thing wrong each, and the rule that has to see it."""
    def one(rule, change):
        copied = copy.deepcopy(document)
        change(copied)
        return rule, copied

    def inbox(d):
        return d["paths"]["/v1/inbox"]["get"]

    yield one(by_official_schema, lambda d: d.pop("info"))
    yield one(by_official_schema, lambda d: d.update(openapi="2.0"))
    yield one(by_official_schema, lambda d: inbox(d).update(responses={"ok": {}}))
    yield one(schemas_are_schemas, lambda d: d["components"]["schemas"]["Status"].update(type="objekt"))
    yield one(references_lead_somewhere, lambda d: d["components"]["schemas"].pop("MessagePage"))
    yield one(nothing_is_unused, lambda d: d["components"]["parameters"].update(lain=d["components"]["parameters"]["wait"]))
    yield one(operations_are_described, lambda d: inbox(d).pop("summary"))
    yield one(operations_are_described, lambda d: inbox(d).update(operationId="listOutbox"))
    yield one(operations_are_described, lambda d: inbox(d).update(tags=["tidak_ada"]))
    yield one(operations_are_described, lambda d: inbox(d)["responses"].pop("default"))
    yield one(operations_are_described, lambda d: inbox(d)["responses"].pop("200"))
    yield one(paths_declare_their_parameters, lambda d: d["paths"]["/v1/legs/{id}"]["get"].pop("parameters"))
    yield one(paths_declare_their_parameters, lambda d: inbox(d)["parameters"].append(inbox(d)["parameters"][0]))
    yield one(bodies_are_where_they_may_be, lambda d: inbox(d).update(requestBody={"content": {}}))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        official = json.load(file)
    wrong = lint(document, official)
    if "--prove" in sys.argv:
        for rule, copied in broken(document):
            if not any(rule(copied, official)):
                wrong.append(f"--prove: {rule.__name__} does not see what is broken")
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{sum(1 for _ in operations(document))} operations, {len(document['components']['schemas'])} schemas: nothing found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
