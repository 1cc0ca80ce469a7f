using System.Diagnostics;
using System.Net.Sockets;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Targets;
using ShimStack.Native.Mounts;

namespace ShimStack.Drill.Tests.Running;

/// <summary>Each kind of thing that can be left is left, and found.</summary>
public sealed class LeftoverSweepTests : IDisposable
{
    private const string Id = "c1";

    private readonly TargetPlaces _places;
    private readonly LeftoverSweep _sweep;

    public LeftoverSweepTests()
    {
        string name = $"drill-test-{Guid.NewGuid():N}"[..24];
        _places = new TargetPlaces(Path.Combine(Path.GetTempPath(), name), name);
        _places.Create();
        _sweep = new LeftoverSweep(_places, [Id]);
    }

    [Fact]
    public void NothingIsFoundWhereNothingIs() => Assert.Equal([], _sweep.All(Environment.ProcessId));

    [Fact]
    public void FilesOfContainersAreFound()
    {
        Directory.CreateDirectory(_places.BundleOf(Id));
        Directory.CreateDirectory(_places.RuntimeStateOf(Id));
        File.WriteAllText(Path.Combine(_places.Temporary, "x"), "");
        Assert.Equal(["bundle", "runtime state", "temporary file"], Kinds(0));
    }

    [Fact]
    public void ADescriptorOfTheDaemonIsFound()
    {
        using FileStream file = File.Create(Path.Combine(_places.Output, "c1.log"));
        Assert.Equal(["descriptor"], Kinds(Environment.ProcessId));
    }

    [Fact]
    public void ASocketOfAShimIsFound()
    {
        string path = _places.ShimSocketOf(Id);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "shims listen below /run, which is root's");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            Assert.Equal([new Leak("socket", path)], _sweep.All(0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AMountIsFound()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount");
        MountPoint.Mount("tmpfs", _places.Rootfs, "tmpfs", MountFlags.None, null);
        try
        {
            Assert.Equal([new Leak("mount", _places.Rootfs)], _sweep.All(0));
        }
        finally
        {
            MountPoint.TryUnmount(_places.Rootfs, UnmountFlags.None, out _);
        }
    }

    [Fact]
    public void AShimIsFoundByItsNamespaceAndItsHelpersAreNotOne()
    {
        using Process shim = Start("-namespace", _places.Name, "-id", Id);
        using Process helper = Start("-namespace", _places.Name, "-id", Id, "delete");
        using Process stranger = Start("-namespace", "other", "-id", Id);
        try
        {
            Assert.Equal([shim.Id], ShimProcesses.Find(_places, null));
            Assert.Equal([shim.Id], ShimProcesses.Find(_places, Id));
            Assert.Equal([], ShimProcesses.Find(_places, "c2"));
            Assert.Equal([], ((int[])[shim.Id, helper.Id, stranger.Id]).Except(Machine.Descendants()));
        }
        finally
        {
            Array.ForEach([shim, helper, stranger], process => process.Kill());
        }
    }

    [Fact]
    public void WhereOthersAreOnlyWhatHasAnIdOfOursIsFound()
    {
        TargetPlaces shared = _places with { Namespace = "moby" };
        LeftoverSweep sweep = new(shared, [Id]);
        Directory.CreateDirectory(shared.BundleOf("stranger"));
        Directory.CreateDirectory(shared.RuntimeStateOf("stranger"));
        using Process stranger = Start("-namespace", "moby", "-id", "stranger");
        try
        {
            Assert.Equal([], sweep.All(0));
            Assert.Equal([], OwnProcesses.Find(shared, [Id]));
            // One that was being removed when the daemon died has a dot before its name.
            Directory.CreateDirectory(shared.BundleOf("." + Id));
            using Process shim = Start("-namespace", "moby", "-id", Id);
            try
            {
                Assert.Equal(["shim", "bundle"], sweep.All(0).Select(leak => leak.Kind));
                Assert.Equal([shim.Id], OwnProcesses.Find(shared, [Id]));
            }
            finally
            {
                shim.Kill();
            }
        }
        finally
        {
            stranger.Kill();
        }
    }

    public void Dispose() => Directory.Delete(_places.Folder, recursive: true);

    private IEnumerable<string> Kinds(int daemon) => _sweep.All(daemon).Select(leak => leak.Kind);

    // A shell that waits for an end of input that does not come: its arguments are what is looked at.
    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read x", "shim", .. arguments]) { RedirectStandardInput = true })!;
}
