using ShimStack.Api.Control;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Control;

public class SettingsTests
{
    [Fact]
    public void WhatIsSetIsInUseFromThenOn() => ShimInTest.Run(async shim =>
    {
        SettingsResponse response = await SetAsync(shim, ("SHIMSTACK_DRAIN_TIMEOUT", "90s"), ("SHIMSTACK_SPOOL_FULL", "drop-oldest"));

        SettingValue drain = response.Settings.Single(static setting => setting.Name == "SHIMSTACK_DRAIN_TIMEOUT");
        Assert.Equal(("90s", "10s"), (drain.Value, drain.Default));
        Assert.Equal(TimeSpan.FromSeconds(90), shim.Settings.DrainLimit);
        Assert.True(shim.Settings.SpoolDropsOldest);
    });

    [Theory]
    [InlineData("SHIMSTACK_DRAIN_TIMEOUT", "soon", "SHIMSTACK_DRAIN_TIMEOUT=soon: a time")]
    [InlineData("DRAIN", "1s", "there is no setting DRAIN; there are SHIMSTACK_RUNTIME_TIMEOUT, ")]
    public void ABadOneIsRefusedAndNothingIsSet(string name, string value, string reason) => ShimInTest.Run(async shim =>
    {
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => SetAsync(shim, ("SHIMSTACK_SPOOL_FULL", "drop-oldest"), (name, value)));

        Assert.Equal(RpcCode.InvalidArgument, refusal.Code);
        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
        Assert.False(shim.Settings.SpoolDropsOldest);
    });

    [Fact]
    public void WhatWasSetGoesToTheNextBuild() => ShimInTest.Run(async shim =>
    {
        await SetAsync(shim, ("SHIMSTACK_SPOOL_SIZE", "1m"));
        Shim.State.ShimRecord record = await shim.HandOverAsync();
        Assert.Equal("1m", record.Settings["SHIMSTACK_SPOOL_SIZE"]);
        Assert.DoesNotContain("SHIMSTACK_DRAIN_TIMEOUT", record.Settings.Keys);
    });

    private static Task<SettingsResponse> SetAsync(ShimInTest shim, params (string Name, string Value)[] values)
    {
        SettingsRequest request = new();
        foreach ((string name, string value) in values)
        {
            request.Set.Add(name, value);
        }

        return shim.CallAsync(ControlServices.V1, ControlServices.Settings, request, SettingsResponse.Parser);
    }
}
