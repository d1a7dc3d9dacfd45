#!/bin/sh
# Runs one runner as a service of its own, beside others that the machine may have.
#
# Usage: configure-runner.sh NAME OWNER GRACE < CONFIG
#   NAME    the runner's name: a-z, 0-9 and dashes
#   OWNER   who may change it later; an object of another owner is left alone
#   GRACE   seconds that running jobs get when the service stops
#   CONFIG  its config.toml, which holds the token
set -eu
umask 077

name=$1
owner=$2
grace=$3
service=trunkline-runner-$name.service
folder=/etc/gitlab-runner/trunkline
config=$folder/$name.toml
unit=/etc/systemd/system/$service

fail() {
  echo "trunkline: $*" >&2
  exit 1
}

# What a running process reads only when it starts:
# https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-session_server-section
settings_of_start() {
  [ -e "$1" ] || return 0
  sed -n -e '/^listen_address/p' -e '/^\[session_server\]/,/^\[\[/p' "$1"
}

# The command succeeds as well when GitLab cannot be reached; only its words tell.
check_known() {
  told=$("$program" verify --config "$new_config" 2>&1) || true
  case $told in
    *"is valid"* | *"is alive"*) ;;
    *) fail "this machine does not reach GitLab, or GitLab does not know $name; nothing was changed: $told" ;;
  esac
}

render_unit() {
  cat <<EOF
# owner: $owner
[Unit]
Description=GitLab runner $name
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=$program run --config $config --working-directory /home/gitlab-runner --user gitlab-runner --service $service
ExecReload=/bin/kill -HUP \$MAINPID
# SIGQUIT lets running jobs end; it must not reach the jobs themselves.
KillSignal=SIGQUIT
KillMode=mixed
TimeoutStopSec=$grace
Restart=always
RestartSec=10

[Install]
WantedBy=multi-user.target
EOF
}

program=$(command -v gitlab-runner) || fail "this machine has no gitlab-runner; let trunkline install it with package"
if [ -e "$unit" ] && ! grep -qxF "# owner: $owner" "$unit"; then
  fail "$service belongs to another owner than $owner; give the runner another name"
fi

mkdir -p "$folder"
new_config=$(mktemp "$folder/.$name.XXXXXX")
new_unit=$(mktemp "$folder/.$name.XXXXXX")
trap 'rm -f "$new_config" "$new_unit"' EXIT
cat >"$new_config"
[ -s "$new_config" ] || fail "the configuration of $name is empty"
render_unit >"$new_unit"
chmod 0644 "$new_unit"

action=none
if ! cmp -s "$new_config" "$config"; then
  check_known
  action=reload
  if [ "$(settings_of_start "$new_config")" != "$(settings_of_start "$config")" ]; then
    action=restart
  fi
  mv -f "$new_config" "$config"
fi
if ! cmp -s "$new_unit" "$unit"; then
  action=restart
  mv -f "$new_unit" "$unit"
  systemctl daemon-reload
  systemctl enable --quiet "$service"
fi
if ! systemctl is-active --quiet "$service"; then
  action=restart
fi

case $action in
  reload) systemctl reload "$service" ;;
  restart) systemctl restart "$service" ;;
esac
systemctl is-active --quiet "$service" || fail "$service does not run; see journalctl -u $service"
echo "$service: $action"
