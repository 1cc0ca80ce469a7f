using System.Diagnostics;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Daemons;

/// <summary>A shimstackd of the measurement's own: own root, state and socket.</summary>
/// <param name="program">The binary, see <see cref="Program"/>.</param>
/// <param name="directory">For all of it.</param>
internal sealed class Shimstackd(string program, string directory)
{
    private const int SIGTERM = 15;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private Process? _process;

    /// <summary>What was built last; null if nothing was.</summary>
    internal static string? Program { get; } = Find();

    internal string Address { get; } = Path.Combine(directory, "shimstackd.sock");

    internal RunningProcess Running => new((_process ?? throw new InvalidOperationException("shimstackd does not run")).Id);

    /// <summary>Starts it; it does not answer yet.</summary>
    internal void Start()
    {
        Directory.CreateDirectory(directory);
        string flags = $"--address {Address} --state {directory}/state --root {directory}/root";
        string command = $"exec {program} {flags} >>{directory}/log 2>&1 </dev/null";
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = directory })
            ?? throw new InvalidOperationException("shimstackd did not start");
    }

    /// <summary>SIGTERM; returns when it is reaped.</summary>
    internal async Task StopAsync()
    {
        if (_process is not null)
        {
            Running.Signal(SIGTERM);
            await _process.WaitForExitAsync().WaitAsync(EndTimeout);
            _process.Dispose();
            _process = null;
        }
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
