using System.Runtime.CompilerServices;
using System.Text;

namespace ShimStack.NativeTests;

/// <summary>
/// What a test runs in a process of its own: method names of <see cref="ProcessScenarios"/>. A failed assertion is exit code 1 and a text
/// on fd 1.
/// </summary>
internal static class Scenarios
{
    private static readonly Dictionary<string, Action<string[]>> All = new()
    {
        [nameof(ProcessScenarios.ReapsEverybody)] = ProcessScenarios.ReapsEverybody,
        [nameof(ProcessScenarios.AdoptsOrphans)] = ProcessScenarios.AdoptsOrphans,
        [nameof(ProcessScenarios.FailsToSpawn)] = ProcessScenarios.FailsToSpawn,
        [nameof(ProcessScenarios.SpawnsAndWaitsForStdin)] = ProcessScenarios.SpawnsAndWaitsForStdin,
        [nameof(ProcessScenarios.SurvivesABrokenPipe)] = ProcessScenarios.SurvivesABrokenPipe,
        [nameof(ProcessScenarios.SetsTheUmask)] = ProcessScenarios.SetsTheUmask,
        [nameof(ProcessScenarios.SharesCoresWithNobody)] = ProcessScenarios.SharesCoresWithNobody,
        [nameof(ProcessScenarios.LeavesTheReaperAloneWhileMakingANamespace)] = ProcessScenarios.LeavesTheReaperAloneWhileMakingANamespace,
    };

    /// <summary>In the new process.</summary>
    internal static int Run(string name, string[] arguments)
    {
        try
        {
            All[name](arguments);
            return 0;
        }
        catch (Exception failure)
        {
            Write(failure.ToString());
            return 1;
        }
    }

    /// <summary>In the test: runs a scenario to its end and fails with its text if it fails.</summary>
    internal static string RunInProcess(Action<string[]> scenario, [CallerArgumentExpression(nameof(scenario))] string name = "")
    {
        Child.Result result = Child.Run(Request(name));
        Assert.True(result.Status == 0, result.Output);
        return result.Output;
    }

    internal static SpawnRequest Request(string name, params string[] arguments) =>
        Child.Request(
            Path.Combine(AppContext.BaseDirectory, "ShimStack.Native.Tests"),
            [Program.ScenarioOption, name[(name.LastIndexOf('.') + 1)..], .. arguments]);

    internal static void Write(string text)
    {
        using FileDescriptor output = Files.Open("/proc/self/fd/1", OpenFlags.O_WRONLY);
        Files.Write(output, Encoding.UTF8.GetBytes(text));
    }
}
