#compdef claimreg
# Completion of claimreg in zsh: claimreg completion zsh > a folder of $fpath, as _claimreg
_claimreg() {
    local directive line
    local -a lines offers
    lines=("${(@f)$("${(Q)words[1]}" __complete zsh "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    directive=${lines[1]}
    for line in "${(@)lines[2,-1]}"; do
        [[ -n $line ]] && offers+=("${${${line%%$'\t'*}//\\/\\\\}//:/\\:}:${line#*$'\t'}")
    done
    (( ${#offers} )) && _describe -V claimreg offers
    case $directive in
        :files) _files ;;
        :folders) _files -/ ;;
    esac
    return 0
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _claimreg "$@"
else
    compdef _claimreg claimreg
fi
