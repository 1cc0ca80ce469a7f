using Xunit.MicrosoftTestingPlatform;

namespace ShimStack.NativeTests;

/// <summary>
/// Runs the tests, or with "--scenario name arguments..." one scenario, in a process whose children and settings are nobody else's.
/// </summary>
internal static class Program
{
    internal const string ScenarioOption = "--scenario";

    private static async Task<int> Main(string[] arguments) => arguments is [ScenarioOption, string name, .. string[] rest]
        ? Scenarios.Run(name, rest)
        : await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
