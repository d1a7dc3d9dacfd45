# Installs packages of the team's own: they change between two builds of the builder image, so they
# are not in it.

# Where a builder image of trunkline names the team's repository.
own_source=/etc/apt/sources.list.d/trunkline.sources

# install_packages NAME... or ./FILE.deb... reads the team's repository alone, for what its packages
# depend on is in the image as a rule. Where it is not, every source is read.
install_packages() {
  # shellcheck disable=SC2034 # what is built is recorded with them
  used_packages=$*
  if [ -f "$own_source" ]; then
    apt-get update --option Dir::Etc::SourceList="$own_source" \
      --option Dir::Etc::SourceParts=/dev/null --option APT::Get::List-Cleanup=false
    try_to_install "$@" && return
    echo "Image and team's repository have not all of it: reading every source. buildDepends keeps packages in the image." >&2
  fi
  apt-get update
  try_to_install "$@"
}

# Without a terminal of its own dpkg writes no progress into the job's log.
try_to_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    --option Dpkg::Use-Pty=0 "$@"
}
