using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Runc;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Tasks;

public sealed class RuntimeOptionsTests
{
    private const string Runc = "/usr/bin/containerd-shim-runc-v2";
    private readonly RuntimeOptions _options = new(new SupervisorSettings { State = "/run/x" });

    [Fact]
    public void WhereNothingIsSaidRuncHasARootOfOurs() => Assert.Equal("/run/x/runc", RootOf(_options.For(new Container(), null, Runc)));

    [Fact]
    public void AnotherShimWithoutOptionsGetsNone() => Assert.Null(_options.For(new Container(), null, "/usr/bin/containerd-shim-kata-v2"));

    [Fact]
    public void ARootThatIsGivenStays() =>
        Assert.Equal("/run/y", RootOf(_options.For(new Container(), Packed(new Options { Root = "/run/y" }), Runc)));

    [Fact]
    public void TheOtherOptionsStayWhenTheRootIsAdded()
    {
        Any? options = _options.For(new Container(), Packed(new Options { BinaryName = "crun", SystemdCgroup = true }), Runc);
        Assert.Equal(new Options { BinaryName = "crun", SystemdCgroup = true, Root = "/run/x/runc" }, Options.Parser.ParseFrom(options!.Value));
    }

    [Fact]
    public void OptionsOfTheCallComeBeforeThoseOfTheContainer()
    {
        Container container = new() { Runtime = new Container.Types.Runtime { Options = Packed(new Options { Root = "/of/container" }) } };
        Assert.Equal("/of/container", RootOf(_options.For(container, null, Runc)));
        Assert.Equal("/of/call", RootOf(_options.For(container, Packed(new Options { Root = "/of/call" }), Runc)));
    }

    [Fact]
    public void OptionsOfAnotherTypeAreLeftAlone()
    {
        Any other = new() { TypeUrl = "runtimeoptions.v1.Options", Value = ByteString.CopyFromUtf8("x") };
        Assert.Equal(other, _options.For(new Container(), other, Runc));
    }

    [Fact]
    public void OptionsThatAreNoMessageAreRefused()
    {
        Any broken = new() { TypeUrl = "containerd.runc.v1.Options", Value = ByteString.CopyFrom(0xff) };
        Assert.Equal(RpcCode.InvalidArgument, Assert.Throws<RpcException>(() => _options.For(new Container(), broken, Runc)).Code);
    }

    private static Any Packed(Options options) => new() { TypeUrl = "containerd.runc.v1.Options", Value = options.ToByteString() };

    private static string RootOf(Any? options) => Options.Parser.ParseFrom(options!.Value).Root;
}
