using System.Diagnostics;
using System.Text;

namespace ShimStack.SystemTests.Processes;

/// <summary>How a program ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public CommandResult MustSucceed() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode}: {Output}{Error}");
}

/// <summary>Runs programs to their end, with a deadline.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)}: no end within {Limit.TotalSeconds} s");
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        lock (ProgramFile.Writing)
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        }
    }
}
