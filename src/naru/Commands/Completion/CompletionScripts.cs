namespace Naru.Cli.Commands.Completion;

/// <summary>The shells' scripts. Each asks the program itself: lines of a word, a tab and what it means, then ":" and 0 where files may follow, 4 where not.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # bash completion for @NAME@
        _@NAME@_complete() {
            local current=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} word meaning files=0
            local -a asked
            # bash takes words apart at colons and equals signs; the program wants them whole
            read -ra asked <<<"$line"
            [[ $line == *[[:space:]] ]] && asked+=("")
            local whole=${asked[${#asked[@]} - 1]}
            COMPREPLY=()
            while IFS=$'\t' read -r word meaning; do
                if [[ $word == :[0-9]* ]]; then [[ $word == :0 ]] && files=1; continue; fi
                COMPREPLY+=("${word#"${whole%"$current"}"}")
            done < <("${asked[0]}" @ASK@ "${asked[@]:1}" 2>/dev/null)
            if ((${#COMPREPLY[@]} == 0 && files)); then compopt -o default 2>/dev/null; fi
        }
        complete -F _@NAME@_complete @NAME@

        """;

    private const string Zsh = """
        #compdef @NAME@
        compdef _@NAME@ @NAME@
        # zsh completion for @NAME@
        _@NAME@() {
            local line word meaning files=0
            local -a found
            while IFS= read -r line; do
                if [[ $line == :[0-9]* ]]; then [[ $line == :0 ]] && files=1; continue; fi
                word=${line%%$'\t'*} meaning=${line#*$'\t'}
                if [[ $meaning == $line ]]; then found+=("${word//:/\\:}"); else found+=("${word//:/\\:}:$meaning"); fi
            done < <("${words[1]}" @ASK@ "${(@)words[2,CURRENT]}" 2>/dev/null)
            if (( ${#found} )); then _describe 'completions' found; elif (( files )); then _files; fi
        }
        if [[ ${funcstack[1]} == _@NAME@ ]]; then _@NAME@; fi

        """;

    private const string Fish = """
        # fish completion for @NAME@
        function __@NAME@_complete
            set -l words (commandline -opc) (commandline -ct)
            $words[1] @ASK@ $words[2..-1] 2>/dev/null | string match -rv '^:[0-9]+$'
        end
        complete -c @NAME@ -e
        complete -c @NAME@ -a '(__@NAME@_complete)'

        """;

    private const string PowerShell = """
        # powershell completion for @NAME@
        Register-ArgumentCompleter -Native -CommandName '@NAME@' -ScriptBlock {
            param($WordToComplete, $CommandAst, $CursorPosition)
            $words = @($CommandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
            if ($WordToComplete -eq '') { $words += '' }
            & '@NAME@' @ASK@ @words 2>$null | Where-Object { $_ -notmatch '^:\d+$' } | ForEach-Object {
                $word, $meaning = $_ -split "`t", 2
                if (-not $meaning) { $meaning = $word }
                [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
            }
        }

        """;

    /// <param name="ask">The hidden command that the script calls.</param>
    public static string Of(string shell, string ask) => (shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    }).Replace("@ASK@", ask);

    /// <summary>How to load the script; {0} is the program.</summary>
    public static string Description(string shell) => shell switch
    {
        "bash" => "Generate the autocompletion script for the bash shell.\n\nTo load completions in your current shell session:\n\n\tsource <({0} completion bash)\n\nTo load completions for every new session, execute once:\n\n\t{0} completion bash > /etc/bash_completion.d/{0}",
        "zsh" => "Generate the autocompletion script for the zsh shell.\n\nTo load completions in your current shell session:\n\n\tsource <({0} completion zsh)\n\nTo load completions for every new session, execute once:\n\n\t{0} completion zsh > \"${fpath[1]}/_{0}\"",
        "fish" => "Generate the autocompletion script for the fish shell.\n\nTo load completions in your current shell session:\n\n\t{0} completion fish | source\n\nTo load completions for every new session, execute once:\n\n\t{0} completion fish > ~/.config/fish/completions/{0}.fish",
        _ => "Generate the autocompletion script for powershell.\n\nTo load completions in your current shell session:\n\n\t{0} completion powershell | Out-String | Invoke-Expression",
    };
}
