#!/bin/sh
# Build the container image of the service: a Bento, then an image with Docker, or with buildah
# where there is no engine. The serving scorecard is copied into the image.
set -eu

bentoml="$PWD/.venv/bin/bentoml"
tag=$("$bentoml" build --output tag | sed -n 's/^__tag__://p')
echo "Built $tag"

# BentoML reads the Dockerfile template from its temporary folder, and only below this folder.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TMPDIR="$work"

if docker info >/dev/null 2>&1; then
    "$bentoml" containerize "$tag"
elif command -v buildah >/dev/null 2>&1; then
    BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}" STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}" \
        "$bentoml" containerize "$tag" --backend buildah
else
    echo "The Bento is built; an image needs Docker or buildah, and neither answers here." >&2
    exit 1
fi
