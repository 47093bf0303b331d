#!/bin/sh
# Servers that were started before an upgrade, or before a roll-back, go on asking for the files of their own
# JupyterLab: this image's go beside those of the images before it, and the last few are served.
set -eu
here=/srv/static/lab
kept=/srv/edge/state/lab
mkdir -p "$kept"
for version in "$here"/*; do
    name=$(basename "$version")
    if ! [ -d "$kept/$name" ]; then
        rm -rf "$kept/.new"
        cp -r "$version" "$kept/.new"
        mv "$kept/.new" "$kept/$name"
    fi
    touch "$kept/$name"
done
# shellcheck disable=SC2012 # names are hexadecimal
ls -t "$kept" | tail -n +5 | while read -r old; do
    rm -r "${kept:?}/$old"
done
exec caddy run --config /etc/edge/Caddyfile
