# Installs packages of the team's own: they change between two builds of the builder image, so they
# are not in it. Reads USED_SOURCES.

# Where a builder image of trunkline names the team's repository, and beside it further sources.
own_source=/etc/apt/sources.list.d/trunkline.sources

# install_packages NAME... or ./FILE.deb... reads the repositories alone that have what is used, for
# what its packages depend on is in the image as a rule. Where it is not, every source is read.
install_packages() {
  # shellcheck disable=SC2034 # what is built is recorded with them
  used_packages=$*
  if [ -f "$own_source" ]; then
    read_used_sources
    try_to_install "$@" && return
    echo "Image, team's repository${USED_SOURCES:+ and $USED_SOURCES} have not all of it: reading every source. buildDepends keeps packages in the image." >&2
  fi
  apt-get update
  try_to_install "$@"
}

# apt takes one file or a folder of them. Others may read it, since apt gives up root's rights.
read_used_sources() (
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  chmod 755 "$folder"
  for source in trunkline ${USED_SOURCES:-}; do
    file=${own_source%/*}/$source.sources
    [ ! -f "$file" ] || cp "$file" "$folder"
  done
  apt-get update --option Dir::Etc::SourceList=/dev/null --option Dir::Etc::SourceParts="$folder" \
    --option APT::Get::List-Cleanup=false
)

# Without a terminal of its own dpkg writes no progress into the job's log.
try_to_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    --option Dpkg::Use-Pty=0 "$@"
}
