#!/bin/sh
# Runs once, on an empty server: a database and a role per service, and none may enter another's.
# Compose uses this file too. All four roles have the server's one development password.
set -eu

for name in catalog orders kitchen identity; do
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set name="$name" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
