# Completion of claimreg in fish: claimreg completion fish > ~/.config/fish/completions/claimreg.fish
function __claimreg_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete fish $words[2..-1] "$current" 2>/dev/null)
    set -l directive $lines[1]
    set -e lines[1]
    for line in $lines
        printf "%s\n" "$line"
    end
    switch "$directive"
        case :files
            __fish_complete_path "$current"
        case :folders
            __fish_complete_directories "$current"
    end
end
complete -c claimreg -f -a '(__claimreg_complete)'
