using System.Collections.Concurrent;
using System.Globalization;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Daemons;

/// <summary>
/// The world of one test: a folder, a daemon, a root file system, a namespace and cgroup parent of its own. <see cref="RunAsync"/> builds it, runs the
/// test, proves that nothing is left, and takes it away; when the test fails, the daemon's log goes to the test's output.
/// </summary>
internal sealed class Stage
{
    private static int _count;

    private readonly ConcurrentDictionary<string, bool> _ids = [];

    private Stage(string line, StageSettings settings)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"shimstack-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Namespace = settings.Namespace ?? Name;
        Directory = Path.Combine("/tmp", Name);
        Daemon = new Daemon(line, Directory, Namespace, Guard)
        {
            FirstInPath = settings.FirstInPath ?? RuntimeUnderTest.OwnBinDirectory,
            Prefix = settings.DaemonPrefix,
            KubernetesConfiguration = settings.KubernetesConfiguration,
        };
    }

    /// <summary>Also the name of the cgroup above those of all containers.</summary>
    public string Name { get; }

    /// <summary>The daemon's namespace that the containers are in: the stage's name, unless the client has one of its own.</summary>
    public string Namespace { get; }

    public string Directory { get; }

    public string Rootfs => Path.Combine(Directory, "rootfs");

    public Guard Guard { get; } = new();

    public Daemon Daemon { get; }

    public DaemonClient Client => Daemon.Client;

    public Ctr Ctr => new(this);

    public bool ShimWasKilled { get; private set; }

    /// <summary>Every container id that was ever used here, for the search for leftovers.</summary>
    public ICollection<string> Ids => _ids.Keys;

    /// <summary>Runs a test against a daemon of <paramref name="line"/>. <paramref name="firstInPath"/>: where the daemon looks for shims first;
    /// <paramref name="daemonPrefix"/>: a program that starts the daemon.</summary>
    public static Task RunAsync(string line, Func<Stage, Task> test, string? firstInPath = null, string daemonPrefix = "") =>
        RunAsync(line, test, new StageSettings { FirstInPath = firstInPath, DaemonPrefix = daemonPrefix });

    /// <summary>The same with more to choose.</summary>
    public static async Task RunAsync(string line, Func<Stage, Task> test, StageSettings settings)
    {
        DaemonLine.Require(line);
        Stage stage = new(line, settings);
        try
        {
            await SystemTests.Daemons.Rootfs.BuildAsync(stage.Rootfs);
            await (settings.Prepare?.Invoke(stage) ?? Task.CompletedTask);
            await stage.Daemon.StartAsync();
            await test(stage).WaitAsync(settings.Limit, TestContext.Current.CancellationToken);
            await Leftovers.AssertNoneAsync(stage);
            await Leftovers.AssertNoProcessAsync(stage);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.SkipException)
        {
            stage.ShowLog();
            throw;
        }
        finally
        {
            stage.Daemon.Dispose();
            stage.Guard.Dispose();
            await Leftovers.RemoveAsync(stage);
        }
    }

    /// <summary>
    /// SIGKILL for the only shim, and what follows from it for the search for leftovers. Under our own daemon another process takes its place.
    /// </summary>
    public async Task KillShimAsync()
    {
        int pid = Assert.Single(Shims());
        using System.Diagnostics.Process shim = System.Diagnostics.Process.GetProcessById(pid);
        ShimWasKilled = true;
        shim.Kill();
        await Until.TrueAsync(() => !Shims().Contains(pid), "the shim is gone");
    }

    /// <summary>The same for each that takes its place, until none does: the shim is lost, as it is at once under other daemons.</summary>
    public async Task LoseShimAsync()
    {
        await KillShimAsync();
        if (Daemon.Line == DaemonLine.Own)
        {
            for (int kills = 1; await Until.IsTrueAsync(() => Shims().Count > 0 || GivesUp(kills), TimeSpan.FromSeconds(10)) && Shims().Count > 0; kills++)
            {
                await KillShimAsync();
            }
        }
    }

    private bool GivesUp(int kills) => kills > 2 && File.ReadAllText(Daemon.LogFile).Contains("is given up", StringComparison.Ordinal);

    public void Remember(string id) => _ids[id] = true;

    /// <summary>The shim processes that run now: by the argument that every daemon gives them.</summary>
    public IReadOnlyList<int> Shims() =>
        [.. Guard.Pids().Where(pid => ProcessTable.CommandLine(pid) is string line && line.Contains("containerd-shim", StringComparison.Ordinal)
            && line.Contains(Name, StringComparison.Ordinal) && !line.EndsWith(" start", StringComparison.Ordinal) && !line.EndsWith(" delete", StringComparison.Ordinal))];

    private void ShowLog()
    {
        if (File.Exists(Daemon.LogFile))
        {
            string[] lines = [.. File.ReadLines(Daemon.LogFile).Where(line => !line.Contains("loading plugin", StringComparison.Ordinal)).TakeLast(60)];
            TestContext.Current.TestOutputHelper?.WriteLine($"containerd {Daemon.Line}:\n{string.Join('\n', lines)}");
        }
    }
}
