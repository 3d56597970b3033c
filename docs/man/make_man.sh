#!/bin/sh
# make_man.sh BIN_DIR: writes the manual pages beside it from each program's own --help. Run it after
# a change of options; the pages are kept in the repository so that installing needs no running.
set -eu
bin=$1
here=$(dirname "$0")

literal() { # help text as roff that keeps its layout
  printf '.nf\n'
  sed -e 's/\\/\\\\/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"
  printf '.fi\n'
}

for program in rujukan-broker rujukan-agent rujukan-admin rujukan-audit; do
  [ -x "$bin/$program" ] || continue
  help=$("$bin/$program" --help)
  title=$(printf '%s' "$program" | tr '[:lower:]' '[:upper:]')
  about=$(printf '%s\n' "$help" | sed -n "s/^$program: //p" | head -n 1)
  [ -n "$about" ] || about=$(printf '%s\n' "$help" | head -n 1)
  {
    printf '.TH %s 1 "" "Rujukan 0.1" "Rujukan"\n' "$title"
    printf '.SH NAME\n%s \\- %s\n' "$program" "$about"
    printf '.SH DESCRIPTION\n'
    printf '%s\n' "$help" | literal
    printf '%s\n' "$help" | sed -n '/^Subcommands:/,$s/^  \([a-z][a-z-]*\) .*/\1/p' |
      while read -r command; do
        printf '.SH COMMAND %s\n' "$command"
        "$bin/$program" "$command" --help | literal
      done
    printf '.SH SEE ALSO\n.BR rujukan-broker (1),\n.BR rujukan-agent (1),\n'
    printf '.BR rujukan-admin (1),\n.BR rujukan-audit (1)\n'
  } >"$here/$program.1"
done
