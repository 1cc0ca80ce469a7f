using System.Diagnostics;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>A shimstackd of the measurement's own: own root, state and socket.</summary>
/// <param name="program">The binary, see <see cref="Program"/>.</param>
/// <param name="directory">For all of it.</param>
/// <param name="shims">The folder where it looks for shims first.</param>
internal sealed class Shimstackd(string program, string directory, string shims) : IDaemon
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private Process? _process;

    /// <summary>What was built last; null if nothing was.</summary>
    internal static string? Program { get; } = Find();

    public string Address { get; } = Path.Combine(directory, "shimstackd.sock");

    public string Ctr { get; } = Path.Combine(ShimUnderTest.BinDirectory(DaemonLine.New), "ctr");

    public RunningProcess Running => new((_process ?? throw new InvalidOperationException("shimstackd does not run")).Id);

    private string State { get; } = Path.Combine(directory, "state");

    public string BundleOf(string containerdNamespace, string id) => Path.Combine(State, containerdNamespace, id);

    public void Start()
    {
        Directory.CreateDirectory(directory);
        string flags = $"--address {Address} --state {State} --root {directory}/root";
        string path = $"{shims}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        string command = $"exec env -i PATH={path} {program} {flags} >>{directory}/log 2>&1 </dev/null";
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = directory })
            ?? throw new InvalidOperationException("shimstackd did not start");
    }

    public Task KillAsync() => EndAsync(SIGKILL);

    public Task StopAsync() => EndAsync(SIGTERM);

    private async Task EndAsync(int signal)
    {
        if (_process is null)
        {
            return;
        }

        Running.Signal(signal);
        await _process.WaitForExitAsync().WaitAsync(EndTimeout);
        _process.Dispose();
        _process = null;
    }

    private static string? Find()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string path = Path.Combine(directory, "out/bin/shimstackd");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
