using System.Diagnostics;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Tests.Configuration;

/// <summary>The program itself, as far as it comes without serving.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    [Fact]
    public async Task TheDefaultsAreShownAsAFile()
    {
        (ExitCode code, string output, string errors) = await RunAsync("config", "default");
        Assert.Equal((ExitCode.Ok, ConfigurationText.Of(new SupervisorSettings()), ""), (code, output, errors));
    }

    [Fact]
    public async Task FlagsAreInTheDump()
    {
        (ExitCode code, string output, _) = await RunAsync("config", "dump", "--config", "/dev/null", "--journal-length", "12");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("journal-length = 12\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheVersionIsShown() => Assert.Equal((ExitCode.Ok, "shimstackd 0.1.0\n", ""), await RunAsync("--version"));

    [Theory]
    [InlineData((int)ExitCode.Usage, "shimstackd: Unrecognized command or argument '--nope'\n", "--nope")]
    [InlineData((int)ExitCode.Usage, "shimstackd: Required command was not provided\n", "config")]
    [InlineData((int)ExitCode.Configuration, "shimstackd: --address: must be an absolute path, not \"x\"\n", "--config", "/dev/null", "--address", "x")]
    [InlineData((int)ExitCode.Unavailable, "shimstackd: /dev/null/x cannot be used: ", "--config", "/dev/null", "--address", "DIRECTORY/s", "--state", "/dev/null/x")]
    public async Task AnErrorIsOneLineOnStderrAndAnExitCode(int code, string start, params string[] arguments)
    {
        (ExitCode found, string output, string errors) = await RunAsync(arguments);
        Assert.StartsWith(start, errors, StringComparison.Ordinal);
        Assert.Equal((code, "", 1), ((int)found, output, errors.Count(c => c == '\n')));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(ExitCode Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        string program = Path.Join(AppContext.BaseDirectory, "../../Supervisor/release/shimstackd");
        Assert.SkipUnless(File.Exists(program), $"{program} is not there: a Release build makes it");
        using Process process = Process.Start(new ProcessStartInfo(program, arguments.Select(a => a.Replace("DIRECTORY", _directory, StringComparison.Ordinal)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return ((ExitCode)process.ExitCode, await output, await errors);
    }
}
