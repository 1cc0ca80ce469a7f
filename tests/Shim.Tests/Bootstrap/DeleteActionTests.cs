using ShimStack.Api.Runc;
using ShimStack.Api.Task;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Exits;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Tests.Bootstrap;

[Collection(OneProcessAtATime.Name)]
public sealed class DeleteActionTests : IDisposable
{
    private readonly TemporaryDirectory _bundle = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void TheRuntimeIsToldToDeleteByForce()
    {
        UseRuntime("printf '%s\\n' \"$@\" > $(dirname $0)/line");
        BundleFiles.WriteOptions(_bundle.Path, new Options { Root = "/run/r/", SystemdCgroup = true });
        _bundle.Write("init.pid", "4711");

        DeleteResponse response = Delete();
        Assert.Equal(
            ["--root", "/run/r/ns", "--log", _bundle["log.json"], "--log-format", "json", "delete", "--force", "c1"],
            File.ReadAllLines(_bundle["line"]));
        Assert.Equal((4711u, 137u), (response.Pid, response.ExitStatus));
        Assert.InRange(
            response.ExitedAt.ToDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow());
        Assert.Empty(_warnings);
    }

    [Fact]
    public void AnExitOnRecordIsReportedAsItWas()
    {
        UseRuntime("exit 0");
        _bundle.Write("init.pid", "4711");
        DateTimeOffset ended = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        ExitFiles.Write(_bundle.Path, "", new ExitRecord { Status = 42, Ticks = ended.UtcTicks, Pid = 4711 });

        DeleteResponse response = Delete();
        Assert.Equal((42u, ended), (response.ExitStatus, response.ExitedAt.ToDateTimeOffset()));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void ADamagedRecordOfTheExitIsAWarning()
    {
        UseRuntime("exit 0");
        _bundle.Write("init.pid", "4711");
        _bundle.Make("exits");
        _bundle.Write("exits/init", "\u0008");
        Assert.Equal(137u, Delete().ExitStatus);
        Assert.StartsWith("failed to read the exit of the container: ", _warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutOptionsTheDefaultRootIsUsed()
    {
        UseRuntime("printf '%s\\n' \"$@\" > $(dirname $0)/line");
        Delete();
        Assert.Equal("/run/containerd/runc/ns", File.ReadAllLines(_bundle["line"])[1]);
    }

    [Fact]
    public void WhatFailsIsAWarningAndTheAnswerIsGiven()
    {
        UseRuntime("echo it hurts >&2; exit 5");
        DeleteResponse response = Delete();
        Assert.Equal((uint.MaxValue, 137u), (response.Pid, response.ExitStatus));
        Assert.Equal(2, _warnings.Count);
        Assert.EndsWith("did not terminate successfully: exit status 5: it hurts", _warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("failed to read the pid of the container: ", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingRuntimeIsAWarning()
    {
        BundleFiles.WriteRuntime(_bundle.Path, "/does/not/exist");
        Delete();
        Assert.Contains("executable file not found", _warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ItCanBeRunAgain()
    {
        UseRuntime("exit 0");
        _bundle.Write("init.pid", "1");
        Assert.Equal(Delete().Pid, Delete().Pid);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void OptionsThatCannotBeReadAreAnError()
    {
        _bundle.Write("options.json", "{");
        Assert.Throws<InvalidDataException>(() => Delete());
    }

    [Fact]
    public void TheSocketOfADeadShimIsRemoved()
    {
        UseRuntime("exit 0");
        UnixSocket.Listen(_bundle["socket"]).Dispose();
        BundleFiles.WriteAddress(_bundle.Path, new SocketAddress(_bundle["socket"]));
        Delete();
        Assert.False(File.Exists(_bundle["socket"]));
    }

    [Fact]
    public void TheMembersOfAPodOverVersionThreeAreDeletedWhenTheirShimIsDead()
    {
        using TemporaryDirectory bundles = MakePod(version: 3);
        Assert.Equal(["c1", "m1", "m2"], DeletedOf(bundles));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void TheMembersOfAPodStayWhileTheirShimAnswers()
    {
        using TemporaryDirectory bundles = MakePod(version: 3);
        File.Delete(bundles["c1/socket"]);
        using Native.FileDescriptor shim = UnixSocket.Listen(bundles["c1/socket"]);
        Assert.Equal(["c1"], DeletedOf(bundles));
    }

    [Fact]
    public void TheMembersOfAPodOverVersionTwoHaveADeleteOfTheirOwn()
    {
        using TemporaryDirectory bundles = MakePod(version: 2);
        Assert.Equal(["c1"], DeletedOf(bundles));
    }

    // c1 is the pod, m1 and m2 are in it, and their bundles are gone already.
    private TemporaryDirectory MakePod(int version)
    {
        TemporaryDirectory bundles = new();
        bundles.Make("c1");
        bundles.Write("c1/init.pid", "4711");
        bundles.Write("c1/bootstrap.json", $$"""{"version":{{version}},"address":"unix:///x","protocol":"ttrpc"}""");
        BundleFiles.WriteRuntime(bundles["c1"], _bundle.WriteScript("runtime.sh", $"for last; do :; done; echo $last >> {_bundle["deleted"]}"));
        bundles.Make("c1/members");
        bundles.Write("c1/members/m1", "");
        bundles.Write("c1/members/m2", "");
        UnixSocket.Listen(bundles["c1/socket"]).Dispose();
        BundleFiles.WriteAddress(bundles["c1"], new SocketAddress(bundles["c1/socket"]));
        return bundles;
    }

    private string[] DeletedOf(TemporaryDirectory bundles)
    {
        new DeleteAction(bundles["c1"], new ShimArguments { Namespace = "ns", Id = "c1" }, _warnings.Add).Run();
        return [.. File.ReadAllLines(_bundle["deleted"]).Order()];
    }

    private void UseRuntime(string script) => BundleFiles.WriteRuntime(_bundle.Path, _bundle.WriteScript("runtime.sh", script));

    private DeleteResponse Delete() =>
        DeleteResponse.Parser.ParseFrom(
            new DeleteAction(_bundle.Path, new ShimArguments { Namespace = "ns", Id = "c1" }, _warnings.Add).Run());
}
