namespace ShimStack.Shim.Bootstrap;

/// <summary>The runtime's name as containerd knows it, from the file name under which the binary is installed.</summary>
internal static class RuntimeName
{
    /// <summary>The name when the file name says nothing.</summary>
    public const string Default = "io.containerd.shimstack.v2";

    private const string Prefix = "containerd-shim-";

    /// <summary><c>/usr/bin/containerd-shim-runc-v2</c> is <c>io.containerd.runc.v2</c>: the daemon's own rule, read backwards.</summary>
    /// <param name="program">argv[0].</param>
    public static string Of(string program)
    {
        string file = program[(program.LastIndexOf('/') + 1)..];
        if (!file.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Default;
        }
        string name = file[Prefix.Length..];
        int dash = name.LastIndexOf('-');
        bool hasVersion = dash > 0 && name.Length > dash + 2 && name[dash + 1] == 'v' && IsNumber(name.AsSpan(dash + 2));
        return hasVersion ? $"io.containerd.{name[..dash]}.{name[(dash + 1)..]}" : Default;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
