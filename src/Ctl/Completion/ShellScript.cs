namespace ShimStack.Ctl.Completion;

/// <summary>What a shell must know to complete our words: that it asks us, by the library's directive "[suggest]".</summary>
internal static class ShellScript
{
    public static readonly IReadOnlyList<string> Shells = ["bash", "zsh", "fish"];

    /// <summary>null for a shell that is not known.</summary>
    public static string? Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };

    // Words of a folder or program are not ours to know: then bash completes file names.
    private const string Bash = """
        # Completes the words of shimctl: in share/bash-completion/completions/shimctl, or by: . <(shimctl completion bash)
        _shimctl() {
          mapfile -t COMPREPLY < <(compgen -W "$(shimctl "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$2")
        }
        complete -o default -F _shimctl shimctl

        """;

    private const string Zsh = """
        #compdef shimctl
        # Completes the words of shimctl: in share/zsh/site-functions/_shimctl.
        _shimctl() {
          local line="${words[1,CURRENT]}"
          local -a found
          found=("${(@f)$(shimctl "[suggest:${#line}]" "$line" 2>/dev/null)}")
          if [[ -n ${found[1]} ]]; then
            compadd -- $found
          else
            _files
          fi
        }
        if [[ ${funcstack[1]} == _shimctl ]]; then
          _shimctl "$@"
        else
          compdef _shimctl shimctl
        fi

        """;

    private const string Fish = """
        # Completes the words of shimctl: in share/fish/vendor_completions.d/shimctl.fish.
        function __shimctl_words
          set -l line (commandline -cp)
          shimctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c shimctl -a '(__shimctl_words)'

        """;
}
