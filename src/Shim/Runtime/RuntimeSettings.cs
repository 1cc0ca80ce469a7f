using ShimStack.Api.Runc;

namespace ShimStack.Shim.Runtime;

/// <summary>How a container's runtime is called: taken from the options of its Create.</summary>
internal sealed record RuntimeSettings(string Binary, string Root, string CriuPath, bool SystemdCgroup, bool NoPivotRoot, bool NoNewKeyring)
{
    /// <summary>How long one call may take, asked when it begins; zero for no limit.</summary>
    public Func<TimeSpan> Limit { get; init; } = static () => TimeSpan.Zero;

    /// <summary>The limit of a command: those that move memory have none.</summary>
    public TimeSpan LimitOf(string command) => command is "checkpoint" or "restore" ? TimeSpan.Zero : Limit();

    public const string DefaultBinary = "runc";
    public const string DefaultRoot = "/run/containerd/runc";

    /// <summary>The settings in <paramref name="options"/>, with the contract's defaults (chapter 2.10) for what is empty.</summary>
    public static RuntimeSettings From(Options options, string @namespace) => new(
        options.BinaryName.Length > 0 ? options.BinaryName : DefaultBinary,
        Path.Join(options.Root.Length > 0 ? options.Root : DefaultRoot, @namespace),
        options.CriuPath,
        options.SystemdCgroup,
        options.NoPivotRoot,
        options.NoNewKeyring);
}
