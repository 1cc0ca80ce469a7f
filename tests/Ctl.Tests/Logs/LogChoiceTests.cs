using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Logs;

namespace ShimStack.Ctl.Tests.Logs;

public sealed class LogChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory, InlineData("10m", "2026-01-02T02:54:05Z"), InlineData("2h", "2026-01-02T01:04:05Z"), InlineData("2025-12-31T00:00:00Z", "2025-12-31T00:00:00Z")]
    public void ATimeIsGivenOrAgo(string text, string time) => Assert.Equal(DateTimeOffset.Parse(time, null), LogChoice.Time(text, Now));

    [Theory, InlineData(""), InlineData("m"), InlineData("10x"), InlineData("yesterday")]
    public void AnythingElseIsRefused(string text) => Assert.Throws<CtlException>(() => LogChoice.Time(text, Now));

    [Theory, InlineData("2026-01-02T03:04:05.1Z", true), InlineData("2026-01-02T03:04:04.9Z", false), InlineData("no time", true)]
    public void LinesAreChosenByTheirTime(string time, bool isChosen) => Assert.Equal(isChosen, new LogChoice(Now, null).HasTime(time));
}
