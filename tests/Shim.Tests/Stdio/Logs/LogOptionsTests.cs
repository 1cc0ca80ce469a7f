using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Logs;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Stdio.Logs;

public class LogOptionsTests
{
    [Fact]
    public void WithoutOptionsAFileIsRawAndGrows() => Assert.Equal(new LogOptions(LogFormat.Raw, 0, 5), Parse(""));

    [Theory]
    [InlineData("512", 512L)]
    [InlineData("10k", 10_000L)]
    [InlineData("3M", 3_000_000L)]
    [InlineData("2g", 2_000_000_000L)]
    public void SizesHaveDockersUnits(string value, long bytes) =>
        Assert.Equal(new LogOptions(LogFormat.Cri, bytes, 3), Parse($"?format=cri&max-size={value}&max-files=3"));

    [Theory]
    [InlineData("?format=CRI", "format='CRI'")]
    [InlineData("?format", "format=''")]
    [InlineData("?max-size=", "max-size=''")]
    [InlineData("?max-size=0", "max-size='0'")]
    [InlineData("?max-size=-1k", "max-size='-1k'")]
    [InlineData("?max-size=10x", "max-size='10x'")]
    [InlineData("?max-size=k", "max-size='k'")]
    [InlineData("?max-size=9999999999999g", "max-size='9999999999999g'")]
    [InlineData("?max-size=1k&max-files=0", "max-files='0'")]
    [InlineData("?max-size=1k&max-files=1001", "max-files='1001'")]
    [InlineData("?max-files=3", "max-files has no use")]
    [InlineData("?max-file=3", "unknown log option 'max-file'")]
    public void AnUnknownOptionOrABadValueIsNamed(string query, string named)
    {
        RpcException refusal = Assert.Throws<RpcException>(() => Parse(query));
        Assert.Equal(RpcCode.InvalidArgument, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    private static LogOptions Parse(string query) => LogOptions.Of(StdioUri.TryParse("file:///x" + query)!);
}
