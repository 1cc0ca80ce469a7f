using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>
/// What a test of the compatibility table runs against: a daemon's line with the default runtime, or a runtime with the daemon of Debian 12.
/// </summary>
internal static class Against
{
    public const string Crun = "crun";

    /// <summary>Where the runtime matters.</summary>
    public static TheoryData<string> LinesAndRuntimes => ["1.6", "1.7", "2.x", "runc", Crun];

    /// <summary>Runs a test with the settings that its containers need in this column.</summary>
    public static async Task RunAsync(string column, Func<Stage, ContainerSettings, Task> test, string? firstInPath = null)
    {
        bool isLine = char.IsAsciiDigit(column[0]);
        string line = isLine ? column : DaemonLine.Debian12;
        ContainerSettings settings = new() { RuntimeBinary = isLine ? null : column };
        string[] controllers = column == Crun ? HybridCgroups.Controllers() : [];
        string parent = "";
        try
        {
            await Stage.RunAsync(line, stage =>
            {
                parent = stage.Name;
                return test(stage, settings);
            }, firstInPath, HybridCgroups.Prefix(controllers));
        }
        finally
        {
            await HybridCgroups.RestoreAsync(controllers, parent);
        }
    }
}
