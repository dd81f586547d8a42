#!/usr/bin/env bash
# The native TypeScript compiler tells the same errors with another exit status, in some projects only.
#
# Versions: typescript 5.9.3, 6.0.3 and 7.0.2, on Node 20 or newer.
#
# Behaviour: 7.0 is the compiler of 6.0, written anew, and what it prints of a type error is the same to the byte. One
# would expect the same status. Where the project has noEmit, as most that are built by another tool, 5.9 and 6.0 end
# with 2 and 7.0 with 1. Where files are written, all three end with 2. A script for which 2 means errors of type, and 1
# that the compiler could not begin (as without a tsconfig.json), reads 7.0 wrongly, and only in such projects.
#
# Output seen:
#     version  noEmit  outDir  printed
#     5.9.3         2       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
#     6.0.3         2       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
#     7.0.2         1       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# The status of the compiler in a project with one more option; what it prints is left in the file "printed".
compile() {
    mkdir -p project
    echo 'export const rows: number = "none";' >project/rows.ts
    echo "{\"compilerOptions\": {\"strict\": true, \"types\": [], $2}, \"files\": [\"rows.ts\"]}" >project/tsconfig.json
    local status=0
    (cd project && "../$1/node_modules/.bin/tsc" -p .) >printed 2>&1 || status=$?
    rm -r project
    echo "$status"
}

echo "version  noEmit  outDir  printed" >seen
for version in 5.9.3 6.0.3 7.0.2; do
    mkdir "$version"
    npm install --silent --no-audit --no-fund --prefix "$version" "typescript@$version"
    written="$(compile "$version" '"outDir": "out"')"
    checked="$(compile "$version" '"noEmit": true')"
    printf '%-7s %7s %7s  %s\n' "$version" "$checked" "$written" "$(<printed)" >>seen
done
cat seen

diff - seen <<'EXPECTED'
version  noEmit  outDir  printed
5.9.3         2       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
6.0.3         2       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
7.0.2         1       2  rows.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.
EXPECTED
echo "the three compilers behave as described"
