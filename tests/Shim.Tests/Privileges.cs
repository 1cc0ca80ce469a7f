using ShimStack.Native.Processes;

namespace ShimStack.Shim.Tests;

internal static class Privileges
{
    /// <summary>Skips a test that needs root, unless this run requires the system tests: then it goes on, and fails.</summary>
    public static void RequireRoot()
    {
        bool required = (Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE") ?? "").Contains("system", StringComparison.Ordinal);
        Assert.SkipUnless(CurrentProcess.EffectiveUserId == 0 || required, "mounting needs root");
    }
}
