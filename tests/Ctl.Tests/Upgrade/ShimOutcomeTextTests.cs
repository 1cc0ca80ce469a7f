using ShimStack.Api.Control;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Shims;
using ShimStack.Ctl.Upgrade;

namespace ShimStack.Ctl.Tests.Upgrade;

public sealed class ShimOutcomeTextTests
{
    private static readonly RunningShim Shim = new(7, "n", "web", "/b/web", "/s");
    private static readonly ShimUpgradeOutcome Upgraded = new(Shim, new UpgradeStatus { From = "1.0", To = "2.0", Path = "/p", PauseUs = 5049 });
    private static readonly ShimUpgradeOutcome Refused = new(Shim, new UpgradeStatus { Failure = "/p is no program" });

    [Fact]
    public void EachShimIsOneLine()
    {
        Assert.Equal("web: upgraded from 1.0 to 2.0: same process 7, nothing moved for 5 ms", ShimOutcomeText.Line(Upgraded));
        Assert.Equal("web: not upgraded: /p is no program", ShimOutcomeText.Line(Refused));
    }

    [Fact]
    public void ProgramsLearnTheSame()
    {
        Assert.Equal(
            """{"id":"web","namespace":"n","pid":7,"from":"1.0","to":"2.0","path":"/p","upgraded":true,"failure":null,"pauseMilliseconds":5}""",
            JsonText.Of(writer => ShimOutcomeText.Write(writer, Upgraded)));
        Assert.Equal(
            """{"id":"web","namespace":"n","pid":7,"from":null,"to":null,"path":null,"upgraded":false,"failure":"/p is no program","pauseMilliseconds":0}""",
            JsonText.Of(writer => ShimOutcomeText.Write(writer, Refused)));
    }
}
