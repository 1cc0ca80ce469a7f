using System.Diagnostics;
using System.Text;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Ctl;

/// <summary>A program on a terminal of script(1): what it shows can be waited for before the next key is typed.</summary>
internal sealed class TerminalClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Process _script;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;

    public TerminalClient(string commandLine)
    {
        _script = Command.Start("script", ["-qec", commandLine, "/dev/null"]);
        _reading = ReadAsync();
    }

    public string Shown
    {
        get
        {
            lock (_shown)
            {
                return _shown.ToString();
            }
        }
    }

    public Task UntilShownAsync(string text) => Until.TrueAsync(() => Shown.Contains(text, StringComparison.Ordinal), $"the terminal shows {text}");

    /// <summary>From now on only what comes is shown.</summary>
    public void Forget()
    {
        lock (_shown)
        {
            _shown.Clear();
        }
    }

    /// <summary>Gives the terminal another size, as a window does that is pulled at.</summary>
    public async Task ResizeAsync(int columns, int rows)
    {
        string terminal = ProcessTable.Descendants(_script.Id).SelectMany(ProcessTable.OpenPaths).First(path => path.StartsWith("/dev/pts/", StringComparison.Ordinal));
        (await Command.RunAsync("stty", ["-F", terminal, "cols", $"{columns}", "rows", $"{rows}"])).MustSucceed();
    }

    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>The exit code of the program.</summary>
    public async Task<int> EndAsync()
    {
        await _script.WaitForExitAsync().WaitAsync(Limit);
        await _reading.WaitAsync(Limit);
        return _script.ExitCode;
    }

    public void Dispose()
    {
        if (!_script.HasExited)
        {
            _script.Kill(entireProcessTree: true);
        }

        _script.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[1024];
        while (await _script.StandardOutput.ReadAsync(buffer) is > 0 and int count)
        {
            lock (_shown)
            {
                _shown.Append(buffer, 0, count);
            }
        }
    }
}
