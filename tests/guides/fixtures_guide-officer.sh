# As the guide that it is the English of.
# shellcheck disable=SC1091
. "$here/fixtures_panduan-petugas.sh"
