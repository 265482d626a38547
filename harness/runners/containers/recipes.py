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
export CARGO_HOME=/room/home
"$CARGO" fetch --target "$TARGET" || exit 1
cd /room/home && find registry -type f ! -name .package-cache -print0 |
  tar --create --hard-dereference --file /room/base/handed.tar --format posix --null --files-from -
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
"$CARGO" build $PROFILE --offline --locked --message-format json >messages || exit 2
cd /room/target && find . -type f -newer /room/stamp \
  ! -name .cargo-lock ! -name '*.d' ! -name '*base_????????????????-*' -print0 |
  tar --create --hard-dereference --file /room/base/handed.tar --format posix --null --files-from -
"""
