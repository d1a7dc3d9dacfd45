# Checks the package where it has just been installed.
test -s /usr/include/quantity/quantity.hpp
test -s /usr/share/cmake/quantity/quantity-config.cmake
dpkg-query --show --showformat='${Package} ${Version} ${Architecture}\n' quantity
