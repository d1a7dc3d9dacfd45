# Checks the packages where they have just been installed.
hookrate /usr/share/hookrate/samples.csv | tee rate
grep --quiet '^rate: 1.2 Hz$' rate
dpkg-query --show hookrate hookrate-data
