# Checks the package where it has just been installed.
cat >boiler.yaml <<'EOF'
sensor: boiler
unit: celsius
window: 3
samples: [20.5, 60, 61, 62]
EOF
/opt/trunk30/bin/datahook --text boiler.yaml | tee message
grep --quiet 'mean: 61$' message
