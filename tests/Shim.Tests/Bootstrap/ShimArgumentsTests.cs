using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class ShimArgumentsTests
{
    [Theory]
    [InlineData("-namespace ns")]
    [InlineData("--namespace ns")]
    [InlineData("-namespace=ns")]
    [InlineData("--namespace=ns")]
    public void EveryFormOfAFlagIsTheSame(string line) => Assert.Equal("ns", Parse(line).Namespace);

    [Fact]
    public void TheLineOfADaemonIsUnderstood()
    {
        ShimArguments arguments =
            Parse("-namespace moby -address /run/c.sock -publish-binary /usr/bin/containerd -id a1 -bundle /b -debug delete");
        Assert.Equal(
            new ShimArguments
            {
                Namespace = "moby",
                Address = "/run/c.sock",
                PublishBinary = "/usr/bin/containerd",
                Id = "a1",
                Bundle = "/b",
                Debug = true,
                Action = ShimAction.Delete,
            },
            arguments);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("start", 1)]
    [InlineData("delete", 2)]
    [InlineData("stop", 0)]
    [InlineData("-- start", 1)]
    [InlineData("-debug=false start -id x", 1)]
    public void TheFirstWordIsTheAction(string line, int action) => Assert.Equal((ShimAction)action, Parse(line).Action);

    [Fact]
    public void FlagsAfterTheActionAreNotRead() => Assert.Equal("", Parse("start -id x").Id);

    [Theory]
    [InlineData("-socket /s -debug-socket /d -v -info", "/s", "/d", true, true)]
    [InlineData("-version", "", "", true, false)]
    [InlineData("-v=0 -info=T", "", "", false, true)]
    public void TheOtherFlagsAreRead(string line, string socket, string debugSocket, bool version, bool info)
    {
        ShimArguments arguments = Parse(line);
        Assert.Equal(
            (socket, debugSocket, version, info),
            (arguments.Socket, arguments.DebugSocket, arguments.ShowVersion, arguments.ShowInfo));
    }

    [Theory]
    [InlineData("-unknown", "flag provided but not defined: -unknown")]
    [InlineData("-id", "flag needs an argument: -id")]
    [InlineData("---id x", "bad flag syntax: ---id")]
    [InlineData("-=x", "bad flag syntax: -=x")]
    [InlineData("-debug=maybe", "invalid boolean value \"maybe\" for -debug: parse error")]
    public void AWrongFlagIsAUsageError(string line, string message)
    {
        UsageException e = Assert.Throws<UsageException>(() => Parse(line));
        Assert.Equal((message, ExitCode.Usage), (e.Message, e.ExitCode));
        Assert.StartsWith(message + "\nUsage of shim:", UsageText.For("shim", e), StringComparison.Ordinal);
    }

    [Fact]
    public void AskingForHelpIsNoError() => Assert.Equal(ExitCode.Success, Assert.Throws<UsageException>(() => Parse("-h")).ExitCode);

    [Theory]
    [InlineData("", "a1", "shim namespace cannot be empty")]
    [InlineData("../x", "a1", "shim namespace: identifier \"../x\" must match")]
    [InlineData("ns", "", "shim id: identifier must not be empty")]
    [InlineData("ns", "a/b", "shim id: identifier \"a/b\" must match")]
    public void WhatBecomesAPathIsChecked(string nameSpace, string id, string message)
    {
        var arguments = new ShimArguments { Namespace = nameSpace, Id = id };
        Assert.StartsWith(message, Assert.Throws<StartupException>(arguments.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(106, true)]
    [InlineData(107, false)]
    public void ASocketPathHasAtMost106Bytes(int length, bool valid)
    {
        string path = "/" + new string('s', length - 1);
        Exception? problem = Record.Exception(new ShimArguments { Namespace = "ns", Id = "a", Socket = path }.Validate);
        Assert.Equal(valid ? null : $"\"{path}\": unix socket path too long (> 106)", problem?.Message);
    }

    private static ShimArguments Parse(string line) => ShimArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
