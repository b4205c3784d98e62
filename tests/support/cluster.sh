# A PostgreSQL cluster that lives as long as the pipe at standard input: says its socket folder, and leaves nothing behind
# however the tests end. As root it runs as the user `postgres`, because PostgreSQL refuses root.
set -eu
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
PATH="$newest:$PATH"
folder=$(mktemp -d "${TMPDIR:-/tmp}/readmit-pg.XXXXXX")
server=
end() {
    [ -z "$server" ] || kill -QUIT "$server" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM HUP
as=
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as='setpriv --reuid=postgres --regid=postgres --init-groups'
fi
cd "$folder"
$as initdb -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync --wal-segsize=1 >/dev/null
# Tests kill Readmit, never the machine: what fsync protects against does not happen here.
$as postgres -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" \
    -c fsync=off -c full_page_writes=off -c max_connections=200 -c log_min_messages=panic </dev/null >/dev/null &
server=$!
until pg_isready -q -U postgres -h "$folder"; do
    kill -0 "$server"
    sleep 0.05
done
echo "$folder"
read -r _ || true
