# Copyright The Howdah Authors
# SPDX-License-Identifier: Apache-2.0
#
# Ends what its parent started once the parent closes this script's standard input, or dies in whatever way.
# It reads lines:
#   process <pid> <signal>   end this process with the signal (KILL follows after some seconds)
#   forget <pid>             the process ended already
#   directory <path>         remove this directory at the end
# A process is known by its pid and its start time, so that a reused pid is never touched.

trap '' INT TERM HUP QUIT PIPE
cd /

# Prints the start time of process $1; nothing when it is gone or a zombie.
started() {
  if [ -d /proc/self ]; then
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    # The fields after the command name, which may itself hold blanks and brackets: $1 is the state, $20 the start.
    set -- ${line##*) }
    case $1 in Z | X) ;; *) echo "${20}" ;; esac
  else
    case $(ps -o stat= -p "$1" 2>/dev/null) in '' | Z*) ;; *) ps -o lstart= -p "$1" 2>/dev/null ;; esac
  fi
}

alive() {
  eval "expected=\$start_$1"
  [ -n "$expected" ] && [ "$(started "$1")" = "$expected" ]
}

pids=
directories=
newline='
'

while read -r verb rest; do
  case $verb in
    process)
      pid=${rest%% *}
      pids="$pids $pid"
      eval "signal_$pid=\${rest##* }; start_$pid=\$(started $pid)"
      ;;
    forget) eval "start_$rest=" ;;
    directory) directories="$directories$rest$newline" ;;
  esac
done

for pid in $pids; do
  if alive "$pid"; then
    eval "signal=\$signal_$pid"
    kill -s "$signal" "$pid" 2>/dev/null
  fi
done

rounds=0
while [ "$rounds" -lt 60 ]; do
  left=
  for pid in $pids; do
    if alive "$pid"; then left=1; fi
  done
  [ -z "$left" ] && break
  sleep 0.1 2>/dev/null || sleep 1
  rounds=$((rounds + 1))
done

for pid in $pids; do
  if alive "$pid"; then kill -s KILL "$pid" 2>/dev/null; fi
done

# The children of a killed process may still be writing: try again for a while.
IFS=$newline
for directory in $directories; do
  rounds=0
  until rm -rf "$directory" 2>/dev/null && [ ! -e "$directory" ]; do
    rounds=$((rounds + 1))
    [ "$rounds" -ge 20 ] && break
    sleep 0.2 2>/dev/null || sleep 1
  done
done
