#!/bin/sh
# Takes away what configure-runner.sh made, once the running jobs have ended. The package stays.
#
# Usage: remove-runner.sh NAME OWNER
set -eu

name=$1
owner=$2
service=trunkline-runner-$name.service
unit=/etc/systemd/system/$service

if [ ! -e "$unit" ]; then
  echo "$service: gone already"
  exit 0
fi
if ! grep -qxF "# owner: $owner" "$unit"; then
  echo "trunkline: $service belongs to another owner than $owner and stays" >&2
  exit 1
fi
systemctl disable --quiet --now "$service"
rm -f "/etc/gitlab-runner/trunkline/$name.toml" "$unit"
systemctl daemon-reload
echo "$service: removed"
