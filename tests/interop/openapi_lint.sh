#!/bin/sh
# openapi_lint.sh AGENT PYTHON: the OpenAPI document as the program gives it, linted; and the lint itself is proven to see
# what is wrong.
set -eu
here=$(dirname "$0")
document=$(mktemp)
trap 'rm -f "$document"' EXIT
"$1" openapi > "$document"
"$2" "$here/openapi_lint.py" "$document" "$here/../vectors/openapi-3.1/schema.json" --prove
