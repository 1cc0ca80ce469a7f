using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Tests;

/// <summary>The peer that these tests prove the driver with.</summary>
internal static class ReferenceShim
{
    /// <summary>The shim; skips the test where it cannot run, but fails it when SHIMSTACK_REQUIRE says that it must.</summary>
    internal static ShimUnderTest Require()
    {
        string? reason = Environment.UserName != "root" ? "needs root" : ShimUnderTest.Reference is null ? "containerd-shim-runc-v2 is not installed" : null;
        bool required = Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE")?.Split(',').Contains("system") ?? false;
        if (reason is not null && required)
        {
            Assert.Fail(reason);
        }

        Assert.SkipWhen(reason is not null, reason ?? "");
        return ShimUnderTest.Reference!;
    }
}
