#!/bin/sh
# Serves aptly's API on a Unix socket, which has no password of its own: a proxy must stand before it.
#
# Usage: aptly-server.sh DATA KEYS SOCKET USER ALGORITHM EXPIRY
#   DATA       folder of the packages; DATA/public is what apt clients read
#   KEYS       folder of the signing key, for nobody else to see
#   SOCKET     path of the socket
#   USER       user id of the signing key, made at the first start: "Name <address>"
#   ALGORITHM  of the key, as gpg names it: rsa4096, ed25519
#   EXPIRY     of the key: 5y; 0 for never
set -eu
umask 022

data=$1
keys=$2
socket=$3
user=$4
algorithm=$5
expiry=$6
public_key=$data/public/trunkline.asc

export GNUPGHOME="$keys"
mkdir -p "$data/public"
mkdir -p "$keys"
chmod 0700 "$keys"

if ! gpg --batch --list-secret-keys --with-colons | grep -q '^sec:'; then
  gpg --batch --pinentry-mode loopback --passphrase '' \
    --quick-generate-key "$user" "$algorithm" sign "$expiry"
fi
gpg --batch --armor --export >"$public_key.new"
mv -f "$public_key.new" "$public_key"

cat >"$data/aptly.conf" <<EOF
{ "rootDir": "$data", "gpgProvider": "gpg", "ppaDistributorID": "debian" }
EOF
rm -f "$socket"
exec aptly "-config=$data/aptly.conf" api serve "-listen=unix://$socket"
