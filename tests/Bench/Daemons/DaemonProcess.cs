using Microsoft.Win32.SafeHandles;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Daemons;

/// <summary>The process of a daemon that is measured: started with a log for each start and little else, ended by a signal, and started again.</summary>
/// <param name="name">For messages.</param>
/// <param name="directory">Where it starts.</param>
internal sealed class DaemonProcess(string name, string directory)
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private RunningProcess? _process;
    private Task? _end;
    private int _starts;

    internal RunningProcess Running => _process ?? throw new InvalidOperationException($"{name} does not run");

    /// <summary>Starts it, with nothing in between: what a start takes is the daemon's.</summary>
    /// <param name="program">A path.</param>
    /// <param name="arguments">Those behind the name.</param>
    /// <param name="environment">All of its environment.</param>
    internal void Start(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        string path = Path.Combine(directory, $"{name}.{++_starts}.log");
        using SafeFileHandle log = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        int descriptor = (int)log.DangerousGetHandle();
        _process = new RunningProcess(QuietProcess.Spawn(new QuietStart(program, [program, .. arguments])
        {
            Environment = environment.ToDictionary(variable => variable.Name, variable => variable.Value),
            WorkingDirectory = directory,
            Output = descriptor,
            Error = descriptor,
        }));
        _end = null;
    }

    internal Task KillAsync() => EndAsync(SIGKILL);

    internal Task StopAsync() => EndAsync(SIGTERM);

    private async Task EndAsync(int signal)
    {
        if (_process is { } process)
        {
            process.Signal(signal);
            _end ??= Task.Run(() => Subreaper.Reap(process.Pid));
            await _end.WaitAsync(EndTimeout);
            _process = null;
        }
    }
}
