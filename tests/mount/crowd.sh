# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# crowd.sh - for the scripts with a thousand processes: crowd.py, and a service that can be begun anew.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

CROWD=${CROWD:-1000}
CROWD_PY=$(readlink -f "$(dirname "$0")")/crowd.py
crowd() { python3 "$CROWD_PY" "$@"; }

port=$(free_port)
profile test "$port"
service() { service_stop; service_start "$port" --advertisers 1 --campaigns 20 --adgroups 100 --ads 300 "$@"; mark; }
