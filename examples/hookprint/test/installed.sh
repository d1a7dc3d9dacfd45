# Checks the package where it has just been installed.
hookprint boiler 20.5 61 | tee table
grep --quiet 'boiler .*40\.75$' table
