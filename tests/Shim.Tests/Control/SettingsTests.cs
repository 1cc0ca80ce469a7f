using ShimStack.Api.Control;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Control;

public class SettingsTests
{
    [Fact]
    public void WhatIsSetIsInUseFromThenOn() => ShimInTest.Run(async shim =>
    {
        SettingsResponse response = await SetAsync(shim, "SHIMSTACK_DRAIN_TIMEOUT=90s", "SHIMSTACK_SPOOL_FULL=drop-oldest");

        SettingValue drain = response.Settings.Single(static setting => setting.Name == "SHIMSTACK_DRAIN_TIMEOUT");
        Assert.Equal(("90s", "10s"), (drain.Value, drain.Default));
        Assert.Equal(TimeSpan.FromSeconds(90), shim.Settings.DrainLimit);
        Assert.True(shim.Settings.SpoolDropsOldest);
    });

    [Theory]
    [InlineData("SHIMSTACK_DRAIN_TIMEOUT=soon", "SHIMSTACK_DRAIN_TIMEOUT=soon: a time")]
    [InlineData("SHIMSTACK_DRAIN_TIMEOUT", "SHIMSTACK_DRAIN_TIMEOUT=: a time")]
    [InlineData("DRAIN=1s", "DRAIN=1s names no setting; ")]
    [InlineData("SHIMSTACK_SPOOL_SIZES=1m", "SHIMSTACK_SPOOL_SIZES=1m names no setting")]
    public void ABadOneIsRefusedAndNothingIsSet(string set, string reason) => ShimInTest.Run(async shim =>
    {
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => SetAsync(shim, "SHIMSTACK_SPOOL_FULL=drop-oldest", set));

        Assert.Equal(RpcCode.InvalidArgument, refusal.Code);
        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
        Assert.False(shim.Settings.SpoolDropsOldest);
    });

    [Fact]
    public void WhatWasSetGoesToTheNextBuild() => ShimInTest.Run(async shim =>
    {
        await SetAsync(shim, "SHIMSTACK_SPOOL_SIZE=1m");
        Shim.State.ShimRecord record = await shim.HandOverAsync();
        Assert.Contains("SHIMSTACK_SPOOL_SIZE=1m", record.Settings);
        Assert.DoesNotContain(record.Settings, static set => set.StartsWith("SHIMSTACK_DRAIN_TIMEOUT=", StringComparison.Ordinal));
    });

    private static Task<SettingsResponse> SetAsync(ShimInTest shim, params string[] values) =>
        shim.CallAsync(ControlServices.V1, ControlServices.Settings, new SettingsRequest { Set = { values } }, SettingsResponse.Parser);
}
