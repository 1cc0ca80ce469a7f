namespace ShimStack.Ctl.Kernel;

/// <summary>
/// Where a daemon that runs on this machine keeps what it knows, by its command line and its configuration file. See docs/shimstackd.md.
/// </summary>
/// <param name="State">Bundles, until the next boot.</param>
/// <param name="Root">What lasts.</param>
internal sealed record DaemonFolders(string State, string Root)
{
    public const string DefaultFile = "/etc/shimstack/shimstackd.toml";

    private const string Tasks = "io.containerd.runtime.v2.task";

    public static readonly DaemonFolders Default = new("/run/shimstack", "/var/lib/shimstack");

    /// <summary>The folder of a container.</summary>
    public string Bundle(string nameSpace, string id) => $"{State}/{Tasks}/{nameSpace}/{id}";

    /// <summary>Above the folders of all namespaces.</summary>
    public string Bundles => $"{State}/{Tasks}";

    /// <summary>The database.</summary>
    public string Database => $"{Root}/shimstackd.db";

    /// <param name="kernel">Of its machine.</param>
    /// <param name="pid">The daemon's; null for one that does not run: then what the default file says.</param>
    public static DaemonFolders Of(KernelFiles kernel, int? pid)
    {
        string[] words = pid is int known ? kernel.CommandLine(known) : [];
        IReadOnlyList<string> file = kernel.Lines(Flag(words, "config") ?? DefaultFile);
        return new DaemonFolders(
            Flag(words, "state") ?? Key(file, "state") ?? Default.State,
            Flag(words, "root") ?? Key(file, "root") ?? Default.Root);
    }

    private static string? Flag(string[] words, string name)
    {
        int at = Array.FindIndex(words, word => word == $"--{name}" || word.StartsWith($"--{name}=", StringComparison.Ordinal));
        return at < 0 ? null : words[at].Contains('=', StringComparison.Ordinal) ? words[at][(name.Length + 3)..] : words.ElementAtOrDefault(at + 1);
    }

    /// <summary>A key of a configuration file, outside its tables: key = "value". Paths need no escapes.</summary>
    public static string? Key(IEnumerable<string> lines, string name) => lines
        .TakeWhile(line => !line.TrimStart().StartsWith('['))
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)?[1].Split('#')[0].Trim().Trim('"', '\'');
}
