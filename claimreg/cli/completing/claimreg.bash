# Completion of claimreg in bash: eval "$(claimreg completion bash)"
_claimreg() {
    local form=bash line directive="" program="${COMP_WORDS[0]/#\~/$HOME}" current="${COMP_WORDS[COMP_CWORD]}"
    # Completion by menu inserts what it shows.
    [[ ${COMP_TYPE:-9} == 37 || ${COMP_TYPE:-9} == 42 ]] && form=bash-menu
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $directive ]]; then
            directive=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <("$program" __complete "$form" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [[ $directive == :files || $directive == :folders ]]; then
        local kind=-f
        [[ $directive == :folders ]] && kind=-d
        current=${current#[\"\']}
        [[ $current == "=" ]] && current=""
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done < <(compgen $kind -- "$current" 2>/dev/null)
        compopt -o filenames 2>/dev/null
    fi
    compopt -o nosort 2>/dev/null
    return 0
}
complete -F _claimreg claimreg
