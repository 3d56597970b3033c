# As the guide it is short for.
# shellcheck disable=SC1091
. "$here/fixtures_guide-auditor.sh"
