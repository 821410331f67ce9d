#!/bin/sh
# Checks what deploys the system, as far as that goes without a cluster and without a container engine: manifests render
# and fit the schemas of several Kubernetes versions and our own rules, the Dockerfile and compose.yaml fit theirs.
# Needs kubectl (or kustomize) and Python 3.11 with venv; the first run installs the tools below target/.
set -eu
cd "$(dirname "$0")/../.."

env=target/pyenv
list=tests/k8s/requirements.txt
out=target/k8s
builds="base overlays/kind overlays/cert-manager"
versions="1.30 1.32 1.34"

say() { printf '%s\n' "$*" >&2; }

if command -v kubectl >/dev/null; then
    render="kubectl kustomize"
elif command -v kustomize >/dev/null; then
    render="kustomize build"
else
    say "Missing: kubectl 1.27 or newer (https://kubernetes.io/docs/tasks/tools), or kustomize 5"
    exit 1
fi

# Installed once per list; an interrupted installation is begun anew.
if ! cmp -s "$list" "$env/installed.txt"; then
    say "Installing the checking tools into $env"
    rm -rf "$env"
    python3 -m venv "$env"
    "$env/bin/pip" install --quiet --disable-pip-version-check --requirement "$list"
    cp "$list" "$env/installed.txt"
fi

mkdir -p "$out"
rendered=
for build in $builds; do
    file=$out/$(basename "$build").yaml
    $render "k8s/$build" >"$file" 2>"$out/render.log" || { cat "$out/render.log" >&2 && exit 1; }
    # kustomize only warns of what it will no longer know soon.
    [ ! -s "$out/render.log" ] || { cat "$out/render.log" >&2 && exit 1; }
    rendered="$rendered $file"
done

for version in $versions; do
    # Of a kind without a schema this tool only warns; here that is an error, too, but for those that rules.py knows.
    # shellcheck disable=SC2086 # word splitting: several files
    "$env/bin/kubernetes-validate" --strict --kubernetes-version "$version" $rendered >"$out/schema.log" 2>&1 ||
        echo "ERROR kubernetes-validate failed" >>"$out/schema.log"
    if grep -v -e '^INFO ' -e ' kind \(Certificate\|Issuer\) with api version cert-manager.io/v1 ' "$out/schema.log" >&2; then
        exit 1
    fi
done

# shellcheck disable=SC2086
"$env/bin/python" tests/k8s/rules.py $rendered
"$env/bin/python" tests/k8s/rules_itself.py
"$env/bin/hadolint" Dockerfile
"$env/bin/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml >"$out/schema.log" ||
    { cat "$out/schema.log" >&2 && exit 1; }
say "k8s, Dockerfile and compose.yaml: rendered, schemas of Kubernetes $versions, own rules: all fit."
