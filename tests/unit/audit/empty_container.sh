#!/bin/sh
# Runs STEPS (a shell script) over FILE (an evidence file) where there is nothing but the programs that
# its README names: a root folder with those alone, or, where chroot is not allowed, no other path.
#   empty_container.sh FOLDER FILE STEPS [PEM...]     PEMs are put beside the unpacked files
set -eu
root=$1 file=$2 steps=$3
shift 3

mkdir -p "$root/bin" "$root/evidence" "$root/tmp"
put() { # put PROGRAM: with the libraries it needs
  program=$(command -v "$1")
  program=$(readlink -f "$program")
  cp "$program" "$root/bin/$1"
  ldd "$program" 2>/dev/null | while read -r name _ path _; do
    case $name in /*) path=$name ;; esac
    case $path in /*) mkdir -p "$root$(dirname "$path")" && cp -n "$path" "$root$path" ;; esac
  done
}
for program in sh unzip openssl sha256sum cat head tail wc mv mkdir; do put "$program"; done
cp "$file" "$root/evidence.asice"
cp "$steps" "$root/steps.sh"
for pem in "$@"; do cp "$pem" "$root/evidence/$(basename "$pem")"; done

inside='unzip -q /evidence.asice -d /evidence && cd /evidence && exec sh -e /steps.sh'
chroot=$(command -v chroot || echo /usr/sbin/chroot)
if [ "$(id -u)" = 0 ] && "$chroot" "$root" /bin/sh -c true 2>/dev/null; then
  exec env -i PATH=/bin "$chroot" "$root" /bin/sh -c "$inside"
elif unshare -r "$chroot" "$root" /bin/sh -c true 2>/dev/null; then
  exec env -i PATH=/bin "$(command -v unshare)" -r "$chroot" "$root" /bin/sh -c "$inside"
else
  cd "$root/evidence"
  exec env -i PATH="$root/bin" "$root/bin/sh" -c 'unzip -q ../evidence.asice && exec sh -e ../steps.sh'
fi
