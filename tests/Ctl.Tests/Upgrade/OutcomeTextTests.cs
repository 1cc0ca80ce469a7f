using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Upgrades;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Upgrade;

namespace ShimStack.Ctl.Tests.Upgrade;

public sealed class OutcomeTextTests
{
    private static readonly Outcome Upgraded = new()
    {
        Id = "u1",
        From = new Build { Version = "1.0", Path = "/a" },
        To = new Build { Version = "2.0", Path = "/b" },
        Silence = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(61.26)),
    };

    [Fact]
    public void AnUpgradeIsToldInOneSentence() =>
        Assert.Equal("upgraded from 1.0 (/a) to 2.0 (/b): same process 7, no answer for 61 ms", OutcomeText.Sentence(7, Upgraded));

    [Fact]
    public void ARollBackIsToldWithItsReason() => Assert.Equal(
        "2.0 (/b) could not serve, and 1.0 (/a) serves again in the same process 7, after 61 ms without an answer: no room",
        OutcomeText.Sentence(7, new Outcome(Upgraded) { Failure = "no room" }));

    [Fact]
    public void ProgramsLearnTheSame() => Assert.Equal(
        """{"id":"u1","pid":7,"from":{"version":"1.0","path":"/a"},"to":{"version":"2.0","path":"/b"},"upgraded":true,"failure":null,"silenceMilliseconds":61.3}""",
        JsonText.Of(writer => OutcomeText.Write(writer, 7, Upgraded)));
}
