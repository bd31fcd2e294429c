#!/bin/sh
# sh may-send.sh http://127.0.0.1:8000 < pairs.ndjson     one {"id": "990001", "message_type": "DIS91"} a line; a verdict a line comes back
set -eu
exec curl --silent --show-error --fail-with-body --no-buffer \
    --header "Authorization: Bearer ${SOR_TOKEN:-}" \
    --header "Content-Type: application/x-ndjson" --header "Accept: application/x-ndjson" \
    --data-binary @- "$1/validate"
