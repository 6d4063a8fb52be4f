# Sourced by tests/compare-builds and tests/real-projects: what a build said, and what is in an image. T is a folder of the caller's.

# cached FILE: the steps of a plain progress that were known
cached() { awk '/^#[0-9]+ \[/ {n=$1; sub(/^#[0-9]+ /, ""); name[n]=$0} /^#[0-9]+ CACHED/ {print name[$1]}' "$1" | grep -vE '^$|\] FROM |^\[internal|^\[context' | sort; }
# done_anew FILE: those that were not
done_anew() { sed -nE 's/^#[0-9]+ (\[[^]]*[0-9]+\/[0-9]+\] .*)$/\1/p' "$1" | grep -v '\] FROM ' | sort -u | comm -23 - <(cached "$1"); }

# tree HOST IMAGE [LEFT OUT...]: every file of it: names, kinds, modes, owners, links, digests
tree() {
  local host=$1 image=$2 id left=(); shift 2; for one; do left+=(! -path "./$one" ! -path "./$one/*"); done
  id=$(DOCKER_HOST=$host docker create "$image" none 2>/dev/null) || { echo "no container"; return; }
  mkdir "$T/root"; DOCKER_HOST=$host docker export "$id" | tar -x -C "$T/root" --numeric-owner 2>/dev/null; DOCKER_HOST=$host docker rm "$id" >/dev/null
  (cd "$T/root" && rm -rf .dockerenv dev proc sys etc/mtab etc/hosts etc/hostname etc/resolv.conf; rmdir etc 2>/dev/null
    find . -mindepth 1 "${left[@]}" -printf '%P %y %m %U:%G %l\n' | sort
    find . -mindepth 1 "${left[@]}" -type f -print0 | sort -z | xargs -0 -r sha256sum)
  rm -rf "$T/root"
}
