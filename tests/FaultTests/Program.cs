using System.Collections;
using System.Runtime.InteropServices;
using ShimStack.FaultTests.Reporting;
using Xunit.MicrosoftTestingPlatform;

namespace ShimStack.FaultTests;

/// <summary>
/// Runs the tests, or with "page OUTCOMES PAGE MACHINE" makes docs/reliability.md of what they have found. The tests run below a guard
/// (tests/Probe), which reaps: a shim that is killed leaves its children to somebody, and as a rule that is no zombie's parent.
/// </summary>
internal static partial class Program
{
    private const string Guarded = "SHIMSTACK_FAULTS_GUARDED";

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["page", string outcomes, string page, string machine])
        {
            return Page.Write(outcomes, page, machine);
        }

        if (Environment.GetEnvironmentVariable(Guarded) is null)
        {
            Environment.SetEnvironmentVariable(Guarded, "1");
            string guard = Path.Combine(AppContext.BaseDirectory, "probe");
            string[] variables =
                [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}")];
            _ = Execute(guard, [guard, "guard", Environment.ProcessPath!, .. arguments, null], [.. variables, null]);
            throw new IOException($"execve {guard}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
