# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# adsfs.bash - completion for the command adsfs, and for names of reports behind any command.
#
# bash-completion loads this with the first `adsfs <TAB>`. For `cat ads/7012.../reports/<TAB>` at any
# time, ~/.bashrc loads it, after bash-completion where that is used:
#
#     . /usr/share/bash-completion/completions/adsfs
#
# What a path can go on to is said by `adsfs --grammar PATH`, which looks at the words alone: nothing
# of the mount is asked, so no <TAB> costs a call. Where a path leads below no reports directory of a
# mount, completion is what it was before.

# ---- report names, for any command ----

# The word before the cursor in REPLY, as far as it is a path. readline breaks words at @, too.
_adsfs_path_word()
{
    REPLY=${COMP_LINE:0:COMP_POINT}
    REPLY=${REPLY##*[[:space:]]}
    REPLY=${REPLY##*[=<>|&;(]}
}

# _adsfs_is_mounted PATH - it lies in a mount, by the table of mounts
_adsfs_is_mounted()
{
    local -a fields
    local point
    while read -ra fields; do
        [[ " ${fields[*]} " == *" - fuse.adsfs "* ]] || continue
        printf -v point '%b' "${fields[4]//\\/\\0}"
        [[ $1 == "$point"/* ]] && return 0
    done </proc/self/mountinfo
    return 1
} 2>/dev/null

# Sets COMPREPLY; fails where the word leads below no reports directory.
_adsfs_reports()
{
    local word before='' path cut=''
    local -a found
    _adsfs_path_word
    word=$REPLY path=$REPLY
    # shellcheck disable=SC2088 # as it is typed
    case $word in
    /*) ;;
    '~/'*) path=$HOME/${word:2} ;;
    *) before=$PWD/ path=$PWD/$word ;;
    esac
    [[ $path == */reports/* && $path != *[\'\"\\\$]* ]] || return 1
    if [[ -n $before ]]; then # where links have led to
        before=$(pwd -P)/ path=$before$word
    fi
    _adsfs_is_mounted "$path" || return 1
    mapfile -t found < <(adsfs --grammar "$path" 2>/dev/null)
    ((${#found[@]} > 0)) || return 1

    found=("${found[@]#"$before"}")
    # shellcheck disable=SC2088
    [[ $word == '~/'* ]] && found=("${found[@]/#"$HOME/"/'~/'}")
    # readline puts in only what is behind the last character at which it breaks words, and @ itself
    [[ $word == *["$COMP_WORDBREAKS"]* ]] && cut=${word%"${word##*["$COMP_WORDBREAKS"]}"}
    cut=${cut%@}
    COMPREPLY=("${found[@]#"$cut"}")
    if ((COMP_TYPE == 63 && ${#found[@]} > 1)); then # a list to look at, of names alone
        COMPREPLY=("${found[@]#"${word%/*}/"}")
    fi
    # a blank behind what is complete, and that alone
    for path in "${found[@]}"; do
        [[ ${path##*/} == *.* ]] || compopt -o nospace
    done 2>/dev/null
    return 0
}

# For commands that have no completion of their own: ours, then the default one there was before.
_adsfs_any()
{
    _adsfs_reports && return 0
    [[ -n $_adsfs_default ]] && "$_adsfs_default" "$@"
}

if [[ -z ${_adsfs_default+set} ]]; then
    _adsfs_default=$(complete -p -D 2>/dev/null)
    if [[ $_adsfs_default =~ -F\ ([^ ]+) ]]; then
        _adsfs_default=${BASH_REMATCH[1]}
    else
        _adsfs_default=
    fi
    complete -o bashdefault -o default -D -F _adsfs_any
    # Commands that have one ask bash-completion for files in this way.
    if declare -F _filedir >/dev/null; then
        eval "_adsfs_filedir() $(declare -f _filedir | tail -n +2)"
        _filedir()
        {
            _adsfs_reports || _adsfs_filedir "$@"
        }
    fi
fi

# ---- the command adsfs ----

_adsfs_profiles()
{
    echo sandbox
    sed -n 's/^\[profile \(.*\)\][[:space:]]*$/\1/p' \
        "${ADSFS_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/adsfs/config.ini}" 2>/dev/null
}

# As --help has them: ttl=SECONDS, offline, dir_cache=auto|on|off
_adsfs_options()
{
    adsfs --help |
        sed -n '/^options/,/^files:/s/^  \([a-z_]*\)\(=[^ ]*\)\{0,1\}\( .*\)\{0,1\}$/\1\2/p'
}

# The last one of a list: its name with =, or one of its words.
_adsfs_option()
{
    local list word before cut='' option
    list=${COMP_LINE:0:COMP_POINT}
    list=${list##*[[:space:]]}
    list=${list#-o}
    word=${list##*,}
    before=${list%"$word"}
    [[ $list == *["$COMP_WORDBREAKS"]* ]] && cut=${list%"${list##*["$COMP_WORDBREAKS"]}"}
    compopt -o nospace 2>/dev/null
    while read -r option; do
        if [[ $word != *=* ]]; then
            [[ $option == *=* ]] && option=${option%%=*}=
            [[ $option == "$word"* ]] && COMPREPLY+=("$before$option")
        elif [[ ${option%%=*} == "${word%%=*}" && $option == *'|'* ]]; then
            for option in ${option#*=}; do # with IFS
                [[ $option == "${word#*=}"* ]] && COMPREPLY+=("$before${word%%=*}=$option")
            done
        fi
    done < <(_adsfs_options)
    COMPREPLY=("${COMPREPLY[@]#"$cut"}")
}

_adsfs()
{
    local cur=$2 prev=$3 words first=${COMP_WORDS[1]}
    COMPREPLY=()
    words=${COMP_LINE:0:COMP_POINT}
    words=${words%"${words##*[[:space:]]}"}
    if [[ $words =~ [[:space:]]-o[[:space:]]+$ ]]; then
        IFS='|' _adsfs_option
    elif ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_adsfs_profiles) login logout whoami doctor why apply log" -- "$cur")
    elif [[ $first == why || $first == apply ]]; then
        _adsfs_reports || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        compopt -o filenames 2>/dev/null
    elif [[ $first == log && $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--since -n' -- "$cur")
    elif [[ $prev == login || $prev == log || $prev == logout || $prev == whoami || $prev == doctor ||
        $prev == --no-browser || $prev == --force ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_adsfs_profiles)" -- "$cur")
    elif [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '-o -f -d --foreground --debug --help --version' -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -d -- "$cur")
        compopt -o filenames 2>/dev/null
    fi
}

complete -F _adsfs adsfs
