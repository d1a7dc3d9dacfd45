# Talks to aptly's API at APTLY_URL, with APTLY_USERNAME and APTLY_PASSWORD.

# What may be repeated and will perhaps succeed then (EX_TEMPFAIL of sysexits.h).
try_again=75
# What another job's call keeps from being looked at.
busy=76

# Only aptly gets the credentials, on curl's standard input: no process list and no log shows them.
credentials_for() {
  case $1 in
    "$APTLY_URL"/*)
      escaped=$(printf '%s:%s' "$APTLY_USERNAME" "$APTLY_PASSWORD" | sed 's/[\\"]/\\&/g')
      printf 'user = "%s"\n' "$escaped"
      ;;
  esac
}

# request_once METHOD URL [CURL ARGUMENT...] prints the body of a 2xx answer.
# curl's --fail-with-body does the same, but the curl of xenial, bionic and focal lacks it.
request_once() (
  method=$1 url=$2
  shift 2
  body=$(mktemp)
  trap 'rm -f "$body"' EXIT
  status=$(
    credentials_for "$url" | curl --config - --silent --show-error --connect-timeout 10 \
      --request "$method" --output "$body" --write-out '%{http_code}' "$@" "$url"
  ) || {
    echo "$method $url got no whole answer" >&2
    exit "$try_again"
  }
  case $status in
    2??)
      cat "$body"
      exit 0
      ;;
  esac
  [ "$status" != 429 ] || exit "$busy"
  echo "$method $url answered $status: $(head -c 500 "$body")" >&2
  case $status in
    401 | 403) echo "Check APTLY_USERNAME and APTLY_PASSWORD." >&2 ;;
    408 | 502 | 503 | 504) exit "$try_again" ;;
  esac
  exit 1
)

# request METHOD URL [CURL ARGUMENT...] is for calls that may be repeated: five tries in all, twice
# the wait before each. While others have their turn (429), it waits for half an hour.
request() (
  wait=${RETRY_SECONDS:-2} tries=1 turns=1
  while :; do
    code=0
    request_once "$@" || code=$?
    if [ "$code" -eq "$busy" ] && [ "$turns" -lt "${BUSY_TRIES:-1800}" ]; then
      [ "$turns" -gt 1 ] || echo "aptly is busy with another job's call: waiting." >&2
      turns=$((turns + 1))
      sleep 1
    elif [ "$code" -eq "$try_again" ] && [ "$tries" -lt 5 ]; then
      echo "Trying again in $wait s." >&2
      sleep "$wait"
      tries=$((tries + 1)) wait=$((wait * 2))
    else
      [ "$code" -ne "$busy" ] || echo "$1 $2 got no turn." >&2
      exit "$code"
    fi
  done
)
