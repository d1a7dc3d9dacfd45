# Installs what was built, as its users will, and sees that the tests of it leave a JUnit report.
# Reads CI_PROJECT_DIR, INSTALL_PREFIX, BUILD_ARCHITECTURE, TESTED_PACKAGES and GROUPED_PACKAGES.

install_built_packages() {
  check_architecture
  check_manifest
  check_groups
  tested=$(list_tested)
  # shellcheck disable=SC2086 # Names of packages and versions have neither spaces nor wildcards.
  install_packages $tested
  export CMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH:+$CMAKE_PREFIX_PATH:}$INSTALL_PREFIX"
}

# What is in no group would be uploaded and tested by no job.
check_groups() (
  [ -n "${GROUPED_PACKAGES:-}" ] || exit 0
  list_built | cut -d ' ' -f 4 | while read -r built; do
    case " $GROUPED_PACKAGES " in
      *" $built "*) ;;
      *) fail "$built was built and is in no group, so no job would test it: add it to one of tests.groups" ;;
    esac
  done
)

# All that were built, or those of TESTED_PACKAGES: two packages of a source may conflict.
list_tested() (
  built=$(list_built)
  names=$(printf '%s\n' "$built" | cut -d ' ' -f 4)
  for tested in ${TESTED_PACKAGES:-$names}; do
    printf '%s\n' "$built" |
      awk -v name="$tested" '$4 == name { print "./packages/" $3; found = 1 } END { exit !found }' ||
      fail "the group $TESTED_GROUP has $tested, which is not among the built packages: $(printf '%s\n' "$names" | paste -s -d ' '). Correct tests.groups"
  done
)

# The manifest's lines of the job's own architecture and of all: another one's do not run there.
list_built() {
  awk -v own="${BUILD_ARCHITECTURE:-}" 'own == "" || $6 == own || $6 == "all"' packages/manifest
}

# expect_reports PATTERN... lets no way out of the tests pass without a report, also not an early exit 0.
expect_reports() {
  expected_reports=$*
  trap check_reports EXIT
}

check_reports() {
  code=$?
  trap - EXIT
  [ "$code" -eq 0 ] || exit "$code"
  cd "$CI_PROJECT_DIR" || exit
  for report in $expected_reports; do
    [ -f "$report" ] ||
      fail "the tests left no $report: let them write a JUnit report there, or correct reports"
    grep --quiet '<testcase' "$report" || fail "$report names no test case: did any test run?"
  done
}
