#!/bin/sh
# Asks for a password before aptly's API and serves the published repositories.
#
# Usage: aptly-proxy.sh USER PASSWORD_FILE SECRETS CONFIGURATION
#   USER           who may use the API
#   PASSWORD_FILE  file with the password alone
#   SECRETS        folder for the password's hash, best in memory
#   CONFIGURATION  nginx's configuration; reads SECRETS/htpasswd
set -eu
umask 077

user=$1
password_file=$2
secrets=$3
configuration=$4

mkdir -p "$secrets"
hash=$(openssl passwd -6 -stdin <"$password_file")
printf '%s:%s\n' "$user" "$hash" >"$secrets/htpasswd"
exec nginx -e stderr -c "$configuration" -g 'daemon off;'
