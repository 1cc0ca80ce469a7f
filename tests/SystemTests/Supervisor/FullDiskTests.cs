using Grpc.Core;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>The disks of shimstackd are full: what cannot be done is refused with that reason, and no exit is lost.</summary>
public sealed class FullDiskTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("full disk below the state: a create is ResourceExhausted, what runs runs on")]
    public Task NoRoomForBundles(string line) => RunAsync(line, "state", async (stage, full) =>
    {
        Container running = await Container.RunAsync(stage, "c1", Sleep);
        Container refused = await Container.RecordAsync(stage, "c2", Sleep);
        Fill(full);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(refused.CreateTaskAsync);
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Contains("disk is full", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Status.Running, (await running.StateAsync()).Status);
        File.Delete(full);
        await refused.CreateTaskAsync();
        await refused.StartAsync();
        await refused.EndAsync();
        await running.EndAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("full disk below the database: the end of a container whose shim dies is told once there is room")]
    public Task NoRoomForAnExit(string line) => RunAsync(line, "root", async (stage, full) =>
    {
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        Task<uint> exit = container.WaitAsync();
        Fill(full);
        await FillDatabaseAsync(stage);
        await stage.LoseShimAsync();
        await Until.TrueAsync(() => File.ReadAllText(stage.Daemon.LogFile).Contains("could not be told", StringComparison.Ordinal), "the disk is full");
        Assert.False(exit.IsCompleted);
        File.Delete(full);
        Assert.Equal(137u, await exit);
        using EventLog log = await EventLog.FollowAsync(stage);
        await log.WaitForAsync(events => events.Any(e => e.Topic == "/tasks/exit"), "the exit");
        Assert.Equal(137u, Assert.Single(log.Events, e => e.Topic == "/tasks/exit").ExitStatus);
        await container.DeleteRecordAsync();
    });

    [Theory, InlineData(DaemonLine.Own), Feature("full disk below the database: a task that its shim has deleted is gone")]
    public Task NoRoomForADelete(string line) => RunAsync(line, "root", async (stage, full) =>
    {
        Container container = await Container.RunAsync(stage, "c1", ["/bin/sh", "-c", "exit 9"]);
        await container.WaitAsync();
        Fill(full);
        await FillDatabaseAsync(stage);
        Assert.Equal(9u, (await stage.Client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = "c1" })).ExitStatus);
        Assert.Empty((await stage.Client.Tasks.ListAsync(new ListTasksRequest())).Tasks);
        File.Delete(full);
        await container.DeleteRecordAsync();
    });

    private static Task RunAsync(string line, string folder, Func<Stage, string, Task> test) => Stage.RunAsync(line, async stage =>
    {
        string mount = Path.Combine(stage.Directory, folder);
        await test(stage, Path.Combine(mount, "full"));
        (await Command.RunAsync("umount", ["-l", mount])).MustSucceed(); // the daemon has its lock in there
    }, new StageSettings
    {
        Prepare = async stage =>
        {
            string mount = Directory.CreateDirectory(Path.Combine(stage.Directory, folder)).FullName;
            (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", mount])).MustSucceed();
        },
    });

    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    // The log of the database has room of its own, from before.
    private static async Task FillDatabaseAsync(Stage stage)
    {
        StatusCode last = StatusCode.OK;
        for (int i = 0; i < 5000 && last == StatusCode.OK; i++)
        {
            try
            {
                await stage.Client.Events.PublishAsync(new Wire.Events.PublishRequest
                {
                    Topic = "/fill",
                    Event = new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "fill", Value = Google.Protobuf.ByteString.CopyFrom(new byte[4000]) },
                });
            }
            catch (RpcException e)
            {
                last = e.StatusCode;
            }
        }

        Assert.Equal(StatusCode.ResourceExhausted, last);
    }
}
