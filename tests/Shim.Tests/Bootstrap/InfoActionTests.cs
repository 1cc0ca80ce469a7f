using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Api.Types;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

[Collection(OneProcessAtATime.Name)]
public sealed class InfoActionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void TheFeaturesOfTheRuntimeArePassedOnAsTheyAre()
    {
        Any options = OptionsFor(_directory.WriteScript("rt", "[ \"$*\" = features ] && echo warning >&2 && echo '{\"a\":1}'"));
        RuntimeInfo info = Info(options);
        Assert.Equal(("io.containerd.x.v2", ShimVersion.Text), (info.Name, info.Version.Version));
        Assert.Equal(options, info.Options);
        Assert.Equal((TypeUrls.OciFeatures, "{\"a\":1}\n"), (info.Features.TypeUrl, info.Features.Value.ToStringUtf8()));
    }

    [Fact]
    public void ARuntimeWithoutFeaturesIsNoError() => Assert.Null(Info(OptionsFor(_directory.WriteScript("rt", "exit 1"))).Features);

    [Fact]
    public void AnUnusableRuntimeFileIsNoError()
    {
        _directory.WriteScript("rt", "");
        _directory.Write("rt", "neither a script nor a program");
        Assert.Null(Info(OptionsFor(_directory["rt"])).Features);
    }

    [Fact]
    public void AMissingRuntimeIsAnErrorThatNamesIt()
    {
        StartupException e = Assert.Throws<StartupException>(() => Info(OptionsFor("/does/not/exist")));
        Assert.Contains("\"/does/not/exist\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GarbageIsAnError() => Assert.Throws<StartupException>(() => InfoAction.Run("x", [0xFF, 0xFF]));

    private static RuntimeInfo Info(Any options) =>
        RuntimeInfo.Parser.ParseFrom(InfoAction.Run("io.containerd.x.v2", options.ToByteArray()));

    private static Any OptionsFor(string binary) =>
        new() { TypeUrl = TypeUrls.RuncOptions, Value = new Options { BinaryName = binary }.ToByteString() };
}
