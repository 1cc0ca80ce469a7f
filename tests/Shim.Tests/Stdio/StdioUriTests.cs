using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Stdio;

public class StdioUriTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/run/containerd/fifo/1/c1-stdout")]
    [InlineData("/a:b")]
    [InlineData("relative/path")]
    [InlineData("1file:///x")]
    [InlineData("_x://y")]
    [InlineData("/with%zz/percent?and=query#and")]
    public void WhatHasNoSchemeIsAPath(string text) => Assert.Null(StdioUri.TryParse(text));

    [Theory]
    [InlineData("file:///var/log/c1", "file", "/var/log/c1", "")]
    [InlineData("file:/var/log/c1", "file", "/var/log/c1", "")]
    [InlineData("FILE:///x", "file", "/x", "")]
    [InlineData("file:///a%20b%2fc+d", "file", "/a b/c+d", "")]
    [InlineData("file:///%C3%A4", "file", "/ä", "")]
    [InlineData("file:///x#fragment", "file", "/x", "")]
    [InlineData("binary-v2:///bin/l?b=2&a=1", "binary-v2", "/bin/l", "b=2,a=1")]
    [InlineData("binary:///bin/l?flag", "binary", "/bin/l", "flag=")]
    [InlineData("binary:///bin/l?flag=&x=1", "binary", "/bin/l", "flag=,x=1")]
    [InlineData("binary:///bin/l?a=1&b=2&a=3", "binary", "/bin/l", "a=1,b=2")]
    [InlineData("binary:///bin/l?a=x%26y+z%3D&&b", "binary", "/bin/l", "a=x&y z=,b=")]
    [InlineData("binary:///bin/l?_NERDCTL_INTERNAL_LOGGING=/var/lib/nerdctl", "binary", "/bin/l", "_NERDCTL_INTERNAL_LOGGING=/var/lib/nerdctl")]
    [InlineData("ttrpc+unix:///sock?streaming_id=7", "ttrpc+unix", "/sock", "streaming_id=7")]
    public void SchemePathAndQueryAreTakenApart(string text, string scheme, string path, string query)
    {
        StdioUri uri = StdioUri.TryParse(text)!;
        Assert.Equal((scheme, path), (uri.Scheme, uri.Path));
        Assert.Equal(query, string.Join(',', uri.Query.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Theory]
    [InlineData("file://var/log/c1", "names the host var")]
    [InlineData("file://", "no absolute path")]
    [InlineData("file:log", "no absolute path")]
    [InlineData("file:///a%2", "two hexadecimal digits")]
    [InlineData("file:///a%zz", "two hexadecimal digits")]
    [InlineData("file:///a%00b", "NUL")]
    [InlineData("file:///%ff", "not UTF-8")]
    [InlineData("binary:///l?a=1;b=2", "semicolon")]
    [InlineData("binary:///l?a=%", "two hexadecimal digits")]
    public void WhatCannotBeUnderstoodIsRefusedWithTheReason(string text, string reason)
    {
        RpcException refusal = Assert.Throws<RpcException>(() => StdioUri.TryParse(text));
        Assert.Equal(RpcCode.InvalidArgument, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSchemeIsJudgedOnStdoutOnly()
    {
        Assert.Null(OutputTarget.Of(new StdioPaths("foo:///x", "/out", "bar:///x", false)).File);
        Assert.NotNull(OutputTarget.Of(new StdioPaths("", "file:///x", "/err", false)).File);
        RpcException refusal = Assert.Throws<RpcException>(() => OutputTarget.Of(new StdioPaths("", "foo:///x", "", false)));
        Assert.Equal((RpcCode.InvalidArgument, "unknown STDIO scheme foo"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void TheArgumentsOfALoggerAreInTheOrderOfItsQuery()
    {
        OutputTarget target = OutputTarget.Of(new StdioPaths("", "binary-v2:///bin/l?z=1&flag&a=%20", "", false));
        Assert.Equal(["z", "1", "flag", "", "a", " "], target.Logger!.Arguments);
        Assert.True(target.Logger.MustSayReady);
    }
}
