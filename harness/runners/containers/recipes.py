"""Nothing in, the shell scripts that fetch and build crates in containers out.

`/crates` is the home of Cargo that is kept on this machine, without settings and credentials;
`$SAVED` the crates that were built before. Both are read-only there: what is new leaves as an
archive.
"""

FETCH = """
mkdir -p /work/home/registry/src /work/home/registry/cache
if [ -d /crates/registry ]; then
  cp -a /crates/registry/index /work/home/registry/
  for kind in src cache; do
    for source in /crates/registry/$kind/*; do
      there=/work/home/registry/$kind/${source##*/}
      mkdir -p "$there" && find "$source" -mindepth 1 -maxdepth 1 -exec ln -s -t "$there" {} +
    done
  done
fi
export CARGO_HOME=/work/home
"$CARGO" fetch --target "$TARGET" || exit 1
cd /work/home && find registry -type f ! -name .package-cache -print0 |
  tar --create --hard-dereference --file /work/base/handed.tar --format posix --null --files-from -
"""

BUILD = """
mkdir -p "/work/target/$KIND"
if [ -d "$SAVED/$KIND" ]; then
  cp -as "$SAVED/$KIND/deps" "/work/target/$KIND/deps"
  find "/work/target/$KIND/deps" ! -name '*.rlib' ! -name '*.rmeta' ! -name '*.so' ! -type d -delete
  cp -a "$SAVED/$KIND/.fingerprint" "$SAVED/$KIND/build" "/work/target/$KIND/"
fi
touch /work/stamp
export CARGO_HOME=/crates CARGO_TARGET_DIR=/work/target
"$CARGO" metadata --offline --locked --format-version 1 --filter-platform "$TARGET" \
  >metadata || exit 1
"$CARGO" build $PROFILE --offline --locked --message-format json >messages || exit 2
cd /work/target && find . -type f -newer /work/stamp \
  ! -name .cargo-lock ! -name '*.d' ! -name '*base_????????????????-*' -print0 |
  tar --create --hard-dereference --file /work/base/handed.tar --format posix --null --files-from -
"""
