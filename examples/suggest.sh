#!/bin/sh
# Lets coppice choose the parameters of a command, one call for each trial.
#
#   examples/suggest.sh build/release/coppice examples/08_ask.json
set -eu
coppice=$1
spec=$2
study=suggest

# A field of the suggestion, which is a line of JSON.
field() {
  printf '%s\n' "$suggestion" | sed "s/.*\"$1\":\([^,}]*\).*/\1/"
}

# To be made small; the best point is at x = 0.3, y = 2. A command of your own goes here.
evaluate() {
  awk -v x="$1" -v y="$2" 'BEGIN { printf "%.12f", (x - 0.3) ^ 2 + (y - 2) ^ 2 }'
}

# It fails when there is nothing more to try.
while suggestion=$("$coppice" suggest "$spec" --name "$study"); do
  trial=$(field trial)
  if score=$(evaluate "$(field x)" "$(field y)"); then
    "$coppice" tell "$study" --trial "$trial" --score "$score"
  else
    "$coppice" tell "$study" --trial "$trial" --failed "exit code $?"
  fi
done
printf '%s\n' "$suggestion"
