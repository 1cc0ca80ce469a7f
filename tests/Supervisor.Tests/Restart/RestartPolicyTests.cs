using CsCheck;
using ShimStack.Supervisor.Restart;

namespace ShimStack.Supervisor.Tests.Restart;

public sealed class RestartPolicyTests
{
    [Theory]
    [InlineData("no", "no")]
    [InlineData("always", "always")]
    [InlineData("unless-stopped", "unless-stopped")]
    [InlineData("on-failure", "on-failure")]
    [InlineData("on-failure:3", "on-failure:3")]
    [InlineData("on-failure:0", "on-failure")]
    public void APolicyIsRead(string text, string policy) => Assert.Equal(policy, RestartPolicy.TryParse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Always")]
    [InlineData("always:3")]
    [InlineData("no ")]
    [InlineData("on-failure:")]
    [InlineData("on-failure:-1")]
    [InlineData("on-failure:3:4")]
    [InlineData("on-failure:99999999999")]
    public void WhatIsNoneIsNone(string text) => Assert.Null(RestartPolicy.TryParse(text));

    [Fact]
    public void WhatIsWrittenIsReadAgain() => Gen.Select(Gen.Enum<RestartKind>(), Gen.Int[0, int.MaxValue]).Sample((kind, retries) =>
    {
        RestartPolicy policy = new(kind, kind == RestartKind.OnFailure ? retries : 0);
        return RestartPolicy.TryParse(policy.ToString()) == policy;
    });
}
