# Completion for the four programs: commands and options are read from the program's own --help, so this
# never lags behind. Installed under each program's name.

_rujukan_words() { # _rujukan_words PATTERN PROGRAM [COMMAND]
  local pattern=$1
  shift
  "$@" --help 2>/dev/null | grep -oE "$pattern" | tr -d ' '
}

# Codes an option takes: _rujukan_codes COMMAND OPTION. Empty: it takes none.
_rujukan_codes() {
  case $1:$2 in
    decline:--reason | redirect:--code)
      echo KAPASITAS_PENUH DI_LUAR_WILAYAH DI_LUAR_KEWENANGAN USIA_TIDAK_SESUAI \
        LAYANAN_TIDAK_TERSEDIA DISABILITAS_TIDAK_TERFASILITASI SUMBER_RUJUKAN_TIDAK_BERWENANG \
        DOKUMEN_TIDAK_LENGKAP KONFLIK_KEPENTINGAN DUPLIKAT LAINNYA ;;
    fail:--reason)
      echo KABUR HILANG MENINGGAL MENOLAK_LAYANAN PINDAH_WILAYAH LAYANAN_TERHENTI LAINNYA ;;
    alert:--type)
      echo KABUR HILANG BAHAYA BUNUH_DIRI PELAKU_MENDEKAT PENGUSIRAN MENINGGAL ;;
    ask:--code)
      echo IDENTITAS KEADAAN_ANAK PENGASUH DOKUMEN KESEHATAN HUKUM TINDAKAN LAINNYA ;;
    finish:--outcome)
      echo REINTEGRASI_KELUARGA PENGASUHAN_KERABAT KELUARGA_PENGGANTI PENGASUHAN_LKSA \
        REHABILITASI_SELESAI DIVERSI_BERHASIL PUTUSAN_PENGADILAN PEMULANGAN_SELESAI \
        DIRUJUK_LANJUT MANDIRI_18 MENOLAK_LAYANAN HILANG_KONTAK MENINGGAL TIDAK_TERBUKTI ;;
    risk:--level | progress:--risk) echo RENDAH SEDANG TINGGI ;;
    invite-conference:--mode) echo TATAP_MUKA DARING CAMPURAN ;;
    answer-withdrawal:--basis) echo KEWAJIBAN_HUKUM KEPENTINGAN_VITAL TUGAS_PUBLIK ;;
    request-details:--compartment)
      echo medis visum hiv kekerasan_seksual bap litmas lpsk jaringan ;;
    search:--state)
      echo TERKIRIM SAMPAI DIKAJI MENUNGGU_INFO DITERIMA BERJALAN DITUNDA SELESAI DITUTUP \
        DITOLAK DIALIHKAN DIBATALKAN GAGAL SALAH_INPUT ;;
    search:--deadline)
      echo PENERIMAAN KONFIRMASI KEPUTUSAN KONTAK KEMAJUAN TINJAUAN PENUTUPAN PERINGATAN \
        PENGESAHAN LAYANAN ;;
    search:--urgency) echo AMAT_SEGERA SEGERA BIASA DARURAT TINGGI SEDANG RENDAH ;;
    *:--urgency) echo AMAT_SEGERA SEGERA BIASA ;;
    *:--lang) echo id en id/en ;;
    *:--reason) # of rujukan-admin; in words elsewhere
      [ "${COMP_WORDS[0]##*/}" != rujukan-admin ] ||
        echo KEY_COMPROMISE CESSATION AFFILIATION_CHANGED MISCONDUCT ;;
  esac
}

_rujukan() {
  local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    # CLI11 lists each command with two spaces before it, under a heading of its own.
    mapfile -t COMPREPLY < <(compgen -W "$(_rujukan_words '^  [a-z-]+ ' "$program")" -- "$word")
  elif [ "$COMP_CWORD" -eq 2 ] && [[ $word != -* ]] &&
    [[ $command =~ ^(directory|policy|anchor|crl|issuing|timer)$ ]]; then
    # Commands below a command; the examples in its help begin with the program's name.
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_rujukan_words '^  [a-z][a-z-]* ' "$program" "$command" | grep -v '^rujukan-')" -- "$word")
  elif [ -n "$(_rujukan_codes "$command" "${COMP_WORDS[COMP_CWORD - 1]}")" ]; then
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_rujukan_codes "$command" "${COMP_WORDS[COMP_CWORD - 1]}")" -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_rujukan_words '[-]-[a-z][a-z-]*' "$program" "$command")" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}

complete -o filenames -F _rujukan rujukan-broker rujukan-agent rujukan-admin rujukan-audit
