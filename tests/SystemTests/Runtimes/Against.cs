using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>
/// What a test of the compatibility table runs against: a daemon's line with the default runtime, or a runtime with the daemon of Debian 12.
/// </summary>
internal static class Against
{
    public const string Crun = "crun";

    // The hierarchies that crun needs otherwise are the machine's.
    private static readonly SemaphoreSlim OneWithCrun = new(1);

    /// <summary>Where the runtime matters.</summary>
    public static TheoryData<string> LinesAndRuntimes => ["1.6", "1.7", "2.x", "runc", Crun];

    /// <summary>Runs a test with the settings that its containers need in this column.</summary>
    public static async Task RunAsync(string column, Func<Stage, ContainerSettings, Task> test, string? firstInPath = null)
    {
        bool isLine = char.IsAsciiDigit(column[0]);
        string line = isLine ? column : DaemonLine.Debian12;
        ContainerSettings settings = new() { RuntimeBinary = isLine ? null : column };
        if (column != Crun)
        {
            await Stage.RunAsync(line, stage => test(stage, settings), firstInPath);
            return;
        }

        await OneWithCrun.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await RunWithCrunAsync(line, stage => test(stage, settings), firstInPath);
        }
        finally
        {
            OneWithCrun.Release();
        }
    }

    private static async Task RunWithCrunAsync(string line, Func<Stage, Task> test, string? firstInPath)
    {
        string[] controllers = HybridCgroups.Controllers();
        string parent = "";
        try
        {
            await Stage.RunAsync(line, stage =>
            {
                parent = stage.Name;
                return test(stage);
            }, firstInPath, HybridCgroups.Prefix(controllers));
        }
        finally
        {
            await HybridCgroups.RestoreAsync(controllers, parent);
        }
    }
}
