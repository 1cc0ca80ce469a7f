using System.Diagnostics;
using System.Globalization;

namespace ShimStack.SystemTests.Processes;

/// <summary>
/// A shell below a subreaper that reaps (tests/Probe). Everything that a test starts in the background is started here, and everything that those
/// programs orphan lands here, so that "nothing is left" can be said exactly. When this process dies, the guard kills all of it.
/// </summary>
internal sealed class Guard : IDisposable
{
    private readonly Process _guard = Command.Start(Path.Combine(AppContext.BaseDirectory, "probe"), ["guard", "/bin/sh"]);

    /// <summary>Starts a shell command line in the background; its pid. The line should be one program: the shell is replaced by it.</summary>
    public async Task<int> StartAsync(string commandLine) => await AskAsync($"{commandLine} & echo $!");

    /// <summary>Sends a signal, waits until the program is reaped; the wait status as the shell gives it.</summary>
    public async Task<int> EndAsync(int pid, string signal) => await AskAsync($"kill -{signal} {pid} 2>/dev/null; wait {pid} 2>/dev/null; echo $?");

    /// <summary>What is below the guard now, without its own shell: "pid command line" for each.</summary>
    public IReadOnlyList<string> Processes() =>
        [.. Pids().Select(pid => $"{pid} {ProcessTable.CommandLine(pid)}")];

    public IEnumerable<int> Pids() => ProcessTable.Descendants(_guard.Id).Where(pid => ProcessTable.CommandLine(pid) != "/bin/sh");

    public void Dispose()
    {
        _guard.StandardInput.Close();
        if (!_guard.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _guard.Kill(entireProcessTree: true);
        }

        _guard.Dispose();
    }

    private async Task<int> AskAsync(string line)
    {
        await _guard.StandardInput.WriteLineAsync(line);
        await _guard.StandardInput.FlushAsync();
        string answer = await _guard.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? throw new EndOfStreamException("the guard is gone");
        return int.Parse(answer, CultureInfo.InvariantCulture);
    }
}
