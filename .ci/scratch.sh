#!/bin/sh
# scratch.sh COMMAND…: runs it with a VAR_DIR of its own, so that checks leave no keys or data behind.
VAR_DIR=$(mktemp -d) || exit 1
export VAR_DIR
"$@"
code=$?
rm -rf "$VAR_DIR"
exit $code
