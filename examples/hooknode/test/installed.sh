# Checks the package where it has just been installed.
/opt/trunk30/bin/hooknode --version
echo 20.5 | /opt/trunk30/bin/hooknode | grep '20\.5'
