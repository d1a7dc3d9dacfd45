# Checks the package where it has just been installed.
test -s /opt/trunk30/include/ying/signal.hpp
test -s /opt/trunk30/lib/cmake/ying/ying-config.cmake
ldd /opt/trunk30/lib/libying.so.1 >libraries
cat libraries
! grep 'not found' libraries
