using System.Diagnostics;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Daemons;

/// <summary>The process of a daemon that is measured: started by a shell line, ended by a signal, and started again.</summary>
/// <param name="name">For messages.</param>
/// <param name="directory">Where it starts.</param>
internal sealed class DaemonProcess(string name, string directory)
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private Process? _process;

    internal RunningProcess Running => new((_process ?? throw new InvalidOperationException($"{name} does not run")).Id);

    internal void Start(string command) => _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = directory })
        ?? throw new InvalidOperationException($"{name} did not start");

    internal Task KillAsync() => EndAsync(SIGKILL);

    internal Task StopAsync() => EndAsync(SIGTERM);

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
}
