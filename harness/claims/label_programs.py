"""Words before a bare number in, whether they name a program whose version it is out."""

# ruff: noqa: RUF001

import re

_RELEASED_TEXT = (
    r"Python|PyPy|CPython|Java(?:SE)?|JDK|JRE|OpenJDK|Node(?:\.?js|JS)?|Deno|PHP|Perl|Ruby|"
    r"Rails|Lua|"
    r"Vue(?:\.js)?|Vite|Svelte(?:Kit)?|React|Angular(?:JS)?|Nuxt|Ember|Preact|jQuery|Bootstrap|"
    r"Tailwind(?: CSS)?|webpack|Babel|ESLint|Prettier|Jest|Vitest|Rollup|Docusaurus|Jekyll|Hugo|"
    r"Django|Laravel|Symfony|Drupal|WordPress|Flask|Helm|Tauri|Electron|Qt|GTK|Unity|"
    r"Unreal(?: Engine)?|"
    r"(?:Microsoft )?Windows|Windows Server|macOS|Mac OS X|OS X|iOS|iPadOS|watchOS|tvOS|iPhone|"
    r"Android|Ubuntu|Debian|Fedora|CentOS|RHEL|openSUSE|SLES|Alpine|Xcode|Visual Studio|"
    r"TypeScript|C#|F#|VB|Swift|Kotlin|Scala|Groovy|\.NET(?: Core| Framework)?|ASP\.NET(?: Core)?|"
    r"PostgreSQL|Postgres|MySQL|MariaDB|TensorFlow|PyTorch|GNOME|KDE|Gradle|Maven|IBM i|"
    r"OpenAPI|HTML|CSS|"
    r"OAuth|WSL|GPT|Gemini|Llama|Raspberry Pi|PlayStation|USB|Wi-Fi|Bluetooth"
)
"""Programs and norms of which people say the number alone: "Python 3 releases"."""
_KNOWN_TEXT = (
    r"Go|Golang|Rust|rustc|cargo|GCC|g\+\+|Clang|LLVM|MSVC|CMake|glibc|musl|Linux|FreeBSD|"
    r"OpenBSD|NetBSD|"
    r"Kernel|OpenSSL|Redis|Valkey|SQLite|MongoDB|Kafka|ZooKeeper|RabbitMQ|Elasticsearch|"
    r"OpenSearch|Lucene|Solr|"
    r"Cassandra|Docker|containerd|runc|Podman|Kubernetes|k8s|etcd|Istio|Envoy|nginx|Apache|httpd|"
    r"Tomcat|Jenkins|Terraform|Ansible|Vagrant|Vault|Consul|Nomad|Prometheus|Grafana|Hadoop|"
    r"Spark|Flink|"
    r"Hive|CUDA|OpenGL|OpenCL|Vulkan|DirectX|NumPy|SciPy|pandas|pip|npm|pnpm|Yarn|Bun|Bazel|Git|"
    r"GitLab|Chrome|Chromium|Firefox|Safari|Edge|Opera|Internet Explorer|IE|Haskell|GHC|"
    r"OCaml|Erlang|"
    r"Elixir|OTP|Julia|Crystal|Nim|Zig|Emacs|Vim|Neovim|protobuf|gRPC|TLS|DTLS|SSL|HTTP|"
    r"Unicode|POSIX|"
    r"ECMAScript|WebAssembly|tokio|hyper|serde|rand|Solidity|solc|geth|Emscripten|ncurses|Boost"
)
"""Programs and norms beside which a number may count, too: "Redis 3 replicas"."""
_SIGN = r"\s(?:(?:version|v\.?|release|>=|<=|[<>≥≤~^])\s?)?\(?v?\Z"
_RELEASED = re.compile(rf"(?<![\w.-])(?:{_RELEASED_TEXT}){_SIGN}", re.IGNORECASE)
_KNOWN = re.compile(rf"(?<![\w.-])(?:{_KNOWN_TEXT}){_SIGN}", re.IGNORECASE)
_WORDS = frozenset(("go", "unity", "react", "edge", "spark", "hive", "rust", "swift", "node"))
_SHORT = re.compile(r"\d{1,2}(?:\.\d+)?\Z|(?:19|20)\d\d\Z")
_PLURAL = re.compile(r"[A-Za-z'’-]*[^\Ws]s\Z")
_MEASURED_TEXT = "node core thread byte bit times percent of more minute hour day week"
_MEASURED = frozenset(_MEASURED_TEXT.split())


def names_version(before: str, digits: str, noun: str) -> bool:
    """`python 3.11`, `Helm 3 plugins`, `rustc >= 1.70`; no count ("Redis 3 replicas")."""
    if _SHORT.match(digits) is None:
        return False
    released = _RELEASED.search(before)
    if released is not None:
        in_lower = released[0][0].islower() and released[0].split()[0] in _WORDS
        return not in_lower or "." in digits or not noun
    known = _KNOWN.search(before)
    if known is None:
        return False
    if "." in digits:
        return noun not in _MEASURED
    is_word = known[0][0].islower() and known[0].split()[0] in _WORDS
    return not noun or not (is_word or _PLURAL.match(noun) or noun in _MEASURED)
