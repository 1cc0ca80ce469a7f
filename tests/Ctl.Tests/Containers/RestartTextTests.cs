using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class RestartTextTests
{
    [Theory]
    [InlineData("no")]
    [InlineData("on-failure")]
    [InlineData("on-failure:3")]
    [InlineData("always")]
    [InlineData("unless-stopped")]
    public void APolicyGoesToTheDaemonAsItIs(string text) => Assert.Equal(text, RestartText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("sometimes")]
    [InlineData("on-failure:")]
    [InlineData("on-failure:-1")]
    [InlineData("always:2")]
    public void WhatIsNoneIsRefused(string text)
    {
        CtlException refused = Assert.Throws<CtlException>(() => RestartText.Parse(text));
        Assert.Equal((ExitCode.Usage, $"--restart {text}: not a policy; say no, on-failure, on-failure:3, always or unless-stopped"), (refused.Code, refused.Message));
    }

    [Fact]
    public void NoPolicyIsNoLabel() => Assert.Empty(RestartLabels.Of("no", "/var/log/x.log"));
}
