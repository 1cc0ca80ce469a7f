using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Tests;

/// <summary>The shims that tests can have.</summary>
internal static class KnownShim
{
    /// <summary>A shim by its name; skips the test where it cannot run, but fails it when SHIMSTACK_REQUIRE says that it must.</summary>
    internal static ShimUnderTest Require(string name)
    {
        ShimUnderTest? shim = name == "ours" ? ShimUnderTest.Ours : ShimUnderTest.Reference;
        string? reason = Environment.UserName != "root" ? "needs root" : shim is null ? $"there is no {name} shim" : null;
        bool required = Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE")?.Split(',').Contains("system") ?? false;
        if (reason is not null && required)
        {
            Assert.Fail(reason);
        }

        Assert.SkipWhen(reason is not null, reason ?? "");
        return shim!;
    }
}
