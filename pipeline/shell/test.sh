# Installs what was built, as its users will, and sees that the tests of it leave a JUnit report.
# Reads CI_PROJECT_DIR and INSTALL_PREFIX.

install_built_packages() {
  check_manifest
  install_packages ./packages/*.deb
  export CMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH:+$CMAKE_PREFIX_PATH:}$INSTALL_PREFIX"
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
