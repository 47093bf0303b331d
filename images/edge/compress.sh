#!/bin/sh
# Puts a brotli and a gzip copy beside every file below a folder that gets smaller by it.
# The strongest settings: this is done once, and every participant's link is thin.
set -eu

find "$1" -type f -size +1k \
    \( -name '*.js' -o -name '*.css' -o -name '*.json' -o -name '*.svg' -o -name '*.html' -o -name '*.txt' \
       -o -name '*.wasm' -o -name '*.ttf' -o -name '*.eot' -o -name '*.map' \) -print0 |
    xargs -0 -P "$(nproc)" -n 20 sh -c '
        for file; do
            brotli --quality=11 --keep "$file"
            gzip -9 --no-name --keep "$file"
        done' compress
