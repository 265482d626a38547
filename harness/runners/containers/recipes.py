"""Nothing in, the shell scripts that fetch and build crates in containers out.

`/crates` is the home of Cargo that is kept on this machine, without settings and credentials;
`$SAVED` the crates that were built before. Both are read-only there: what is new leaves as an
archive.
"""

FETCH = """
mkdir -p /room/home/registry/src /room/home/registry/cache
if [ -d /crates/registry ]; then
  cp -a /crates/registry/index /room/home/registry/
  for kind in src cache; do
    for source in /crates/registry/$kind/*; do
      there=/room/home/registry/$kind/${source##*/}
      mkdir -p "$there" && find "$source" -mindepth 1 -maxdepth 1 -exec ln -s -t "$there" {} +
    done
  done
fi
[ -d /crates/git ] && cp -a /crates/git /room/home/
export CARGO_HOME=/room/home
"$CARGO" fetch --target "$TARGET" || exit 1
cd /room/home && mkdir -p git
find registry git \\( -type f -o -path 'git/*' -type d \\) ! -name .package-cache -print0 |
  tar --create --no-recursion --hard-dereference --file /room/base/handed.tar --format posix \\
    --null --files-from -
"""

BUILD = """
mkdir -p "/room/target/$KIND"
if [ -d "$SAVED/$KIND" ]; then
  cp -as "$SAVED/$KIND/deps" "/room/target/$KIND/deps"
  find "/room/target/$KIND/deps" ! -name '*.rlib' ! -name '*.rmeta' ! -name '*.so' ! -type d -delete
  cp -a "$SAVED/$KIND/.fingerprint" "$SAVED/$KIND/build" "/room/target/$KIND/"
fi
touch /room/stamp
export CARGO_HOME=/crates CARGO_TARGET_DIR=/room/target
"$CARGO" metadata --offline --locked --format-version 1 --filter-platform "$TARGET" \
  >metadata || exit 1
"$CARGO" build $OPTIONS --offline --locked --message-format json >messages || exit 2
cd /room/target && find . -type f -newer /room/stamp \
  ! -name .cargo-lock ! -name '*.d' ! -name '*base_????????????????-*' -print0 |
  tar --create --hard-dereference --file /room/base/handed.tar --format posix --null --files-from -
"""

SURVEY = """
mkdir -p /room/home
export CARGO_HOME=/room/home
cut() { [ -f "$1" ] && head -c "$MOST" "$1" >"$2"; }
"$CARGO" metadata --no-deps --offline --format-version 1 --manifest-path "$MANIFEST" \
  | head -c "$MOST" >metadata
[ -s metadata ] || exit 1
set -- --workspace --message-format plain --manifest-path "$MANIFEST"
root=$("$CARGO" locate-project "$@") || exit 1
cut "$root" manifest
cut "${root%/*}/Cargo.lock" lock
exit 0
"""
"""What Cargo says of the packages at `$MANIFEST`, and the manifest and lock that are in force.

Cargo is called outside the checkout, so that none of its settings hold.
"""

FETCH_PROJECT = (
    """
tar --extract --file workspace.tar
"""
    + FETCH
    + """
cd /room/base
if [ -n "$LOCKED" ]; then "$CARGO" fetch --locked --manifest-path "$LOCKED" || exit 1; fi
"$CARGO" metadata --offline --locked --format-version 1 --filter-platform "$TARGET" "$@" \
  | head -c "$MOST" >metadata
[ -s metadata ]
"""
)
"""As `FETCH`, of a generated workspace, with what Cargo says of it when it is resolved."""

BUILD_PROJECT = """
tar --extract --file workspace.tar
for kind in debug "$TARGET/debug"; do
  mkdir -p "/room/target/$kind"
  [ -d "$SAVED/$kind" ] || continue
  for part in deps .fingerprint build; do
    [ -d "$SAVED/$kind/$part" ] && cp -a"$( [ $part = deps ] && echo s )" \
      "$SAVED/$kind/$part" "/room/target/$kind/$part"
  done
  find "/room/target/$kind/deps" ! -name '*.rlib' ! -name '*.rmeta' ! -name '*.so' ! -type d -delete
done
touch /room/stamp
export CARGO_HOME=/crates CARGO_TARGET_DIR=/room/target CARGO_BUILD_BUILD_DIR=/room/target
cd "/room/base/$SETTINGS" || exit 1
"$CARGO" build --manifest-path /room/base/Cargo.toml --keep-going --offline --locked \
  --message-format json --target "$TARGET" "$@" >/room/base/messages
status=$?
cd /room/target && find . -type f -newer /room/stamp ! -name .cargo-lock ! -name '*.d' -print0 |
  tar --create --hard-dereference --file /room/base/handed.tar --format posix --null --files-from -
exit $status
"""
"""As `BUILD`, of a generated workspace, in a folder whose settings hold."""
