using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Tests.Upgrade;

public sealed class StateCheckAnswerTests
{
    [Fact]
    public void WhatIsSaidIsUnderstood()
    {
        SupervisorSettings settings = new() { Root = "/a path/with blanks" };
        StateCheckAnswer? answer = StateCheckAnswer.TryParse(StateCheckAnswer.Of(settings).ToText());
        Assert.Equal(SupervisorVersion.Text, answer?.Version);
        Assert.Equal(StateCheckAnswer.PlacesOf(settings), answer?.Places);
    }

    [Fact]
    public void ALaterBuildMaySayMore() =>
        Assert.Equal("9.0", StateCheckAnswer.TryParse("shimstackd 9.0 can serve\nroot /r\nmood good\nalone\n")?.Version);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("shimstackd  can serve\n")]
    [InlineData("shimstackd can serve\n")]
    [InlineData("shimstackd 1.0\n")]
    [InlineData("anything else\nshimstackd 1.0 can serve\n")]
    public void WhatIsNoYesIsNone(string text) => Assert.Null(StateCheckAnswer.TryParse(text));
}
