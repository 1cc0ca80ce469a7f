using System.Diagnostics;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Daemons;

/// <summary>The process of a daemon that is measured: started with a log of its own and little else, ended by a signal, and started again.</summary>
/// <param name="name">For messages.</param>
/// <param name="directory">Where it starts.</param>
internal sealed class DaemonProcess(string name, string directory)
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private Process? _process;

    internal RunningProcess Running => new((_process ?? throw new InvalidOperationException($"{name} does not run")).Id);

    /// <summary>Starts it, by way of a shell, which opens the log.</summary>
    /// <param name="program">A path.</param>
    /// <param name="arguments">Those behind the name.</param>
    /// <param name="environment">All of its environment.</param>
    internal void Start(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        string log = Path.Combine(directory, $"{name}.log");
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, program, .. arguments]) { WorkingDirectory = directory };
        start.Environment.Clear();
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start");
    }

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
