using System.Diagnostics;
using System.Text;

namespace ShimStack.ShimDriver.Host;

/// <summary>How a program ended, what it wrote, and how long it took from before fork to its last byte.</summary>
public sealed record CommandResult(int ExitCode, byte[] Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Throws with everything the program said unless it exited with 0.</summary>
    public CommandResult EnsureSuccess(string what) =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{what}: exit status {ExitCode}: {Error}{Encoding.UTF8.GetString(Output)}");
}

/// <summary>A program to be run to its end, with its output captured.</summary>
public sealed record Command(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>Working directory; null is the driver's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables on top of the driver's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the program reads on its standard input before the end of file.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The program is killed, and a <see cref="TimeoutException"/> thrown, after this time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program. An exit status other than 0 is a result, not an exception.</summary>
    public async Task<CommandResult> RunAsync(CancellationToken cancellation = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(StartInfo()) ?? throw new InvalidOperationException($"{Path} did not start");
        try
        {
            return await TalkAsync(process, started, deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"{Path} {string.Join(' ', Arguments)} did not end within {Timeout}", e);
        }
    }

    private async Task<CommandResult> TalkAsync(Process process, long started, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input: its exit status says why.
        }

        await copy;
        await process.WaitForExitAsync(cancellation);
        return new CommandResult(process.ExitCode, output.ToArray(), await error, Stopwatch.GetElapsedTime(started));
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(Path, Arguments)
        {
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
