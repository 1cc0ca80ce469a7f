using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Shim.Bootstrap;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class RuntimeOptionsReaderTests
{
    [Fact]
    public void NoOptionsAreTheDefaults()
    {
        Assert.Equal(new Options(), RuntimeOptionsReader.Read(null));
        Assert.Equal(new Options(), RuntimeOptionsReader.Read(new Any()));
        Assert.Equal(new Options(), RuntimeOptionsReader.Read(new Any { TypeUrl = "whatever" }));
        Assert.Equal(new Options(), RuntimeOptionsReader.Read(Generic(new Api.RuntimeOptions.Options { TypeUrl = "x" })));
    }

    [Theory]
    [InlineData("containerd.runc.v1.Options")]
    [InlineData("type.googleapis.com/containerd.runc.v1.Options")]
    public void OptionsOfRuncAreRead(string typeUrl)
    {
        var options = new Options { BinaryName = "crun", IoUid = 7, SystemdCgroup = true };
        Assert.Equal(options, RuntimeOptionsReader.Read(new Any { TypeUrl = typeUrl, Value = options.ToByteString() }));
    }

    [Fact]
    public void EveryKeyOfTheTextIsRead()
    {
        const string Text = """
            # from containerd's configuration
            TypeUrl = "io.containerd.something"
            BinaryName = "/usr/bin/crun" # comment
            Root = '/run/x\y'
              SystemdCgroup = true
            NoPivotRoot=true
            NoNewKeyring = true   # yes
            "ShimCgroup" = "a \"b\" \u00e9\t#"
            IoUid = 1000
            IoGid = 4294967295
            CriuPath = ""
            CriuImagePath = "/i"
            CriuWorkPath = "/w"
            Other = [1, 2]
            """;
        var expected = new Options
        {
            BinaryName = "/usr/bin/crun",
            Root = "/run/x\\y",
            SystemdCgroup = true,
            NoPivotRoot = true,
            NoNewKeyring = true,
            ShimCgroup = "a \"b\" é\t#",
            IoUid = 1000,
            IoGid = uint.MaxValue,
            CriuImagePath = "/i",
            CriuWorkPath = "/w",
        };
        Assert.Equal(expected, RuntimeOptionsReader.Read(Text2Any(Text.ReplaceLineEndings("\r\n"))));
    }

    [Theory]
    [InlineData("Root = \"/a\"\nnonsense", "line 2: key = value expected")]
    [InlineData("[table]", "line 1: key = value expected")]
    [InlineData("= 1", "line 1: key = value expected")]
    [InlineData("a.b = 1", "line 1: key = value expected")]
    [InlineData("Root = /a", "line 1: Root: a text in quotes")]
    [InlineData("Root =", "line 1: Root: a text in quotes")]
    [InlineData("Root = \"\"\"a\"\"\"", "line 1: Root: a text in quotes")]
    [InlineData("Root = \"/a", "line 1: Root: the text has no closing quote")]
    [InlineData("Root = \"/a\\", "line 1: Root: unknown escape")]
    [InlineData("Root = \"\\q\"", "line 1: Root: unknown escape \\q")]
    [InlineData("Root = \"\\u12\"", "line 1: Root: 12\" is no character")]
    [InlineData("Root = \"\\ud800\"", "line 1: Root: d800 is no character")]
    [InlineData("Root = \"a\" b", "line 1: Root: nothing but a comment")]
    [InlineData("\n\nSystemdCgroup = yes", "line 3: SystemdCgroup: true or false expected, not yes")]
    [InlineData("IoUid = -1", "line 1: IoUid: a number from 0 to 4294967295 expected, not -1")]
    [InlineData("IoUid = 1\nIoUid = 2", "line 2: IoUid: given twice")]
    public void AnErrorInTheTextNamesItsLine(string text, string message)
    {
        RpcException e = Assert.Throws<RpcException>(() => RuntimeOptionsReader.Read(Text2Any(text)));
        Assert.Equal(RpcCode.InvalidArgument, e.Code);
        Assert.StartsWith("runtime options config_body: " + message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTextMayBeInAFile()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("options.toml", "Root = '/r'");
        Assert.Equal("/r", RuntimeOptionsReader.Read(Generic(new Api.RuntimeOptions.Options { ConfigPath = path })).Root);

        string missing = directory["missing.toml"];
        RpcException e =
            Assert.Throws<RpcException>(() => RuntimeOptionsReader.Read(Generic(new Api.RuntimeOptions.Options { ConfigPath = missing })));
        Assert.Contains(missing, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownTypeIsAnErrorThatNamesIt()
    {
        RpcException e =
            Assert.Throws<RpcException>(() => RuntimeOptionsReader.Read(new Any { TypeUrl = "x.Options", Value = ByteString.CopyFrom(1) }));
        Assert.Equal((RpcCode.InvalidArgument, "unsupported runtime options type x.Options"), (e.Code, e.Message));
    }

    [Fact]
    public void GarbageInOptionsIsAnErrorThatNamesTheirType()
    {
        var garbage = new Any { TypeUrl = TypeUrls.RuncOptions, Value = ByteString.CopyFrom(0xFF, 0xFF) };
        RpcException e = Assert.Throws<RpcException>(() => RuntimeOptionsReader.Read(garbage));
        Assert.Equal(RpcCode.InvalidArgument, e.Code);
        Assert.Contains(TypeUrls.RuncOptions, e.Message, StringComparison.Ordinal);
    }

    private static Any Text2Any(string toml) =>
        Generic(new Api.RuntimeOptions.Options { ConfigBody = ByteString.CopyFrom(Encoding.UTF8.GetBytes(toml)) });

    private static Any Generic(Api.RuntimeOptions.Options options) =>
        new() { TypeUrl = TypeUrls.RuntimeOptions, Value = options.ToByteString() };
}
