using System.Text;
using System.Text.Json;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

[Collection(OneProcessAtATime.Name)]
public sealed class LeftoverCgroupTests : IDisposable
{
    private const string Id = "shimstack-leftover-test";

    private readonly TemporaryDirectory _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{\"linux\":{\"cgroupsPath\":\"/ns/c1\"}}", "/ns/c1")]
    [InlineData("{\"linux\":{\"resources\":{\"cgroupsPath\":\"/no\"},\"cgroupsPath\":\"/ns/c1\"}}", "/ns/c1")]
    [InlineData("{\"process\":{\"cgroupsPath\":\"/no\"},\"linux\":{\"namespaces\":[{}]},\"hooks\":{\"cgroupsPath\":\"/no\"}}", null)]
    [InlineData("{\"cgroupsPath\":\"/no\",\"linux\":{\"cgroupsPath\":null}}", null)]
    public void ThePathIsThatOfTheSpec(string spec, string? path) =>
        Assert.Equal(path, LeftoverCgroup.PathIn(Encoding.UTF8.GetBytes(spec)));

    [Fact]
    public void ABrokenSpecIsAnError() => Assert.ThrowsAny<JsonException>(() => LeftoverCgroup.PathIn("{\"linux\":"u8));

    [Fact]
    public void WhatIsInItIsKilledAndItGoes()
    {
        IReadOnlyList<string> directories = MakeCgroup("/" + Id);
        int pid =
            Spawner.Spawn(new SpawnRequest { Path = "/bin/sleep", Arguments = ["sleep", "1000"], Environment = [], DieWithParent = true });
        foreach (string directory in directories)
        {
            File.WriteAllText(directory + "/cgroup.procs", $"{pid}");
        }
        WriteSpec("/" + Id);

        int? status = null;
        new LeftoverCgroup(_bundle.Path, Id).Remove(pause =>
        {
            status ??= ChildProcess.WaitForExit(pid, pause);
            return true;
        });
        Assert.Empty(CgroupHierarchies.DirectoriesOf("/" + Id, withUnified: true));
        Assert.Equal(128 + (int)Signal.SIGKILL, status ?? ChildProcess.WaitForExit(pid, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("/" + Id, "other-id")]
    [InlineData(Id, Id)]
    [InlineData("system.slice:x:" + Id, Id)]
    public void ACgroupOfAnotherNameStays(string path, string id)
    {
        IReadOnlyList<string> directories = MakeCgroup("/" + Id);
        WriteSpec(path);
        new LeftoverCgroup(_bundle.Path, id).Remove(_ => throw new InvalidOperationException("nothing to wait for"));
        Assert.All(directories, directory => Assert.True(Directory.Exists(directory)));
        Assert.All(directories, Native.Files.Files.RemoveDirectory);
    }

    [Fact]
    public void OneThatStaysBusyIsAnErrorAfterABoundedTime()
    {
        IReadOnlyList<string> directories = MakeCgroup("/" + Id);
        string child = directories[0] + "/child";
        Native.Files.Files.MakeDirectory(child, 0x1C0);
        WriteSpec("/" + Id);
        try
        {
            Assert.Equal(Errno.EBUSY, Assert.Throws<SyscallException>(() => new LeftoverCgroup(_bundle.Path, Id).Remove(_ => true)).Errno);
        }
        finally
        {
            Native.Files.Files.RemoveDirectory(child);
            new LeftoverCgroup(_bundle.Path, Id).Remove(_ => true);
        }
    }

    [Fact]
    public void WithoutASpecThereIsNothingToDo() => new LeftoverCgroup(_bundle.Path, Id).Remove(_ => throw new InvalidOperationException());

    // In one hierarchy (in the only one, with version 2): the pids controller of version 1 takes any process.
    private static IReadOnlyList<string> MakeCgroup(string name)
    {
        Privileges.RequireRoot();
        string root = Directory.Exists("/sys/fs/cgroup/pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
        Native.Files.Files.MakeDirectory(root + name, 0x1ED);
        return [root + name];
    }

    private void WriteSpec(string path) => _bundle.Write("config.json", $$$"""{"linux":{"cgroupsPath":"{{{path}}}"}}""");
}
