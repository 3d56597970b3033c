# Completion for the four programs: commands and options are read from the program's own --help, so this
# never lags behind. Installed under each program's name.

_rujukan_words() { # _rujukan_words PATTERN PROGRAM [COMMAND]
  local pattern=$1
  shift
  "$@" --help 2>/dev/null | grep -oE "$pattern" | tr -d ' '
}

_rujukan() {
  local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]}
  local reasons='KAPASITAS_PENUH DI_LUAR_WILAYAH DI_LUAR_KEWENANGAN USIA_TIDAK_SESUAI
    LAYANAN_TIDAK_TERSEDIA DISABILITAS_TIDAK_TERFASILITASI SUMBER_RUJUKAN_TIDAK_BERWENANG
    DOKUMEN_TIDAK_LENGKAP KONFLIK_KEPENTINGAN DUPLIKAT LAINNYA'
  if [ "$COMP_CWORD" -eq 1 ]; then
    # CLI11 lists each command with two spaces before it, under a heading of its own.
    mapfile -t COMPREPLY < <(compgen -W "$(_rujukan_words '^  [a-z-]+ ' "$program")" -- "$word")
  elif [ "$COMP_CWORD" -eq 2 ] && [[ $word != -* ]] &&
    [[ $command =~ ^(directory|policy|anchor|crl|issuing)$ ]]; then
    # Commands below a command; the examples in its help begin with the program's name.
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_rujukan_words '^  [a-z][a-z-]* ' "$program" "$command" | grep -v '^rujukan-')" -- "$word")
  elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = --reason ] && [ "$command" = decline ]; then
    mapfile -t COMPREPLY < <(compgen -W "$reasons" -- "$word")
  elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = --reason ]; then
    mapfile -t COMPREPLY < <(compgen -W \
      'KEY_COMPROMISE CESSATION AFFILIATION_CHANGED MISCONDUCT' -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_rujukan_words '[-]-[a-z][a-z-]*' "$program" "$command")" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -o filenames -F _rujukan rujukan-broker rujukan-agent rujukan-admin rujukan-audit
